import type { Fault } from "./knobs.js";
import type { RequestLog } from "./server.js";

/** What `providers/<system>/emulator.ts` exports as `emulation`: how tests and the demo start that vendor's tenant without knowing the vendor. */
export interface Emulation {
	/** An invented tenant of any size, the same for the same seed; or, with `acme`, the company of the demo. */
	start(options: EmulationOptions): Promise<EmulatedTenant>;
}

export interface EmulationOptions {
	/** People with an account, at least 10. Ignored with `acme`. */
	users: number;
	seed: number;
	acme?: boolean;
	/** Milliseconds since the epoch: the tenant's clock at the start; it then runs on by itself. */
	now: number;
	/** `off`: the vendor's rate limits are not held. */
	limits?: "off" | "vendor";
	port?: number;
}

/** A running emulated tenant behind real HTTP on the loopback interface. */
export interface EmulatedTenant {
	/** The system's entry in a stack file, `provider` included, its secrets in place of `${…}` references. */
	system: { provider: string; url: string; auth: Record<string, unknown>; act: Record<string, unknown>; options?: Record<string, unknown> };
	/** Every secret a client is given or sends: none of them may turn up anywhere else. */
	secrets(): string[];
	faults: Fault[];
	/** Every request so far, oldest first. */
	requests: readonly Pick<RequestLog, "method" | "path" | "url" | "status">[];
	now(): number;
	/** Moves the tenant's clock on and does what falls due. */
	advance(ms: number): void;
	/** What a right reader finds, told from the tenant's own state. */
	truth(): Truth;
	/** Takes scopes or permissions away from the reading credential, by the vendor's own names. */
	withhold(scopes: string[]): void;
	/** Somebody changes the tenant behind everybody's back: about `share` of the accounts; the ids that changed. */
	mutate(share: number): string[];
	/** Takes back every write, forgets requests, faults and what was withheld. */
	reset(): void;
	close(): Promise<void>;
}

export interface Truth {
	accounts: { id: string; login: string; enabled: boolean; privileged: boolean }[];
	groups: string[];
	/** `<group>/<member>`, direct ones. */
	memberships: string[];
	/** Groups whose members the vendor works out itself and `memberships` leaves out. */
	computed?: string[];
}
