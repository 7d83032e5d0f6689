import { describe, expect, test } from "vitest";
import { parsePolicy } from "./policy-file.js";
import { runPolicyTests } from "./run-tests.js";
import { policyTemplate } from "./template.js";
import { policySubjects } from "./types.js";

describe("a new policy", () => {
	test.each(policySubjects)("for %s can be run as it is, and shows every outcome", (kind) => {
		const { policy, errors } = parsePolicy(policyTemplate("my-own", kind), "my-own.yaml");
		expect(errors).toEqual([]);
		expect(policy).toMatchObject({ id: "my-own", for: kind });
		expect(policy && runPolicyTests([policy])).toMatchObject({ passed: 4, failed: 0, untested: [] });
	});
});
