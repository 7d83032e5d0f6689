import { hostname, userInfo } from "node:os";

/** `ana@build-7`: who runs this, and where, for the journal and the tenant's lease. */
export function runner(): string {
	return `${userName()}@${hostname()}`;
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		// A container's user may have no name.
		return "unknown";
	}
}
