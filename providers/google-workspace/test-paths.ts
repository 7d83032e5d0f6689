import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt } from "jose";
import type { CollectionName, Coverage, Scan, StoredRecord } from "../../src/model/snapshot.js";
import type { Provider, ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { connect, type GoogleConnection } from "./connection.js";
import { provider } from "./index.js";

interface Reply {
	status?: number;
	headers?: Record<string, string>;
	body: unknown;
}

/** What a path answers: a value, or a reply made from the request. */
type Answer = (url: URL, request: IncomingMessage & { sent: unknown }) => Reply;
export type Answers = Record<string, object | Answer>;

/** A few paths of a tenant on loopback: each answers its value, or what its function says; every other path is 404. */
export interface PathServer {
	url: string;
	/** `GET /path` or `/path`, for any method. Change it between scans. */
	answers: Answers;
	/** Scopes that the token endpoint refuses. */
	undelegated: Set<string>;
	now: number;
	/** `METHOD path` asked for since the last `reset`. */
	asked: string[];
	reset(): void;
	close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync("rsa", {
	modulusLength: 2048,
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
	publicKeyEncoding: { type: "spki", format: "pem" },
});
export const subject = "admin@acme.example";
export const clientId = "100000000000000000777";
const keyFile = JSON.stringify({
	type: "service_account",
	client_email: "keelson@acme.iam.gserviceaccount.com",
	client_id: clientId,
	private_key: privateKey,
	private_key_id: "k1",
});
export const credential = { method: "service-account-key", key: keyFile, subject };

export async function servePaths(answers: Answers): Promise<PathServer> {
	const tenant: PathServer = {
		url: "",
		answers,
		undelegated: new Set(),
		now: testNow,
		asked: [],
		reset: () => void tenant.asked.splice(0),
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
	const server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "/", tenant.url);
		let text = "";
		for await (const chunk of request) text += chunk;
		const path = decodeURIComponent(url.pathname);
		tenant.asked.push(`${request.method} ${path}`);
		const answer = tenant.answers[`${request.method} ${path}`] ?? tenant.answers[path];
		const sent = { sent: text.startsWith("{") ? JSON.parse(text) : text };
		const reply: Reply =
			typeof answer === "function"
				? answer(url, Object.assign(request, sent))
				: answer !== undefined
					? { body: answer }
					: path === "/token"
						? tokenFor(text, tenant)
						: notFound;
		response.writeHead(reply.status ?? 200, { "content-type": "application/json", date: new Date(tenant.now).toUTCString(), ...reply.headers });
		response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	tenant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return tenant;
}

let tokens = 0;
function tokenFor(form: string, { undelegated }: PathServer): Reply {
	const scope = String(decodeJwt(new URLSearchParams(form).get("assertion") ?? "").scope);
	if (undelegated.has(scope))
		return { status: 401, body: { error: "unauthorized_client", error_description: "Client is unauthorized to retrieve access tokens using this method" } };
	return { body: { access_token: `ya29.secret-${++tokens}`, expires_in: 3599, token_type: "Bearer" } };
}

export function refusal(status: number, reason: string, message = reason): Reply {
	return { status, body: { error: { code: status, message, errors: [{ message, domain: "global", reason }] } } };
}
export const notFound = refusal(404, "notFound", "Resource Not Found");

export const testNow = Date.UTC(2026, 0, 1);

export async function connected(tenant: PathServer, purpose: "read" | "act" = "read", own: Record<string, unknown> = credential): Promise<GoogleConnection> {
	const sleep = async (ms: number): Promise<void> => {
		tenant.now += ms;
	};
	return connect({ system: "google", url: tenant.url, credential: own, options: {}, purpose, now: () => tenant.now, log: () => {}, sleep });
}

interface Scanned {
	scan: Scan;
	coverage: Partial<Record<CollectionName, Coverage>>;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	bodies<T = Record<string, unknown>>(collection: CollectionName): Promise<T[]>;
}

/** One scan by the product's own engine. */
export async function scanTenant(
	tenant: PathServer,
	store: Store,
	only: CollectionName[],
	more: { full?: boolean; budget?: Partial<ReadBudget> } = {},
): Promise<Scanned> {
	const connection = await connected(tenant);
	const part: Provider = { ...provider, readers: provider.readers.filter(({ collection }) => only.includes(collection)) };
	try {
		const budget = { perAccountRequests: null, perAccountMaxAge: 30 * 24 * 3600_000, ...more.budget };
		const scan = await runScan({
			store,
			provider: part,
			connection,
			system: "google",
			stackDigest: "",
			budget,
			now: () => tenant.now,
			full: more.full ?? false,
		});
		const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
			const found: StoredRecord[] = [];
			for await (const batch of store.records(scan, collection)) found.push(...batch);
			return found;
		};
		const bodies = async <T>(collection: CollectionName): Promise<T[]> => (await records(collection)).map(({ body }) => body as T);
		return { scan, coverage: Object.fromEntries(scan.coverage.map((one) => [one.collection, one])), records, bodies };
	} finally {
		await connection.close();
	}
}

export const memoryStore = (): Promise<Store> => openStore("sqlite::memory:");

export function user(id: string, more: object = {}): Record<string, unknown> {
	return {
		kind: "admin#directory#user",
		id,
		primaryEmail: `${id}@acme.example`,
		name: { fullName: id },
		isAdmin: false,
		isDelegatedAdmin: false,
		suspended: false,
		archived: false,
		creationTime: "2024-01-01T00:00:00.000Z",
		lastLoginTime: "1970-01-01T00:00:00.000Z",
		agreedToTerms: true,
		changePasswordAtNextLogin: false,
		isEnrolledIn2Sv: false,
		isEnforcedIn2Sv: false,
		isGuestUser: false,
		orgUnitPath: "/",
		customerId: "C0acme",
		...more,
	};
}

export const admin = user("me", { primaryEmail: subject, isAdmin: true });

/** The least that a tenant answers: its administrator, its root, no SSO. */
export function base(users: object[] = [admin]): Answers {
	return {
		"/admin/directory/v1/users": (url: URL) => ({ body: { kind: "admin#directory#users", ...(url.searchParams.has("showDeleted") ? {} : { users }) } }),
		[`/admin/directory/v1/users/${subject}`]: admin,
		"/admin/directory/v1/customer/my_customer/orgunits": {
			kind: "admin#directory#orgUnits",
			organizationUnits: [
				{ orgUnitPath: "/", orgUnitId: "id:root", name: "acme" },
				{ orgUnitPath: "/Sales", orgUnitId: "id:sales", name: "Sales", parentOrgUnitPath: "/" },
				{ orgUnitPath: "/Sales/North", orgUnitId: "id:north", name: "North", parentOrgUnitPath: "/Sales" },
			],
		},
		"/v1/inboundSsoAssignments": {},
		"/apps/licensing/v1/product/Google-Apps/users": { kind: "licensing#licenseAssignmentList" },
		"/v1/groups:search": {},
		"/admin/directory/v1/groups": { kind: "admin#directory#groups" },
	};
}
