import { type AuthConfig, makeAuthority } from "./emulator/auth.js";
import { emulatedBy } from "./emulator/contract.js";
import { type Knobs, makeKnobs } from "./emulator/knobs.js";
import { type Limits, makeLimiter } from "./emulator/limits.js";
import { makeRouter } from "./emulator/router.js";
import { allRoutes } from "./emulator/routes.js";
import { forgetLog } from "./emulator/routes-logs.js";
import { type Core, listen, type RequestLog } from "./emulator/server.js";
import type { TenantState } from "./emulator/state.js";
import { settle, type Tenant, undoAll } from "./emulator/tenant.js";
import { forgetLogins } from "./emulator/users-find.js";

export { type AuthConfig, DEFAULT_TOKEN } from "./emulator/auth.js";
export { emptyTenant } from "./emulator/build.js";
export type { Fault, Knobs, Match } from "./emulator/knobs.js";
export type { Limits } from "./emulator/limits.js";
export type { RequestLog } from "./emulator/server.js";
export type { TenantState } from "./emulator/state.js";

/** A running emulated org. */
export interface Emulator {
	/** Address without a trailing slash, on the loopback interface. */
	url: string;
	/** The org as it is now; may be changed from outside between requests. */
	state: TenantState;
	/** Behaviour, changeable while it runs. */
	knobs: Knobs;
	/** Every request so far, oldest first. */
	requests: RequestLog[];
	/** Operations served, by method and path template. */
	operations: readonly { method: string; path: string; resource: string | null }[];
	/** The org's clock, milliseconds. */
	now: () => number;
	/** Moves the org's clock on and does what falls due. */
	advance: (ms: number) => void;
	/** Takes back every write made through the server, and forgets requests, tokens, rate windows and faults. */
	reset: () => void;
	close: () => Promise<void>;
}

export interface EmulatorOptions {
	state: TenantState;
	/** 0 or absent: any free one. */
	port?: number;
	/** The org's clock, milliseconds; the real one when absent. */
	clock?: () => number;
	/** Only what differs from rest. */
	knobs?: Partial<Knobs>;
	/** Absent: one super administrator's API token, `DEFAULT_TOKEN`. */
	auth?: AuthConfig;
	/** Absent: the vendor's last published numbers for workforce orgs. */
	limits?: Limits;
}

/**
 * Serves an Okta org from memory on 127.0.0.1.
 * @throws Error when the port is taken
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
	const knobs = makeKnobs(options.knobs);
	const clock = options.clock ?? Date.now;
	let moved = 0;
	const now = (): number => clock() + moved + tenant.knobs.clockSkewMs;
	const tenant: Tenant = { state: options.state, knobs, url: "", now, undo: [], past: new Map(), pending: [] };
	const authority = makeAuthority(tenant, options.auth);
	const routes = allRoutes(authority);
	const find = makeRouter(routes);
	const methods = (path: string): readonly string[] => {
		// No operation has this method, so the answer names those there are.
		const found = find("*", path);
		return found && "allowed" in found ? [...new Set(found.allowed)] : [];
	};
	const core: Core = { tenant, authority, limiter: makeLimiter(options.limits), find, methods, pages: new Map(), requests: [], inFlight: 0 };
	const { server, url } = await listen(core, options.port ?? 0);
	tenant.url = url;
	return {
		url,
		state: tenant.state,
		knobs,
		requests: core.requests,
		operations: routes.map(({ method, template, resource }) => ({ method, path: template, resource })),
		now,
		advance: (ms) => {
			moved += ms;
			settle(tenant);
		},
		reset: () => {
			undoAll(tenant);
			forgetLogins(tenant);
			forgetLog(tenant);
			Object.assign(knobs, makeKnobs(options.knobs));
			for (const kept of [authority.tokens, authority.proofs, authority.assertions, core.pages]) kept.clear();
			core.requests.length = 0;
			core.limiter.reset();
			moved = 0;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** The same for tests and the demo, which start any vendor's tenant in one way. */
export const emulation = emulatedBy(startEmulator);
