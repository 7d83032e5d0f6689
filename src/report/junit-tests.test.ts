import { expect, test } from "vitest";
import { renderTestJunit } from "./junit-tests.js";

const base = { policy: "unused", file: "/repo/policies/unused.yaml", line: 7, expected: "fail", actual: "pass" } as const;

test("tests of policies as JUnit: a suite for each policy, what failed with its place, each case under a name of its own", () => {
	const results = [
		{ ...base, name: "in use & well", ok: true },
		{ ...base, name: "the gap", line: 9, ok: false, problem: 'expected fail, got pass <"&">' },
		{ ...base, name: "the gap", line: 11, ok: true },
		{ ...base, policy: "other", name: "the gap", ok: true },
	];
	const xml = renderTestJunit({ results }, "/repo");
	expect(xml).toContain('<testsuites name="keelson policy test" tests="4" failures="1"');
	expect([...xml.matchAll(/<testsuite name="(\w+)" tests="(\d)" failures="(\d)"/g)].map(([, ...found]) => found)).toEqual([
		["unused", "3", "1"],
		["other", "1", "0"],
	]);
	expect([...xml.matchAll(/<testcase classname="\w+" name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
		"in use &amp; well",
		"the gap",
		"the gap (2)",
		"the gap",
	]);
	expect(xml).toContain('file="policies/unused.yaml" line="9"');
	expect(xml).toContain('message="expected fail, got pass &lt;&quot;&amp;&quot;&gt;">policies/unused.yaml:9: expected fail, got pass');
	expect(xml.match(/<failure /g)).toHaveLength(1);
});
