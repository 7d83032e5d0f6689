/** A JSON Schema (2020-12) as plain data. `x-expected` says for people what a field wants. */
export type Schema = Record<string, unknown>;

/** Text, described. */
export function text(description: string, more: Schema = {}): Schema {
	return { type: "string", minLength: 1, description, ...more };
}

/** A mapping of which every key is known. */
export function section(description: string, properties: Record<string, Schema>, required: string[] = [], more: Schema = {}): Schema {
	return { type: "object", description, properties, additionalProperties: false, ...(required.length > 0 && { required }), ...more };
}

/** As `schema`, but an empty section (`exemptions:` and nothing after it) is as good as none. */
export function optional(schema: Schema): Schema {
	return { ...schema, type: [schema.type, "null"] };
}

export function list(description: string, items: Schema, more: Schema = {}): Schema {
	return { type: "array", description, items, ...more };
}

/** A mapping whose keys the user chooses. */
export function named(description: string, values: Schema, keys: Schema = {}): Schema {
	return { type: "object", description, propertyNames: { minLength: 1, ...keys }, additionalProperties: values };
}

export function duration(description: string): Schema {
	return text(`${description} A duration: \`7d\`, \`24h\`, \`15m\`, \`90s\`, \`P7D\`.`, { "x-expected": "a duration such as `7d`, `24h`, `15m`" });
}

export function date(description: string): Schema {
	return text(description, { "x-expected": "a date such as `2027-01-31`, or an RFC 3339 time such as `2027-01-31T17:00Z`" });
}

const idSchema = text("The vendor's immutable id. `keelson pin` writes it, where it is left out or empty.", {
	type: ["string", "null"],
	pattern: "^[^\\s@]+$",
	"x-expected": "the vendor's immutable id, and no login or e-mail address",
});

const loginSchema = text("The login with the system's name before it: `okta/ana@acme.example`. For reading; the id decides.");

export const pinned = section("One account, by login for people and by id for Keelson.", { login: loginSchema, id: idSchema }, ["login"]);

export const kindRule = section(
	"Accounts of this kind: all for which a condition holds, or one by login.",
	{
		where: text("A CEL condition over `account`: `account.login.startsWith('svc-')`."),
		login: loginSchema,
		id: idSchema,
		reason: text("Why these accounts are of this kind. Shown wherever the kind matters."),
	},
	["reason"],
	{ oneOf: [{ required: ["where"] }, { required: ["login"] }] },
);

export const subject = section(
	"Whom the exemption covers, and nobody else.",
	{
		login: loginSchema,
		id: idSchema,
		key: text(
			"The subject's key, `<system>/<immutable id>`, where it has no login: an app, a group, a credential, a setting. Of a system as a whole its name.",
			{
				pattern: "^[^/\\s]+(/\\S.*)?$",
				"x-expected": "`<system>/<immutable id>`, or the name of a system",
			},
		),
	},
	[],
	{ oneOf: [{ required: ["login"] }, { required: ["key"] }] },
);

export const member = section(
	"One member.",
	{
		login: text("The login in this system, without the system's name. For reading; the id decides.", { pattern: "\\S" }),
		id: idSchema,
		until: date("When the membership ends. A date alone means the end of that day, UTC."),
		endBy: {
			enum: ["vendor", "keelson"],
			description:
				"Who ends it. `vendor`: the vendor by its own clock, or the access is not given. `keelson`: `keelson expire`. Left out: the vendor where it can, else `keelson expire`.",
		},
		reason: text("Why this account is a member."),
	},
	["login"],
);

export const mode: Schema = {
	enum: ["authoritative", "additive", "observe"],
	description: "`authoritative`: exactly this. `additive`: at least this. `observe`: report differences only (the default). Changing the mode never deletes.",
};

export const adopt = text("Digest of the difference between this file and the live object that is taken over with open eyes; `keelson import` writes it.");
