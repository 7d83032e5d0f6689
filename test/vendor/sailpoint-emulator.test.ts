import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, startClient } from "../../providers/sailpoint/emulator/test-client.js";
import { checkAnswer, isOperation, present, versions } from "./test-sailpoint-spec.js";

const LISTS = ["identities?defaultFilter=NONE", "accounts", "accounts?detailLevel=SLIM", "sources", "roles", "access-profiles", "entitlements", "campaigns"];
const MORE = ["campaigns?detail=FULL", "certifications", "task-status", "account-activities", "public-identities"];
const MOST = 30;

/** Reads of one object, by the list its id comes from. */
const singles: Record<string, string[]> = {
	identities: ["/identities/{}", "/identities/{}/ownership", "/identities/{}/role-assignments", "/auth-users/{}", "/entitlements/identities/{}/entitlements"],
	accounts: ["/accounts/{}", "/accounts/{}/entitlements", "/account-usages/{}/summaries"],
	sources: ["/sources/{}", "/sources/{}/source-health"],
	roles: ["/roles/{}", "/roles/{}/assigned-identities"],
	"access-profiles": ["/access-profiles/{}", "/access-profiles/{}/entitlements"],
	entitlements: ["/entitlements/{}", "/entitlements/{}/children", "/entitlements/{}/parents"],
	campaigns: ["/campaigns/{}"],
	certifications: ["/certifications/{}", "/certifications/{}/access-review-items", "/certifications/{}/reviewers", "/certifications/{}/decision-summary"],
	"task-status": ["/task-status/{}"],
};

describe.skipIf(!present).each([
	["from the generator", { users: 80 }],
	["of the company", { acme: true }],
])("answers of the tenant %s", (_, options) => {
	let client: Client;
	beforeAll(async () => {
		client = await startClient(options);
	});
	afterAll(() => client?.tenant.close());

	it.each(versions)("fit the schema of %s in every read", async (version) => {
		const problems: string[] = [];
		let checked = 0;
		async function check(path: string, template: string): Promise<unknown> {
			const { status, body } = await client.get(`/${version}${path}`);
			if (status !== 200) problems.push(`${path} answered ${status}`);
			const found = checkAnswer(version, "GET", template, status, body);
			if (found) checked++;
			else problems.push(`${template} has no schema in ${version}`);
			problems.push(...(found ?? []));
			return body;
		}
		for (const list of [...LISTS, ...MORE]) {
			const template = `/${list.split("?")[0]}`;
			if (!isOperation(version, "GET", template)) continue;
			const rows = (await check(`/${list}`, template)) as { id: string }[];
			for (const single of singles[template.slice(1)] ?? []) {
				if (!isOperation(version, "GET", single)) continue;
				// Certifications have no id in the beta version.
				for (const { id } of rows.slice(0, MOST)) if (id !== undefined) await check(single.replace("{}", id), single);
			}
		}
		const [membership = ""] = client.tenant.truth().memberships;
		const [role, identity] = membership.split("/");
		const [full] = (await check(`/identities/${identity}/role-assignments?roleId=${role}`, "/identities/{}/role-assignments")) as { id: string }[];
		await check(`/identities/${identity}/role-assignments/${full?.id}`, "/identities/{}/role-assignments/{}");
		expect([...new Set(problems)]).toEqual([]);
		expect(checked).toBeGreaterThan(100);
	});

	it.each(versions)("fit the schema of %s in writes and refusals", async (version) => {
		const problems: string[] = [];
		async function write(method: string, path: string, template: string, body?: unknown, status = 202): Promise<void> {
			if (!isOperation(version, method, template)) return;
			const answer = await client.call(method, `/${version}${path}`, body, "act", { "X-SailPoint-Experimental": "true" });
			if (answer.status !== status) problems.push(`${method} ${template} answered ${answer.status} instead of ${status}`);
			problems.push(...(checkAnswer(version, method, template, answer.status, answer.body) ?? []));
		}
		const { body: people } = await client.get("/beta/identities?limit=20");
		const { body: accounts } = await client.get("/beta/accounts?limit=20");
		const [person, account] = [people[5].id, accounts[5].id];
		await write("GET", "/identities/none", "/identities/{}", undefined, 404);
		await write("GET", "/identities?limit=900", "/identities", undefined, 400);
		await write("POST", "/identities/invite", "/identities/invite", { ids: [person] });
		await write("POST", "/identities/process", "/identities/process", { identityIds: [person] });
		await write("POST", `/identities/${person}/synchronize-attributes`, "/identities/{}/synchronize-attributes");
		await write("POST", `/identities/${person}/synchronize-attributes`, "/identities/{}/synchronize-attributes", undefined, 429);
		await write("POST", `/identities/${person}/reset`, "/identities/{}/reset");
		for (const word of ["disable", "enable", "unlock"]) await write("POST", `/accounts/${account}/${word}`, `/accounts/{}/${word}`, {});
		await write("POST", `/identities-accounts/${person}/disable`, "/identities-accounts/{}/disable");
		await write("POST", "/identities-accounts/disable", "/identities-accounts/disable", { identityIds: [person, "none"] }, 207);
		await write("POST", `/accounts/${account}/remove`, "/accounts/{}/remove");
		client.tenant.advance(1000);
		await write("GET", "/task-status", "/task-status", undefined, 200);
		await write("GET", "/account-activities", "/account-activities", undefined, 200);
		const owner = people.find(({ alias }: { alias: string }) => alias === "peter.lang") ?? people[3];
		await write("DELETE", `/identities/${owner.id}`, "/identities/{}", undefined, 400);
		await write("DELETE", `/identities/${people[9].id}`, "/identities/{}", undefined, 204);
		expect(problems).toEqual([]);
		client.tenant.reset();
	});
});
