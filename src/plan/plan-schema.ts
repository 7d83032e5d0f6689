import { actionKinds } from "../provider/action.js";

const text = { type: "string" };
const id = { type: "string", minLength: 1 };
const time = { type: "string", format: "date-time" };
const count = { type: "integer", minimum: 0 };
const countOrNull = { type: ["integer", "null"], minimum: 0 };
const points = { type: ["number", "null"], minimum: 0, maximum: 100 };
const object = (properties: Record<string, object>, optional: string[] = [], description?: string) => ({
	type: "object",
	additionalProperties: false,
	required: Object.keys(properties).filter((key) => !optional.includes(key)),
	properties,
	...(description ? { description } : {}),
});
const list = (items: object, description?: string) => ({ type: "array", items, ...(description ? { description } : {}) });

const target = object(
	{
		account: id,
		group: id,
		assignment: id,
		role: id,
		scope: id,
		credential: id,
		authenticator: id,
		app: id,
		ticket: id,
		setting: id,
		values: { type: "object" },
		tell: { enum: ["person", "manager", "owner"] },
	},
	["account", "group", "assignment", "role", "scope", "credential", "authenticator", "app", "ticket", "setting", "values", "tell"],
	"Immutable ids of the vendor.",
);
const kind = { enum: [...actionKinds] };
const evidence = object(
	{ field: text, value: {}, unknown: { const: true }, observedAt: { anyOf: [time, { type: "null" }] }, call: text, requestId: { type: ["string", "null"] } },
	["value", "unknown"],
);
const finding = object(
	{
		message: text,
		policy: id,
		id,
		baseline: { const: true, description: "Accepted in the baseline, and asked for by its id all the same." },
		evidence: list(evidence),
	},
	["baseline"],
);
const action = object(
	{
		label: { ...text, description: "For the reader; nothing is found by it." },
		findings: list(finding, "The findings it answers."),
		effect: text,
		reversible: { type: "boolean" },
		system: id,
		kind,
		target,
		precondition: { type: "object", description: "Facts that must still hold right before the call." },
		inverse: { anyOf: [object({ kind, target }), { type: "null" }] },
		after: list(id, "Actions that must have held before."),
		id,
	},
	[],
);

/** JSON Schema (2020-12) of a plan file, as it is written. Times are RFC 3339. */
export const planSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://keelson.dev/schema/plan.json",
	title: "Keelson plan",
	...object(
		{
			schema: { const: "keelson.dev/plan/v1" },
			tenant: id,
			created: time,
			digest: { type: "string", pattern: "^[0-9a-f]{64}$", description: "sha-256 of the canonical plan without this field: what approval is given to." },
			undoes: { type: "string", pattern: "^[0-9a-f]{64}$", description: "Digest of the plan whose changes this one takes back." },
			operator: { const: true, description: "A person's own actions: applied with --operator only." },
			declared: { const: true, description: "What the stack file declares under settings and memberships; no action answers a finding." },
			blast: object(
				{
					accounts: count,
					privilegedAccounts: count,
					irreversible: count,
					byKind: { type: "object", propertyNames: kind, additionalProperties: count },
					bySystem: { type: "object", additionalProperties: object({ accounts: count, enabledAccounts: countOrNull }) },
					groups: list(
						object({ system: id, group: id, name: text, members: countOrNull, privileged: countOrNull }),
						"Groups whose every member an action touches; null: can't be said.",
					),
					settings: list(
						object({ system: id, setting: id, name: text, for: { anyOf: [{ const: "everyone" }, countOrNull] } }),
						"Settings that are changed, and how many accounts each is for; null: can't be said.",
					),
				},
				["groups", "settings"],
			),
			score: object({ before: points, after: points, accounts: list(object({ label: text, before: points, after: points, key: id })) }),
			actions: list(action),
			notPlanned: list(object({ label: text, policy: text, why: text, finding: text })),
			basis: object({ scans: { type: "object", additionalProperties: object({ id: count, finished: time }) }, stack: text, policies: text }),
		},
		["undoes", "operator", "declared"],
	),
};
