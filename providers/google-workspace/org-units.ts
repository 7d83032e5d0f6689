import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, word } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { once } from "./memo.js";
import { type Whole, whole } from "./read.js";
import { readScope } from "./scopes.js";

/** The tree of org units. Ids without their `id:`, as the Policy API writes them. */
export interface OrgUnits extends Whole {
	/** Path → id. */
	byPath: Map<string, string>;
	pathOf: Map<string, string>;
	/** Why nothing can be said of it; null = it was read whole. */
	unread: CoverageReason | null;
}

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/orgunits/list Without its type the root is left out. */
export function orgUnits(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted" | "signal">): Promise<OrgUnits> {
	return once(connection, context, "orgunits", async () => {
		const found = await whole(
			connection,
			{
				method: "GET",
				path: "/admin/directory/v1/customer/{customer}/orgunits",
				params: { customer: connection.customer },
				query: { type: "allIncludingParent" },
			},
			{ shape: lists.orgUnits, scope: readScope.orgUnits, signal: context.signal },
		);
		const byPath = new Map<string, string>();
		for (const unit of found.items) {
			const [path, id] = [word(at(unit, "orgUnitPath")), word(at(unit, "orgUnitId"))];
			if (path && id) byPath.set(path, id.replace(/^id:/, ""));
		}
		const short: CoverageReason = {
			cause: "floor",
			detail: "the list of org units lacks the root, which every tenant has: this administrator's role does not see it",
		};
		const unread = found.end.closed ? (byPath.has("/") ? null : short) : (found.end.reasons[0] ?? short);
		return { ...found, byPath, pathOf: new Map([...byPath].map(([path, id]) => [id, path])), unread };
	});
}

/** The unit and those around it, the nearest first. */
export function upwards(path: string): string[] {
	const parts = path.split("/").filter(Boolean);
	return [...parts.map((_, index) => `/${parts.slice(0, parts.length - index).join("/")}`), "/"];
}
