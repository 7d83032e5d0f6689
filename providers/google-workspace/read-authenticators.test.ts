import { afterEach, describe, expect, it } from "vitest";
import type { Authenticator } from "../../src/model/account.js";
import type { KnownList } from "../../src/model/known.js";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import { readScope } from "./scopes.js";
import { type Answers, admin, base, memoryStore, type PathServer, refusal, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const row = (id: string, enrolled: boolean, keys: number, passkeys = 0) => ({
	entity: { profileId: id },
	parameters: [
		{ name: "accounts:is_2sv_enrolled", boolValue: enrolled },
		{ name: "accounts:num_security_keys", intValue: String(keys) },
		{ name: "accounts:num_passkeys_enrolled", intValue: String(passkeys) },
	],
});
const report = (...usageReports: object[]) => ({ kind: "admin#reports#usageReports", usageReports });
const day = (date: string) => `/admin/reports/v1/usage/users/all/dates/${date}`;
const enrolled = { isEnrolledIn2Sv: true };

async function read(reports: Answers, users: object[], without?: string) {
	tenant = await servePaths({ ...base([admin, ...users]), ...reports });
	if (without) tenant.undelegated.add(without);
	const scan = await scanTenant(tenant, await memoryStore(), ["accounts", "authenticators"]);
	const records = await scan.records("authenticators");
	return {
		coverage: scan.coverage.authenticators,
		of: Object.fromEntries(records.map(({ id, body }) => [id, (body as AuthenticatorsBody).items as KnownList<Authenticator>])),
	};
}

describe("second factors", () => {
	const users = [user("key", enrolled), user("passkey", enrolled), user("some", enrolled), user("none"), user("gone", { suspended: true })];
	const rows = [row("me", false, 0), row("key", true, 2), row("passkey", true, 0, 1), row("some", true, 0), row("none", false, 0)];

	it("are keys and passkeys by the report; enrolled by something else is neither weak nor strong", async () => {
		const { coverage, of } = await read({ [day("2025-12-30")]: report(...rows) }, users);
		expect(coverage).toMatchObject({ state: "complete", eligible: 5 });
		expect(of.key).toMatchObject([{ type: "security-key", strength: "phishing-resistant" }]);
		expect(of.passkey).toMatchObject([{ type: "passkey", strength: "phishing-resistant" }]);
		expect(of.some).toMatchObject([{ strength: "unknown" }]);
		expect(of.some).not.toHaveProperty("partial");
		expect(of.none).toEqual([]);
		expect(of).not.toHaveProperty("gone");
	});

	it("come from the newest day that is there and whole: too new and partial days are stepped back from", async () => {
		const warned = { ...report(row("key", true, 0)), warnings: [{ code: "PARTIAL_DATA_AVAILABLE", data: [{ key: "application", value: "accounts" }] }] };
		const { coverage, of } = await read(
			{
				[day("2025-12-30")]: () => refusal(400, "invalid", "Data for dates later than 2025-12-29 is not yet available."),
				[day("2025-12-29")]: warned,
				[day("2025-12-28")]: report(...rows),
			},
			users,
		);
		expect(coverage?.state).toBe("complete");
		expect(of.key).toMatchObject([{ type: "security-key" }]);
	});

	it("are at least one of unknown kind where there is no report, and perhaps more", async () => {
		const reports = Object.fromEntries(["30", "29", "28", "27", "26", "25", "24"].map((one) => [day(`2025-12-${one}`), () => refusal(400, "invalid")]));
		const { coverage, of } = await read(reports, users);
		expect(coverage?.state).toBe("partial");
		expect(of.key?.[0]?.strength).toBe("unknown");
		expect(of.key?.partial).toBe(true);
		expect(of.none).toEqual([]);
	});

	it("are not told by a report of before the last enrolment", async () => {
		const { of } = await read({ [day("2025-12-30")]: report(...rows.slice(1), row("late", false, 0)) }, [...users, user("late", enrolled)]);
		expect(of.late?.partial).toBe(true);
	});

	it("name the scope of the report", async () => {
		const { coverage } = await read({}, users, readScope.usage);
		expect(coverage).toMatchObject({ state: "partial", reasons: [{ cause: "scope", scope: readScope.usage }] });
	});
});
