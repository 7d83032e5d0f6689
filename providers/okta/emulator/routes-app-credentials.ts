import { createHash, randomBytes } from "node:crypto";
import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { keyOfCertificate, makeCertificate } from "./certificate.js";
import { apiError, invalid, notFound } from "./errors.js";
import { idOf } from "./gen-ids.js";
import type { Raw } from "./kinds.js";
import { link } from "./render.js";
import { appAt } from "./routes-apps.js";
import { logEvent, target } from "./syslog.js";
import { iso, newId, put, type Tenant } from "./tenant.js";

type App = Raw & { id: string };

const textOf = (value: unknown): string => String(value ?? "");

function oauthClient(app: Raw): Raw {
	return ((app.settings as Raw | undefined)?.oauthClient ?? {}) as Raw;
}

/** Keys of a client: as stored, else those of the app's own `jwks`. */
function keysOf(tenant: Tenant, app: App): Raw[] {
	const kept = tenant.state.appKeys?.get(app.id);
	if (kept) return kept;
	const own = ((oauthClient(app).jwks as { keys?: Raw[] } | undefined)?.keys ?? []) as Raw[];
	const dates = { created: app.created, lastUpdated: app.created };
	return own.map((key, at) => ({ status: "ACTIVE", ...key, ...dates, id: idOf("pks", `${app.id}/${textOf(key.kid)}/${at}`) }));
}

function secretsOf(tenant: Tenant, app: App): Raw[] {
	return tenant.state.appSecrets?.get(app.id) ?? [];
}

/** One of the two kinds of client credentials: where it is, and how it is kept. */
interface Credential {
	name: "jwks" | "secrets";
	idParam: string;
	type: string;
	of: (tenant: Tenant, app: App) => Raw[];
	keep: (tenant: Tenant, app: App, list: Raw[]) => void;
}

const JWKS: Credential = {
	name: "jwks",
	idParam: "keyId",
	type: "OAuth2ClientJsonWebKey",
	of: keysOf,
	keep: (tenant, app, list) => {
		tenant.state.appKeys ??= new Map();
		put(tenant, tenant.state.appKeys, app.id, list);
		const bare = list.filter((key) => key.status === "ACTIVE").map(({ id: _i, created: _c, lastUpdated: _l, status: _s, ...key }) => key);
		const settings = { ...(app.settings as Raw | undefined), oauthClient: { ...oauthClient(app), jwks: { keys: bare } } };
		put(tenant, tenant.state.apps, app.id, { ...app, settings });
	},
};

const SECRETS: Credential = {
	name: "secrets",
	idParam: "secretId",
	type: "OAuth2ClientSecret",
	of: secretsOf,
	keep: (tenant, app, list) => {
		tenant.state.appSecrets ??= new Map();
		put(tenant, tenant.state.appSecrets, app.id, list);
	},
};

function render(tenant: Tenant, kind: Credential, app: App, item: Raw): Raw {
	const path = `/api/v1/apps/${app.id}/credentials/${kind.name}/${textOf(item.id)}`;
	const links =
		item.status === "INACTIVE"
			? { activate: link(tenant, `${path}/lifecycle/activate`, "POST"), delete: link(tenant, path, "DELETE") }
			: { deactivate: link(tenant, `${path}/lifecycle/deactivate`, "POST") };
	return { ...item, _links: links };
}

function itemAt(call: Call, kind: Credential): { app: App; item: Raw; list: Raw[] } {
	const app = appAt(call);
	const id = param(call, kind.idParam);
	const list = kind.of(call.tenant, app);
	const item = list.find((one) => one.id === id);
	if (!item) throw notFound(id, kind.type);
	return { app, item, list };
}

function say(call: Call, app: App, verb: "create" | "activate" | "deactivate" | "delete", item: Raw): void {
	const targets = [target(app.id, "AppInstance", app.label), target(textOf(item.id), "OAuthClientCredential", item.kid ?? item.id)];
	logEvent(call.tenant, call, `app.oauth2.credentials.lifecycle.${verb}`, `OAuth client credentials ${verb}`, targets);
}

function setStatus(call: Call, kind: Credential, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const { app, item, list } = itemAt(call, kind);
	const others = list.some((one) => one !== item && one.status === "ACTIVE");
	if (status === "INACTIVE" && !others) throw apiError("E0000001", kind.type, ["The only active credential of a client can't be deactivated."]);
	const next = { ...item, status, lastUpdated: iso(tenant.now()) };
	kind.keep(
		tenant,
		app,
		list.map((one) => (one === item ? next : one)),
	);
	say(call, app, status === "ACTIVE" ? "activate" : "deactivate", next);
	return ok(render(tenant, kind, app, next));
}

/** Only an inactive one can go. */
function remove(call: Call, kind: Credential): Reply {
	const { app, item, list } = itemAt(call, kind);
	if (item.status !== "INACTIVE") throw apiError("E0000001", kind.type, ["You can only delete an inactive credential. Deactivate it first."]);
	kind.keep(
		call.tenant,
		app,
		list.filter((one) => one !== item),
	);
	say(call, app, "delete", item);
	return noContent();
}

const jwkError = (cause: string) => apiError("E0000001", "JsonWebKey", [cause]);

/** Most keys of one client. */
const MOST_KEYS = 50;

