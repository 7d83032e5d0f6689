import { severities } from "../model/finding.js";
import { collections } from "../model/snapshot.js";
import { notifySchema } from "./schema-notify.js";
import { adopt, date, duration, kindRule, list, member, mode, named, optional, pinned, type Schema, section, subject, text } from "./schema-parts.js";

const systemName: Schema = {
	pattern: "^(?!people$)[a-z][a-z0-9_-]{0,62}$",
	"x-expected": "a name of small letters, digits, - and _, beginning with a letter, and not `people`",
};
const secretBlock = (description: string): Schema => ({ type: "object", description });

const expectation = section("What is expected of one collection.", {
	coverage: text("Least share of the collection that must be readable: `20%`. Worse ends with exit code 3.", { "x-expected": "a percentage such as `20%`" }),
});

const system = section(
	"One connected tenant of a vendor.",
	{
		provider: text("The vendor: a provider's name (`okta`), or the name of a package that holds one.", {
			pattern: "^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9][a-z0-9._-]*$",
			"x-expected": "a provider's name, such as `okta`",
		}),
		url: text("The tenant's address: `https://acme.okta.com`. Never with a user name or password."),
		auth: secretBlock("The reading credential. Its keys are the provider's. Secrets are references: `${env:NAME}`, `${file:path}`."),
		act: optional(secretBlock("The writing credential, needed only where changes are applied. Leave it out to make writes impossible.")),
		options: optional({ type: "object", description: "What else the provider can be told. Its keys are the provider's." }),
		expect: optional(section("Per collection, what is as expected; worse is exit code 3.", Object.fromEntries(collections.map((name) => [name, expectation])))),
		budget: optional(
			section("Limits on reads that cost one request per account.", {
				perAccountRequests: { type: ["integer", "null"], minimum: 0, description: "Most such requests in one scan; empty means no limit." },
				perAccountMaxAge: duration("Age at which such a record is read again although nothing says that it changed. [7d]"),
			}),
		),
	},
	["provider"],
);

const desired = { mode, adopt, name: text("The object's name, for people. It must agree with the live one.") };

const setting = section(
	"One configuration object as it should be.",
	{ ...desired, values: { type: "object", minProperties: 1, description: "The fields to hold, in the provider's words. Fields left out are not looked at." } },
	["values"],
);
const membership = section("Who should be in one group or hold one role.", { ...desired, members: list("The members.", member) }, ["members"]);

const resourceOptions = section("Pulumi resource options.", {
	additionalSecretOutputs: list("Outputs that the state keeps encrypted.", text("An output.")),
	aliases: list("Names the object had before: a name, or `name`, `type`, `parent`, `urn`.", { type: ["string", "object"] }),
	customTimeouts: section("How long an operation may take.", { create: text("`5m`."), update: text("`5m`."), delete: text("`5m`.") }),
	deleteBeforeReplace: { type: "boolean", description: "Delete the old object before its replacement is made. [false]" },
	deletedWith: text("The resource that takes this one with it when it is deleted: `${other}`."),
	dependsOn: list("Resources that must be there before: `${other}`.", text("`${other}`.")),
	envVarMappings: named("Of a provider: its environment variables, by the name they have here.", text("The plugin's variable.")),
	ignoreChanges: list("Properties whose changes are not looked at.", text("A property's path.")),
	import: text("The vendor's id of an object that exists, to be taken over."),
	parent: text("The resource that this one belongs to: `${other}`."),
	pluginDownloadURL: text("Where the plugin comes from."),
	protect: { type: "boolean", description: "Never delete the object. [false]" },
	provider: text("A provider declared here: `${other}`. Without it: the system's."),
	replaceOnChanges: list("Properties whose change needs a new object.", text("A property's path.")),
	retainOnDelete: { type: "boolean", description: "Leave the object at the vendor when its entry is removed. [false]" },
	version: text("The plugin's version."),
});

const resource = section(
	"One object whose whole life Pulumi manages.",
	{
		type: text("The Pulumi type: `okta:policy/signon:Signon`."),
		name: text("The resource's name in Pulumi's state, where it isn't the key."),
		system: text("The system it belongs to, where several are of its vendor."),
		properties: optional({ type: "object", description: "Its inputs. `${other.prop}` refers to another resource." }),
		options: optional(resourceOptions),
		get: optional(
			section(
				"Reads an existing object instead of making one.",
				{ id: text("The vendor's id."), state: { type: "object", description: "What else finds it." } },
				["id"],
			),
		),
		defaultProvider: { type: "boolean", description: "Of a provider: whether resources of its package without one of their own use it. [false]" },
	},
	["type"],
);

const freeze = section(
	"No writes in this time.",
	{
		from: date("The first moment. A date alone is the beginning of that day, UTC."),
		to: date("The last moment. A date alone is the end of that day, UTC."),
		reason: text("Why."),
	},
	["from", "to"],
);

