import type { SailPointConnection } from "./connection.js";

/** The versioned path of a call of the identities API. */
export function identities({ config }: SailPointConnection, rest = ""): string {
	return `/${config.options.identities === "beta" ? "beta" : "v2026"}/identities${rest}`;
}
