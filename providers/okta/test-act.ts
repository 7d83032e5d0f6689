import { exportJWK, generateKeyPair } from "jose";
import type { ActionKind, ActionSpec, ActionTarget, Inspection, Verification } from "../../src/provider/action.js";
import { actions, actScopes } from "./actions.js";
import { connect, type OktaConnection } from "./connection.js";
import { type Emulator, emptyTenant, type Knobs, startEmulator, type TenantState } from "./emulator.js";

/** An emulated org and a writing connection to it; both live on the org's clock, which jumps when anything waits. */
export interface Acting {
	emulator: Emulator;
	state: TenantState;
	connection: OktaConnection;
	/** Requests that are no reads and not for tokens, `METHOD path template` with status. */
	writes(): string[];
	close(): Promise<void>;
}

export const actClient = "0oaACTOR000000000001";
const keys = await generateKeyPair("ES256", { extractable: true });
const publicKey = { ...(await exportJWK(keys.publicKey)), kid: "k", alg: "ES256" };
const privateKey = JSON.stringify({ ...(await exportJWK(keys.privateKey)), kid: "k", alg: "ES256" });

export interface ActingOptions {
	purpose?: "read" | "act";
	scopes?: string[];
	roles?: string[];
	knobs?: Partial<Knobs>;
	state?: TenantState;
}

export async function acting(options: ActingOptions = {}): Promise<Acting> {
	const state = options.state ?? emptyTenant();
	const start = Date.now();
	const client = {
		clientId: actClient,
		jwks: { keys: [publicKey] },
		scopes: options.scopes ?? actScopes,
		dpop: true,
		...(options.roles && { roles: options.roles }),
	};
	const emulator = await startEmulator({
		state,
		clock: () => start,
		limits: "off",
		auth: { clients: [client] },
		...(options.knobs && { knobs: options.knobs }),
	});
	const config = {
		system: "okta",
		url: emulator.url,
		credential: { method: "private-key-jwt", clientId: actClient, key: privateKey },
		options: {},
		purpose: options.purpose ?? ("act" as const),
		now: emulator.now,
		log() {},
		async sleep(ms: number) {
			emulator.advance(ms);
		},
	};
	const connection = await connect(config, actScopes);
	return {
		emulator,
		state,
		connection,
		writes: () =>
			emulator.requests
				.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"))
				.map(({ method, path, status }) => `${method} ${path} ${status}`),
		async close() {
			await connection.close();
			await emulator.close();
		},
	};
}

export function actionOf(kind: ActionKind): ActionSpec<OktaConnection> {
	const found = actions.find((action) => action.kind === kind);
	if (!found) throw new Error(`there is no ${kind}`);
	return found;
}

export interface Done {
	before: Inspection;
	verification: Verification;
	inverse: ReturnType<ActionSpec["inverse"]>;
}

/** Look, change, read back; as the product does. */
export async function carryOut({ connection }: Acting, kind: ActionKind, target: ActionTarget): Promise<Done> {
	const action = actionOf(kind);
	const before = await action.inspect(connection, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.done ? "done" : before.refused}`);
	await action.perform(connection, target, before);
	return { before, verification: await action.verify(connection, target, before), inverse: action.inverse(target, before) };
}

/** What `carryOut` changed, taken back. */
export async function takeBack(org: Acting, { inverse }: Done): Promise<Done> {
	if (!inverse) throw new Error("it can't be taken back");
	return carryOut(org, inverse.kind, inverse.target);
}