const guardrails = section("Limits that are enforced where a write happens. All are on by default.", {
	maxAccounts: { type: "integer", minimum: 0, description: "Accounts that may be touched in the window. [5]" },
	maxPercent: {
		type: ["number", "string"],
		minimum: 0,
		maximum: 100,
		description: "Share of a system's enabled accounts that may be touched in the window, in percent; one account is always allowed by it. [2]",
	},
	approvals: {
		type: "integer",
		minimum: 0,
		maximum: 20,
		description: "People who must have approved the pull request that brought a plan file, its author not among them. [0]",
	},
	maxSettings: { type: "integer", minimum: 0, description: "Settings that may be changed in the window. [3]" },
	window: duration("The rolling window. [24h]"),
	keepAdmins: { type: "integer", minimum: 1, description: "Administrators who must provably still get in after a change. [2]" },
	protect: list("Accounts that are never changed.", pinned),
	maxPlanAge: duration("Older plans are refused. [7d]"),
	maxSnapshotAge: duration("A plan made from an older snapshot is refused. [15m]"),
	freeze: list("Times in which nothing is written.", freeze),
});

const policySetting = section("What differs from the policy's own file.", {
	enabled: { type: "boolean", description: "`false` switches the policy off. [true]" },
	severity: { enum: [...severities], description: "Another severity." },
	params: optional({ type: "object", description: "The policy's parameters." }),
});

const exemption = section(
	"One subject that may fail one policy for a time.",
	{
		policy: text("The policy's id."),
		subject,
		owner: text("Who answers for it: an address or a team."),
		reason: text("Why. Shown in every report."),
		ticket: text("The ticket it was agreed in."),
		expires: date("The last day, UTC. After it the finding is open again."),
		compensatedBy: text(
			"Another policy's id, for subjects of the same kind. It must pass for the same subject: while it fails, or is unknown, the exemption does not hold.",
		),
	},
	["policy", "subject", "owner", "reason", "expires"],
);

const personLink = section(
	"Accounts that belong to one person.",
	{
		accounts: list("The accounts, two or more.", pinned, { minItems: 2 }),
		apart: { type: "boolean", description: "`true`: they belong to different people, whatever they have in common. [false]" },
		reason: text("How this is known. Shown with the link."),
	},
	["accounts", "reason"],
);

const kinds = {
	service: "Service principals.",
	shared: "Accounts used by several people.",
	agent: "Software agents that act for people.",
	external: "Guests and partners.",
	leavers: "People who have left.",
};

/** JSON Schema (2020-12) of a stack file. Systems' `auth`, `act` and `options` are the provider's: see `Provider.configSchema`. */
export const stackSchema: Schema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	title: "Keelson stack file",
	...section(
		"What one organisation's identity systems should look like.",
		{
			name: text("The stack's name.", { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", "x-expected": "a name of letters, digits, - _ and ." }),
			store: text(
				"Where snapshots and the journal live: `sqlite:<path>`, `postgres://<user>@<host>/<database>`, or a reference to one: `${env:NAME}`, `${file:path}`. [sqlite:.keelson/<name>.db]",
				{
					pattern: "^(sqlite:.|postgres(ql)?://.|\\$\\{)",
					"x-expected": "`sqlite:<path>` or `postgres://…`",
				},
			),
			systems: { ...named("The connected tenants, by a name of your choice.", system, systemName), minProperties: 1 },
			people: optional(
				section("Who is what, where the systems do not say it.", {
					breakGlass: optional(list("Emergency accounts: exempt from most policies, never changed, watched.", pinned)),
					...Object.fromEntries(Object.entries(kinds).map(([kind, description]) => [kind, optional(list(description, kindRule))])),
					links: optional(list("Accounts of one person, or of different ones, where the systems' own evidence does not say it.", personLink)),
				}),
			),
			policies: optional(
				section("Which policies judge this stack.", {
					use: optional(list("Packs and policies, by id. [recommended]", text("The id of a pack or a policy."), { uniqueItems: true })),
					dirs: optional(list("Folders with policies of your own.", text("A folder."))),
					set: optional(named("Per policy, what differs from its file.", policySetting)),
				}),
			),
			exemptions: optional(list("Findings that are accepted for a time.", exemption)),
			baseline: text("File of the findings that were accepted so that a team can start: `stacks/keelson.baseline.yaml`. `keelson baseline` writes it."),
			settings: optional(named("Objects that exist already, by `<system>/<setting id>`: checked, and mended where the mode allows.", setting)),
			memberships: optional(named("Groups and roles, by `<system>/group/<id>` or `<system>/role/<role>`.", membership)),
			resources: optional(named("Objects managed for their whole life through the vendor's Pulumi provider, in Pulumi YAML's grammar.", resource)),
			remediation: optional(
				section("How changes are made.", {
					plans: text("Folder of the approved plan files. [plans]"),
					receipts: text("Folder of the receipts of what was applied. [.keelson/receipts]"),
					names: {
						type: "boolean",
						description: "Whether plan files hold logins and names; else they hold immutable ids, and commands resolve them when they show a plan. [true]",
					},
					guardrails: optional(guardrails),
				}),
			),
			retention: optional(
				section(
					"How long the store keeps what is over. What is not named is kept.",
					Object.fromEntries(
						[...collections, "findings"].map((name) => [
							name,
							duration(name === "findings" ? "Findings, since they were fixed." : "Values, since they were no longer true."),
						]),
					),
				),
			),
			notify: notifySchema,
		},
		["name", "systems"],
	),
};
