import { exportJWK, generateKeyPair } from "jose";
import { acmeTenant } from "./emulator/acme.js";
import { type Emulator, type Knobs, startEmulator } from "./emulator.js";
import { readScopes } from "./readers.js";

/** An emulated Acme with one service app; the credential is what a stack file's `auth` block resolves to. */
export interface Emulated {
	emulator: Emulator;
	credential: Record<string, unknown>;
}

export async function emulateAcme(
	now: number,
	options: { without?: string[]; extra?: string[]; roles?: string[]; knobs?: Partial<Knobs> } = {},
): Promise<Emulated> {
	const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
	const kid = "key-1";
	const scopes = [...readScopes.filter((scope) => !options.without?.includes(scope)), ...(options.extra ?? [])];
	const client = {
		clientId: "0oaReader",
		jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256" }] },
		scopes,
		dpop: true,
		roles: options.roles ?? ["READ_ONLY_ADMIN"],
	};
	const emulator = await startEmulator({
		state: acmeTenant(now),
		clock: () => now,
		limits: "off",
		auth: { clients: [client] },
		...(options.knobs && { knobs: options.knobs }),
	});
	return {
		emulator,
		credential: { method: "private-key-jwt", clientId: client.clientId, key: JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: "ES256" }) },
	};
}
