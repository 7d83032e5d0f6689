/** A vendor's own Pulumi package, and how one system of a stack file becomes a provider of it. As `providers/<id>/pulumi.ts` exports it by the name `pulumiPackage`. */
export interface PulumiPackage {
	/** The first part of its types: `okta`. */
	name: string;
	/** The npm package in the user's project. */
	module: string;
	/** The command that puts it there. */
	install: string;
	/** @param types the types of the resources that the system has, in full */
	provider(system: PulumiSystem, types: string[]): PulumiProvider | PulumiProblem;
}

/** What a stack file says of a system. */
export interface PulumiSystem {
	url: string;
	/** The system's `act`, or with `reads` its `auth`. Values may be secret references. */
	credential: Record<string, unknown>;
	/** A pull request's preview: the credential reads, and no scope that writes may be asked for. */
	reads?: true;
	options: Record<string, unknown>;
}

/** A vendor's provider without a secret: what it is told, and which of our environment variables it sees by which name. */
export interface PulumiProvider {
	config: Record<string, unknown>;
	/** Our variable → the plugin's. The value never enters the engine's state. */
	env: Record<string, string>;
}

/** Why a system can't be a provider. `at`: the field of the credential that it hangs on. */
export interface PulumiProblem {
	problem: string;
	hint: string;
	at: string | null;
}

/** A field of a credential for a plugin: a secret by the environment, or plain text. A file's content can't be handed on without entering the state. */
export type Credential = { env: string } | { text: string } | { problem: PulumiProblem };

export function credentialOf(credential: Record<string, unknown>, field: string): Credential | null {
	const value = credential[field];
	if (value === undefined || value === null) return null;
	if (typeof value === "string") return { text: value };
	if (typeof value === "object" && "secret" in value && "name" in value) {
		if (value.secret === "env" && typeof value.name === "string") return { env: value.name };
		return {
			problem: {
				problem: `the vendor's Pulumi plugin can't be given \`${field}\` from a file`,
				hint: "for a system with resources write ${env:NAME}",
				at: field,
			},
		};
	}
	return null;
}

/** Fields of a credential as a provider takes them: a text as an input, a reference as an environment variable. */
export function provided(
	credential: Record<string, unknown>,
	fields: Record<string, { input: string | null; env: string | null }>,
): PulumiProvider | PulumiProblem {
	const made: PulumiProvider = { config: {}, env: {} };
	for (const [field, { input, env }] of Object.entries(fields)) {
		const found = credentialOf(credential, field);
		if (found === null) continue;
		if ("problem" in found) return found.problem;
		if ("env" in found && env === null)
			return { problem: `the vendor's Pulumi plugin takes \`${field}\` as plain text only`, hint: "it is no secret: write it out", at: field };
		if ("env" in found) made.env[found.env] = env ?? "";
		else if (input === null) return { problem: `\`${field}\` is a secret`, hint: "write ${env:NAME}", at: field };
		else made.config[input] = found.text;
	}
	return made;
}
