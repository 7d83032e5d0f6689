import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";

const kept = new WeakMap<GoogleConnection, { scanStarted: number; values: Map<string, Promise<unknown>> }>();

/** What several readers of one scan need is read once. Failures are kept too: a second look in the same scan would only cost. */
export function once<T>(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted">, name: string, make: () => Promise<T>): Promise<T> {
	let of = kept.get(connection);
	if (!of || of.scanStarted !== context.scanStarted) {
		of = { scanStarted: context.scanStarted, values: new Map() };
		kept.set(connection, of);
	}
	const before = of.values.get(name) as Promise<T> | undefined;
	if (before) return before;
	const made = make();
	// Whoever asks gets the failure; nobody asking is no defect.
	made.catch(() => {});
	of.values.set(name, made);
	return made;
}
