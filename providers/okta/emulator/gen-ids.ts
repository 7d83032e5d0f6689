import { hash, mix } from "./gen-random.js";

/** Id prefixes as the vendor's documentation shows them. */
export const prefixes = {
	user: "00u",
	group: "00g",
	app: "0oa",
	policy: "00p",
	accessPolicy: "rst",
	policyRule: "0pr",
	accessRule: "rul",
	groupRule: "0pr",
	token: "00T",
	org: "00o",
	zone: "nzo",
	authenticator: "aut",
	origin: "tos",
	grant: "oag",
	refreshToken: "oar",
	idpKey: "kid",
	userRole: "ra1",
	groupRole: "gra",
	boundRole: "irb",
	customRole: "cr0",
	resourceSet: "iam",
	userType: "oty",
	session: "102",
} as const;

const alphabet = Buffer.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "latin1");
const scratch = Buffer.alloc(20);

/** Endless distinct 20-character ids with one prefix; the sequence depends on seed and prefix only. */
export function idMaker(seed: number | string, prefix: string): () => string {
	const key = hash(`${seed}/${prefix}`);
	const tail = hash(String(seed), 7);
	let count = 0;
	return () => {
		const first = mix(count++ ^ key);
		return compose(prefix, first, mix(first + 0x9e3779b9), tail);
	};
}

/** The 20-character id that belongs to a label, always the same: ids of a demo tenant can stand in a stack file. */
export function idOf(prefix: string, label: string): string {
	return compose(prefix, hash(label, 1), hash(label, 2), hash("org", 3));
}

/** A UUID that belongs to a label. */
export function uuidOf(label: string): string {
	const hex = [1, 2, 3, 4].map((salt) => hash(label, salt).toString(16).padStart(8, "0")).join("");
	return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

// Through a buffer, not by `+`: joined strings keep their halves alive, which doubles the memory of a large tenant.
function compose(prefix: string, first: number, second: number, tail: number): string {
	scratch.write(prefix, 0, "latin1");
	digits(first, 3, 6);
	digits(second, 9, 6);
	digits(tail, 15, 2);
	scratch.write("5d7", 17, "latin1");
	return scratch.toString("latin1");
}

function digits(value: number, at: number, count: number): void {
	let rest = value;
	for (let i = count - 1; i >= 0; i--) {
		scratch[at + i] = alphabet[rest % 62] ?? 0;
		rest = Math.floor(rest / 62);
	}
}
