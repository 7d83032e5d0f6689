import { joinAccounts } from "../../src/assess/accounts.js";
import type { AssessInput } from "../../src/assess/assess.js";
import { peopleRules } from "../../src/assess/people.js";
import { indexRoles } from "../../src/assess/roles.js";
import { openSnapshot } from "../../src/assess/snapshot.js";
import { stackOf } from "../../src/assess/test-tenant.js";
import type { Fault } from "../../src/emulate/knobs.js";
import { type Scanned, testNow } from "./test-tenant.js";

/** What every policy says of every account: `<policy> <account>` → outcome. */
export type Outcomes = Map<string, string>;

export async function outcomesOf(read: Scanned, input: Pick<AssessInput, "policies" | "compile">): Promise<Outcomes> {
	const snapshot = openSnapshot(read.store, read.scan);
	const people = peopleRules(
		stackOf({ people: { breakGlass: [], service: [], shared: [], agent: [], external: [], leavers: [], links: [] } }),
		"tenant",
		input.compile,
	);
	const outcomes: Outcomes = new Map();
	for await (const batch of joinAccounts({ snapshot, roles: await indexRoles(snapshot), people, withGroups: false, now: testNow }))
		for (const { account } of batch)
			for (const { policy, judge } of input.policies) if (policy.for === "account") outcomes.set(`${policy.id} ${account.id}`, judge(account, testNow));
	return outcomes;
}

/** Verdicts that say the opposite of the truth; one that is missing or unknown is none. */
export function contradictions(outcomes: Outcomes, truth: Outcomes): string[] {
	const firm = new Set(["pass", "fail"]);
	return [...outcomes]
		.filter(([key, outcome]) => firm.has(outcome) && firm.has(truth.get(key) ?? "") && truth.get(key) !== outcome)
		.map(([key, outcome]) => `${key}: ${outcome}, in truth ${truth.get(key)}`);
}

const get = { method: "GET" } as const;
/** Some requests, the same at every run: by the letters in their address. */
const some = { path: /[5vq][a-z0-9]?(\/|\?|$)/i, after: 1 } as const;

/** What a read of any vendor can meet, each hitting some requests of a scan. */
export const faults: Record<string, Fault> = {
	"too many requests, seconds": { do: "throttle", retryAfterSeconds: 2, after: 2, times: 2 },
	"too many requests, a date": { do: "throttle", retryAfterSeconds: 2, retryAfterForm: "date", after: 3, times: 2 },
	"too many requests, no word how long": { do: "throttle", after: 3, times: 2 },
	"500 now and then": { do: "status", status: 500, after: 2, times: 2 },
	"503 with a page of HTML": { do: "status", status: 503, body: "<html>busy</html>", contentType: "text/html", after: 3, times: 2 },
	"502 without a body": { do: "status", status: 502, body: "", after: 4, times: 1 },
	"cut before the headers": { do: "cut", at: "before-headers", after: 2, times: 2 },
	"cut in the body": { do: "cut", at: "mid-body", after: 3, times: 2 },
	"500 for ever, on some": { ...get, ...some, do: "status", status: 500 },
	"404 on some": { ...get, ...some, do: "status", status: 404 },
	"403 on some": { ...get, ...some, do: "status", status: 403 },
	"401 once": { ...get, do: "status", status: 401, after: 2, times: 1 },
	"200 with HTML": { ...get, do: "status", status: 200, body: "<html>sign in</html>", contentType: "text/html", after: 2, times: 1 },
	"200 with an empty object": { ...get, ...some, do: "status", status: 200, body: {} },
	"cursor expired once": { do: "expired-cursor", times: 1 },
	"cursors always expired": { do: "expired-cursor" },
	"page served again": { do: "repeat-page", how: "again", times: 2 },
	"pages in a loop": { do: "repeat-page", how: "loop" },
	"empty page with a next one": { do: "empty-page", times: 2, after: 1 },
	"next link to another origin": { do: "foreign-next", origin: "https://evil.example" },
	"item that is null": { ...get, do: "spoil", how: "null-item", index: 0 },
	"item without id": { ...get, do: "spoil", how: "missing-id", index: 1 },
	"item twice": { ...get, do: "spoil", how: "duplicate-item", index: 0 },
	"words nobody knows": { ...get, do: "spoil", how: "unknown-enum", after: 1 },
	"dates that are none": { ...get, do: "spoil", how: "bad-date", after: 1 },
	"a field missing": { ...get, do: "spoil", how: "missing-field", index: 0 },
};

/** Those that pass by themselves: whoever waits or asks again misses nothing. */
export const passing = [
	"too many requests, seconds",
	"too many requests, a date",
	"too many requests, no word how long",
	"500 now and then",
	"503 with a page of HTML",
	"502 without a body",
	"cut before the headers",
	"cut in the body",
	"cursor expired once",
	"page served again",
];
