import { idOf } from "./build.js";
import { badContent } from "./errors.js";
import { BadFilter, compileFilter, type Fields } from "./filter.js";
import { identityRef, when } from "./render.js";
import { notV3, routes } from "./route.js";
import type { Credential, SailCall, SailRoute, Tenant } from "./state.js";

const DAY = 86_400_000;

interface Used {
	lastUsed: number | null;
}
const fields: Fields<Used> = { lastUsed: { ops: "le isnull", get: ({ lastUsed }) => lastUsed } };

interface Token extends Used {
	id: string;
	name: string;
	owner: string;
	scope: string[] | null;
	created: number;
	expires: number | null;
}

/** Personal access tokens and OAuth clients: lists without pages, and never a secret. */
export function tokenRoutes(tenant: Tenant, credentials: readonly Credential[]): SailRoute[] {
	const began = tenant.world.now();
	const tokens = [...credentials.map((credential, at) => inUse(credential, at, began)), ...invented(tenant, began)];
	const clients = ["Ticketing", "Data Warehouse", "Old Portal"].map((name, at) => client(tenant, name, at, began));
	const personal = { scopes: "sp:all-personal-access-tokens:read sp:all-personal-access-tokens:manage" };
	const oauth = { scopes: "sp:oauth-client:read sp:oauth-client:manage" };
	return [
		...routes(notV3, "GET /personal-access-tokens", personal, () => (call) => {
			const named = call.query.get("owner-id");
			const owner = named === "me" ? call.caller?.credential.identityId : named;
			const shown = kept(call, tokens).filter((token) => owner === null || token.owner === owner);
			return { status: 200, body: shown.map((token) => renderToken(tenant, token)) };
		}),
		...routes(notV3, "GET /oauth-clients", oauth, () => (call) => ({ status: 200, body: kept(call, clients).map(renderClient) })),
	];
}

function kept<T extends Used>(call: SailCall, all: T[]): T[] {
	const text = call.query.get("filters");
	if (text === null || text.trim() === "") return all;
	try {
		return all.filter(compileFilter(text, fields));
	} catch (error) {
		if (error instanceof BadFilter) throw badContent(call, error.message);
		throw error;
	}
}

function inUse({ clientId, identityId, scopes }: Credential, at: number, now: number): Token {
	return {
		id: clientId,
		name: `automation ${at + 1}`,
		owner: identityId,
		scope: scopes,
		created: now - 40 * DAY,
		lastUsed: now - DAY,
		expires: now + 90 * DAY,
	};
}

/** One person in thirty keeps a token; some never used it, some have it for ever. */
function invented(tenant: Tenant, now: number): Token[] {
	const owners = [...tenant.identities.keys()].filter((_, at) => at % 30 === 7);
	return owners.map((owner, at) => ({
		id: idOf(`${tenant.name}/pat`, at),
		name: `script ${at}`,
		owner,
		scope: at % 3 === 0 ? null : ["idn:identity:read"],
		created: now - (400 - at) * DAY,
		lastUsed: at % 2 === 0 ? null : now - 200 * DAY,
		expires: at % 4 === 0 ? null : now + 10 * DAY,
	}));
}

function renderToken(tenant: Tenant, token: Token): Record<string, unknown> {
	return {
		id: token.id,
		name: token.name,
		scope: token.scope,
		owner: identityRef(tenant, token.owner) ?? { type: "IDENTITY", id: token.owner, name: "" },
		created: when(token.created),
		lastUsed: when(token.lastUsed),
		managed: false,
		accessTokenValiditySeconds: 43_200,
		expirationDate: when(token.expires),
		userAwareTokenNeverExpires: token.expires === null,
	};
}

interface Client extends Used {
	id: string;
	name: string;
	enabled: boolean;
	grants: string[];
	created: number;
}

function client(tenant: Tenant, name: string, at: number, now: number): Client {
	const id = idOf(`${tenant.name}/oauth`, name);
	return {
		id,
		name,
		enabled: at < 2,
		grants: at === 1 ? ["AUTHORIZATION_CODE", "REFRESH_TOKEN"] : ["CLIENT_CREDENTIALS"],
		created: now - (100 + at) * DAY,
		lastUsed: at === 2 ? null : now - at * DAY,
	};
}

function renderClient(one: Client): Record<string, unknown> {
	return {
		id: one.id,
		businessName: null,
		homepageUrl: null,
		name: one.name,
		description: null,
		accessTokenValiditySeconds: 750,
		refreshTokenValiditySeconds: 86_400,
		redirectUris: null,
		grantTypes: one.grants,
		accessType: "OFFLINE",
		type: "CONFIDENTIAL",
		internal: false,
		enabled: one.enabled,
		strongAuthSupported: false,
		claimsSupported: false,
		created: when(one.created),
		modified: when(one.created),
		secret: null,
		metadata: null,
		lastUsed: when(one.lastUsed),
		scope: ["sp:scopes:all"],
	};
}
