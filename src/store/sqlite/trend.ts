import type { TrendPoint } from "../store.js";
import type { Database } from "./database.js";

export function saveTrend(database: Database, point: TrendPoint): void {
	const { tenant, at, ...body } = point;
	database.write(() => {
		database.sql("INSERT INTO trend (tenant, at, body) VALUES (?, ?, ?)").run(tenant, at, JSON.stringify(body));
	});
}

/** The newest `limit` points [all], oldest first. */
export function readTrend(database: Database, tenant: string, limit = -1): TrendPoint[] {
	const rows: { at: number; body: string }[] = database
		.sql("SELECT at, body FROM trend WHERE tenant = ? ORDER BY at DESC, row DESC LIMIT ?")
		.all(tenant, limit);
	return rows.reverse().map(({ at, body }) => {
		const rest: Omit<TrendPoint, "tenant" | "at"> = JSON.parse(body);
		return { tenant, at, ...rest };
	});
}
