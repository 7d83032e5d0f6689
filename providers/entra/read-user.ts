import type { SignIns } from "./read-activity.js";
import { type Domains, decodeUser, userProperties } from "./schema-account.js";

export const userQuery = { $select: userProperties.join(","), $expand: "manager($select=id)" };

/** What decoding a user needs beside the user. */
export interface Beside {
	domains: Domains | null;
	signs: SignIns;
}

export function decode(item: unknown, { domains, signs }: Beside) {
	const id = typeof item === "object" && item !== null && "id" in item ? String(item.id) : "";
	return decodeUser(item, domains, signs.found.get(id));
}
