import type { Millis } from "../../src/model/known.js";
import type { ConnectConfig, Connection, DoctorReport } from "../../src/provider/provider.js";
import type { HrOptions } from "./config-schema.js";
import { doctor } from "./doctor.js";

/** A feed on this machine. It sends nothing. */
export interface HrConnection extends Connection {
	options: HrOptions;
	folder: string;
	now(): Millis;
	doctor(): Promise<DoctorReport>;
}

export async function connect(config: ConnectConfig): Promise<HrConnection> {
	const connection: HrConnection = {
		// The stack file was held to the schema.
		options: config.options as unknown as HrOptions,
		folder: config.folder ?? process.cwd(),
		now: config.now,
		requests: () => 0,
		doctor: () => doctor(connection),
		close: async () => {},
	};
	return connection;
}
