import type { TrendPoint } from "../store.js";
import type { Database } from "./database.js";
import { toText } from "./text.js";

export async function saveTrend(database: Database, point: TrendPoint): Promise<void> {
	const { tenant, at, ...body } = point;
	await database.write((tx) =>
		tx
			.insertInto("trend")
			.values({ tenant: toText(tenant), at, body: JSON.stringify(body) })
			.execute(),
	);
}

/** The newest `limit` points [all], oldest first. */
export function readTrend(database: Database, tenant: string, limit?: number): Promise<TrendPoint[]> {
	return database.read(async (tx) => {
		const rows = await tx
			.selectFrom("trend")
			.select(["at", "body"])
			.where("tenant", "=", toText(tenant))
			.orderBy("at", "desc")
			.orderBy("id", "desc")
			.$if(limit !== undefined, (query) => query.limit(limit ?? 0))
			.execute();
		return rows.reverse().map(({ at, body }) => {
			const rest: Omit<TrendPoint, "tenant" | "at"> = JSON.parse(body);
			return { tenant, at, ...rest };
		});
	});
}
