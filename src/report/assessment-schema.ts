import { severities } from "../model/finding.js";
import { collections } from "../model/snapshot.js";
import { assessmentFormat } from "./json.js";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const count = { type: "integer", minimum: 0 } as const;
const time = { type: "string", format: "date-time" } as const;
const timeOrNull = { type: ["string", "null"], format: "date-time" } as const;
const share = (maximum: number, description: string) => ({ type: ["number", "null"], minimum: 0, maximum, description }) as const;
const list = (items: object) => ({ type: "array", items }) as const;
const oneOf = (words: readonly string[]) => ({ enum: [...words] }) as const;
const bandWords = ["low", "medium", "high", "critical", "unknown"] as const;

/** An object whose keys are all there but the `optional` ones; later versions of Keelson may add keys. */
function record(properties: Record<string, object>, optional: string[] = []) {
	return { type: "object", required: Object.keys(properties).filter((key) => !optional.includes(key)), properties } as const;
}

const coverage = record({
	collection: oneOf(collections),
	state: { ...oneOf(["complete", "partial", "unreadable"]), description: "complete only after the vendor said that the list ended" },
	known: { ...count, description: "records read, or still known to be true" },
	eligible: { type: ["integer", "null"], minimum: 0, description: "how many there should be; null when it cannot be said" },
	unseen: { ...count, description: "records in the store that a partial read did not meet: nothing is believed of them" },
	requests: count,
	reasons: list(
		record(
			{
				cause: oneOf(["scope", "role", "licence", "throttled", "cut-off", "budget", "floor", "quarantine", "depends", "unsupported", "interrupted", "error"]),
				detail: text,
				scope: { ...text, description: "the scope whose grant would mend it" },
				requestId: text,
			},
			["scope", "requestId"],
		),
	),
});

const system = record({
	system: text,
	provider: text,
	scan: count,
	started: time,
	finished: timeOrNull,
	interrupted: flag,
	requests: count,
	accounts: count,
	enabledAccounts: { ...count, description: "accounts that can sign in" },
	coverage: list(coverage),
});

const policy = record(
	{
		policy: text,
		title: text,
		severity: oneOf(severities),
		cause: text,
		why: text,
		pass: count,
		fail: count,
		unknown: { ...count, description: "subjects without the data to judge them: neither pass nor fail" },
		review: count,
		excepted: { ...count, description: "failures under a live exemption" },
		notApplicable: count,
		weight: record({
			pass: { type: "number" },
			fail: { type: "number" },
			unknown: { type: "number" },
			excepted: { type: "number" },
		}),
		unknownFields: { type: "object", additionalProperties: count, description: "field → subjects that are unknown for lack of it" },
	},
	["why"],
);

const account = record(
	{
		key: { ...text, description: "<system>/<the vendor's immutable id>" },
		label: text,
		kind: text,
		privileged: { type: ["boolean", "null"], description: "null: unknown" },
		breakGlass: flag,
		advice: text,
		risk: record({
			score: { type: ["number", "null"], minimum: 0, maximum: 100, description: "null: nothing known" },
			scoreMax: { type: "number", minimum: 0, maximum: 100, description: "were every unknown a failure" },
			band: oneOf(bandWords),
			bandMax: oneOf(bandWords),
			contributions: list(record({ source: oneOf(["finding", "exposure"]), id: text, label: text, points: { type: "number" } })),
			unknownPolicies: count,
			evaluatedPolicies: count,
		}),
		exposure: {
			...record({ topPrivilege: flag, privilege: flag, external: flag, reachableAnywhere: flag, dormant: flag }, [
				"topPrivilege",
				"privilege",
				"external",
				"reachableAnywhere",
				"dormant",
			]),
			description: "a missing key is unknown",
		},
		findings: list(text),
		unknownPolicies: list(text),
	},
	["breakGlass"],
);

const finding = record(
	{
		id: { ...text, description: "stable over renames and scans" },
		policy: text,
		title: text,
		severity: oneOf(severities),
		cause: text,
		outcome: oneOf(["fail", "review", "excepted"]),
		state: oneOf(["new", "open", "fixed", "reopened"]),
		system: text,
		subject: record({ kind: oneOf(["account", "person", "credential", "device", "group", "app", "setting", "system", "managed"]), key: text, label: text }),
		message: text,
		firstSeen: time,
		lastSeen: time,
		exemption: record(
			{
				owner: text,
				reason: text,
				ticket: text,
				expires: text,
				source: { ...oneOf(["stack", "baseline"]), description: "agreed on by itself in the stack file, or accepted with the baseline" },
				compensatedBy: { ...text, description: "policy that passes for the same subject, without which the exemption would not hold" },
			},
			["ticket", "compensatedBy"],
		),
		withheld: {
			...record({ compensatedBy: text, outcome: oneOf(["fail", "unknown", "review", "not-applicable", "not-in-force"]), expires: text }),
			description: "an exemption names this failure, and does not hold: of the policy that compensates, what became of it for the same subject",
		},
		remediation: list(text),
		controls: list(text),
		evidence: list(
			record(
				{
					field: text,
					value: { description: 'any JSON value; a missing key is unknown; a list that may lack elements is { "$partial": [ … ] }' },
					unknown: { const: true },
					observedAt: timeOrNull,
					call: text,
					requestId: { type: ["string", "null"] },
				},
				["value", "unknown"],
			),
		),
	},
	["exemption", "withheld"],
);

/** JSON Schema 2020-12 of what `renderJson` writes; published as `schema/assessment.json`. */
export const assessmentSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://keelson.dev/schema/assessment.json",
	title: "Keelson assessment",
	description: "What one run of keelson scan, check or report found out. Times are RFC 3339 in UTC.",
	...record(
		{
			schema: { const: assessmentFormat },
			tenant: text,
			at: { ...time, description: "time of the newest scan: the now of every policy" },
			policyDigest: { ...text, description: "sha-256 over policies and parameters: only runs with the same one are compared" },
			posture: record({
				posture: share(100, "higher is better; null: nothing known, or nothing applies"),
				postureMax: share(100, "were every unknown a pass"),
				coverage: share(1, "known of what applies"),
				cappedBy: { type: ["string", "null"], description: "policy whose open failure holds posture down" },
			}),
			bands: { ...record(Object.fromEntries(bandWords.map((word) => [word, count]))), description: "accounts by risk" },
			trend: list(record({ at: time, posture: share(100, "null: nothing known"), comparable: flag })),
			baseline: {
				...record({
					accepted: { ...count, description: "still there, and excepted" },
					ended: { ...count, description: "still there, and open again: their time is over" },
					fixed: { ...count, description: "not there any more" },
					unknown: { ...count, description: "data is missing" },
				}),
				description: "findings that the baseline names; a missing key: the stack file names none",
			},
			systems: list(system),
			problems: list(record({ path: text, line: { type: ["integer", "null"] }, message: text, blocksWrites: flag })),
			policies: list(policy),
			accounts: { ...list(account), description: "all accounts with a finding, and up to 10,000 others with an unknown check, worst first" },
			accountsLeftOut: { ...count, description: "further accounts with an unknown check and no finding; a missing key is none" },
			findings: { ...list(finding), description: "open findings, worst first, and those fixed since the run before" },
		},
		["accountsLeftOut", "baseline"],
	),
} as const;
