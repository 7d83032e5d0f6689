/** A Pulumi type as the engine knows it. */
export interface ResourceType {
	/** `okta`. */
	package: string;
	/** `policy/signon`; null: the package's provider itself. */
	module: string | null;
	/** `Signon`. */
	name: string;
	/** `okta:policy/signon:Signon`, `pulumi:providers:okta`. */
	token: string;
	/** Written as `okta:policy:Signon` or `okta:Signon`, so that the rest of it is a rule's guess. */
	short: boolean;
}

/**
 * Reads a type as Pulumi YAML does: `okta:policy/signon:Signon`, `okta:policy:Signon`, `azuread:Group`.
 * @returns null for what is no type
 */
export function readType(text: string): ResourceType | null {
	const provider = /^pulumi:providers:([a-z][a-z0-9-]*)$/.exec(text);
	if (provider?.[1]) return { package: provider[1], module: null, name: "Provider", token: text, short: false };
	const [, pkg, module = "index", name] = /^([a-z][a-z0-9-]*):(?:([A-Za-z][\w.-]*(?:\/[\w.-]+)*):)?([A-Za-z]\w*)$/.exec(text) ?? [];
	if (pkg === undefined || name === undefined || pkg === "pulumi") return null;
	const short = !module.includes("/");
	const full = short ? `${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}` : module;
	return { package: pkg, module: full, name, token: `${pkg}:${full}:${name}`, short };
}
