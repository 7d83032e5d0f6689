type Json = Record<string, unknown>;

/** Reads one address of the emulator. */
export type Get = (path: string) => Promise<{ status: number; body: unknown }>;

const POLICY_TYPES = ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "PROFILE_ENROLLMENT", "IDP_DISCOVERY"];

/** Collections whose items have no list of their own: what their parameter may be. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Where an item's name in a path stands, for items without an `id`. */
const NAMES = ["kid", "client_id", "contactType", "type", "label", "id"] as const;
const BY_TAIL: Record<string, (typeof NAMES)[number]> = {
	"credentials/keys": "kid",
	clients: "client_id",
	contacts: "contactType",
	methods: "type",
	permissions: "label",
};

function nameIn(parent: string, item: Json): string | undefined {
	const tail = Object.keys(BY_TAIL).find((end) => parent.endsWith(`/${end}`));
	const name = item[tail === undefined ? "id" : (BY_TAIL[tail] ?? "id")];
	return typeof name === "string" ? name : undefined;
}

function itemsOf(body: unknown): Json[] {
	if (Array.isArray(body)) return body as Json[];
	const inside = typeof body === "object" && body !== null ? Object.values(body).find(Array.isArray) : undefined;
	return (inside ?? []) as Json[];
}

/** Queries without which a list is not given. */
function listsOf(parent: string): string[] {
	if (parent === "/api/v1/policies") return POLICY_TYPES.map((type) => `${parent}?type=${type}`);
	if (parent === "/api/v1/principal-rate-limits")
		return ["SSWS_TOKEN", "OAUTH_CLIENT"].map((type) => `${parent}?filter=${encodeURIComponent(`principalType eq "${type}"`)}`);
	return [parent];
}

/** Finds the addresses of a path template by reading the lists above it, a few items each. */
export function makeAddresses(get: Get, known: Known, most: number): (template: string) => Promise<string[]> {
	const lists = new Map<string, Promise<string[]>>();
	const namesIn = (parent: string): Promise<string[]> => {
		const read = async (): Promise<string[]> => {
			const pages = await Promise.all(listsOf(parent).map(get));
			const names = pages.flatMap(({ status, body }) => (status === 200 ? itemsOf(body) : [])).map((item) => nameIn(parent, item));
			return [...new Set(names.filter((name) => name !== undefined))].slice(0, most);
		};
		const kept = lists.get(parent) ?? read();
		lists.set(parent, kept);
		return kept;
	};
	return async (template) => {
		if (template === "/api/v1/policies") return listsOf(template).map((address) => `${address}&expand=rules`);
		if (template === "/api/v1/principal-rate-limits") return listsOf(template);
		let found = [""];
		for (const part of template.split("/").slice(1)) {
			const next: string[] = [];
			for (const address of found) {
				if (!part.startsWith("{")) next.push(`${address}/${part}`);
				else {
					const names = known[`${address}/${part}`] ?? known[part] ?? (await namesIn(address));
					next.push(...names.map((name) => `${address}/${encodeURIComponent(name)}`));
				}
			}
			found = next;
		}
		return found;
	};
}