function addKey(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	const list = keysOf(tenant, app);
	const { id: _, created: _c, lastUpdated: _l, _links, ...given } = bodyOf(call);
	const isRsa = given.kty === "RSA" && typeof given.n === "string" && typeof given.e === "string";
	const isEc = given.kty === "EC" && typeof given.x === "string" && typeof given.y === "string";
	if (!isRsa && !isEc) throw jwkError("A key needs 'kty' RSA with 'n' and 'e', or EC with 'x' and 'y'.");
	if (isRsa && Buffer.from(textOf(given.n), "base64url").length < 256)
		throw jwkError("RSA key length in the 'jwks' is less than '2,048' bits for the given key.");
	if (list.length > 0 && (typeof given.kid !== "string" || list.some((key) => typeof key.kid !== "string")))
		throw jwkError("Each key should have a unique kid when adding multiple keys.");
	if (list.some((key) => key.kid === given.kid)) throw jwkError("All keys in the 'jwks' must have a unique `kid`.");
	if (list.length >= MOST_KEYS) throw jwkError(`You have reached the maximum number of keys allowed (${MOST_KEYS}).`);
	const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = given;
	const now = iso(tenant.now());
	const key = { ...open, status: given.status === "INACTIVE" ? "INACTIVE" : "ACTIVE", id: newId("pks"), created: now, lastUpdated: now };
	JWKS.keep(tenant, app, [...list, key]);
	say(call, app, "create", key);
	return { status: 201, body: render(tenant, JWKS, app, key) };
}

const secretError = (cause: string) => apiError("E0000001", "client_secret", [cause]);

/** The secret itself is answered once and only its hash is kept. */
function addSecret(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	const list = secretsOf(tenant, app);
	const body = bodyOf(call);
	const method = ((app.credentials as Raw | undefined)?.oauthClient as Raw | undefined)?.token_endpoint_auth_method;
	if (method === "private_key_jwt") throw secretError("'client_secret' can't be used when 'token_endpoint_auth_method' is 'private_key_jwt'.");
	if (list.length >= 2) throw secretError("You've reached the maximum number of client secrets per client.");
	const given = body.client_secret;
	const least = method === "client_secret_jwt" ? 32 : 14;
	if (given !== undefined && typeof given !== "string") throw invalid("client_secret", "Must be a text");
	if (given !== undefined && given.length < least) throw secretError(`client_secret: 'client_secret' must be at least '${least}' characters long.`);
	if (given !== undefined && given.length > 100) throw secretError("client_secret: 'client_secret' can't be more than '100' characters long.");
	const value = given ?? randomBytes(30).toString("base64url");
	const now = iso(tenant.now());
	const secret = {
		id: newId("ocs"),
		status: body.status === "INACTIVE" ? "INACTIVE" : "ACTIVE",
		secret_hash: createHash("md5").update(value).digest("base64url"),
		created: now,
		lastUpdated: now,
	};
	SECRETS.keep(tenant, app, [...list, secret]);
	say(call, app, "create", secret);
	return { status: 201, body: render(tenant, SECRETS, app, { ...secret, client_secret: value }) };
}

const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const SIGNED = ["SAML_2_0", "SAML_1_1", "WS_FEDERATION"];

/** Certificates an app's assertions are signed with: as stored, else one of ten years for apps that need one. */
function certificatesOf(call: Call): Raw[] {
	const { tenant } = call;
	const app = appAt(call);
	const kept = tenant.state.appCertificates?.get(app.id);
	if (kept || !SIGNED.includes(textOf(app.signOnMode))) return kept ?? [];
	const created = textOf(app.created);
	const from = Date.parse(created);
	const key = keyOfCertificate(makeCertificate({ name: textOf(tenant.state.org.subdomain), from, to: from + TEN_YEARS_MS }));
	return [{ kid: idOf("kid", app.id), created, lastUpdated: created, use: "sig", ...key }];
}

function certificateAt(call: Call): Reply {
	const kid = param(call, "keyId");
	const found = certificatesOf(call).find((one) => one.kid === kid);
	if (!found) throw notFound(kid, "AppKeyCredential");
	return ok(found);
}

const base = "/api/v1/apps/{appId}/credentials";

export const appCredentialRoutes: Route[] = [
	...[JWKS, SECRETS].flatMap((kind) => {
		const all = `${base}/${kind.name}`;
		const one = `${all}/{${kind.idParam}}`;
		const list = (call: Call): Reply => {
			const app = appAt(call);
			return { status: 200, list: { items: kind.of(call.tenant, app).map((item) => render(call.tenant, kind, app, item)) } };
		};
		const get = (call: Call): Reply => {
			const { app, item } = itemAt(call, kind);
			return ok(render(call.tenant, kind, app, item));
		};
		return [
			route("GET", all, "apps", list),
			route("POST", all, "apps", kind === JWKS ? addKey : addSecret),
			route("GET", one, "apps", get),
			route("DELETE", one, "apps", (call) => remove(call, kind)),
			route("POST", `${one}/lifecycle/activate`, "apps", (call) => setStatus(call, kind, "ACTIVE")),
			route("POST", `${one}/lifecycle/deactivate`, "apps", (call) => setStatus(call, kind, "INACTIVE")),
		];
	}),
	route("GET", `${base}/keys`, "apps", (call) => ({ status: 200, list: { items: certificatesOf(call) } })),
	route("GET", `${base}/keys/{keyId}`, "apps", certificateAt),
];
