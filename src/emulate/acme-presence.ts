import { acmeDomain, acmeWorkers, type Worker } from "./acme.js";
import { hash } from "./random.js";

/** An account of Acme in one system, in words of no vendor. */
export interface Presence {
	/** The worker's key; for accounts of nobody a name of their own. */
	key: string;
	/** Null: no one person stands behind it, or nobody whom personnel knows. */
	worker: Worker | null;
	first: string;
	last: string;
	/** The main address. */
	login: string;
	/** Other addresses of the same account. */
	aliases: string[];
	/** Personnel number as this system carries it; null where it was never filled in. */
	number: string | null;
	enabled: boolean;
	/** A guest from another organisation. */
	external: boolean;
	/** Comes from the company's own directory service. */
	synced: boolean;
	factor: "none" | "weak" | "strong" | "phishing-resistant";
	/** Days since the last sign-in; null for never. */
	seen: number | null;
	/** `top` can take the tenant, `limited` administers a part of it. */
	admin: "top" | "limited" | null;
	/** `shared`: a mailbox of several people; `emergency`: nobody uses it from day to day. */
	use: "person" | "shared" | "service" | "emergency";
	/** Days since the account was made. */
	age: number;
}

/** The systems of Acme beside its identity provider: the company's directory, and the office suite that some departments use. */
export type AcmeColumn = "directory" | "suite";

const suiteDepartments = new Set(["Engineering", "Marketing", "Support", "People", "Security", "IT"]);
const suiteToo = new Set(["hugo.prat", "greta.lind", "george.wren", "elsa.stein", "dana.cole"]);
const syncedKeys = new Set(["arjun.shah", "bo.larsen", "clara.haas", "diego.vega", "eva.zeller", "felix.soto", "hana.kato", "isla.thorne"]);

/** Everybody's account in one of the systems: the same people as in the others, not all of them, and not always by the same address. */
export function acmePresence(column: AcmeColumn, now: number): Presence[] {
	const people = acmeWorkers(now)
		.filter((worker) => isThere(worker, column))
		.map((worker) => ({ ...usual(worker, column, now), ...special[column][worker.key] }));
	return [...people, ...nobodys[column]];
}

function isThere({ key, status, type, department }: Worker, column: AcmeColumn): boolean {
	if (key === "olga.novak2") return column === "suite";
	if (key === "not.yet" || key === "left.clean" || status === "preboarding") return false;
	if (key === "left.finance") return false;
	if (column === "suite") return (suiteDepartments.has(department) && type === "Employee") || suiteToo.has(key);
	return hash(key, 7) % 12 !== 0 || key in special.directory;
}

function usual(worker: Worker, column: AcmeColumn, now: number): Presence {
	const { key, first, last, type, status } = worker;
	const draw = hash(key, column === "suite" ? 3 : 5) % 100;
	const days = Math.max(1, Math.floor((now - worker.hired) / 86_400_000) - 1);
	const other = column === "suite" && hash(key, 11) % 5 === 0;
	const address = other ? `${plain(first).charAt(0)}${plain(last)}@${acmeDomain}` : worker.email;
	const outside = type === "Contractor";
	return {
		key,
		worker,
		first,
		last,
		login: address,
		aliases: other && hash(key, 13) % 2 === 0 ? [worker.email] : [],
		number: !outside && hash(key, 17) % 8 !== 0 ? worker.number : other ? worker.number : null,
		enabled: status === "active",
		external: outside,
		synced: column === "directory" && syncedKeys.has(key),
		factor: draw < 55 ? "strong" : draw < 70 ? "phishing-resistant" : draw < 88 ? "weak" : "none",
		seen: status === "active" ? (draw % 9) + 0.3 : 40,
		admin: null,
		use: "person",
		age: days,
	};
}

const special: Record<AcmeColumn, Record<string, Partial<Presence>>> = {
	directory: {
		"ana.lopez": { admin: "top", factor: "phishing-resistant", seen: 0.2 },
		"leo.fischer": { admin: "top", factor: "strong", seen: 0.4 },
		"tom.becker": { admin: "top", factor: "weak", seen: 3 },
		"nina.osei": { admin: "limited", factor: "none", seen: 5 },
		"kim.novak": { admin: "limited", factor: "strong", seen: 1 },
		// Left, and still able to sign in here.
		"george.wren": { enabled: true, seen: 19, factor: "weak" },
		"yuki.tan": { enabled: true, seen: 1, factor: "strong", admin: "limited" },
		"zoe.blanc": { seen: 402, factor: "none" },
		"never.used2": { seen: null, factor: "none" },
		// Came by the address of somebody who left.
		"elsa.stein": { factor: "strong", seen: 0.5 },
	},
	suite: {
		// Strong at the identity provider, and nothing but a password here.
		"hugo.prat": { factor: "none", seen: 3, login: `hugo.prat@${acmeDomain}`, aliases: [], number: null },
		"leo.fischer": { admin: "top", factor: "none", seen: 1, login: `leo.fischer@${acmeDomain}`, aliases: [] },
		"ana.lopez": { admin: "top", factor: "phishing-resistant", seen: 0.3, login: `ana.lopez@${acmeDomain}`, aliases: [] },
		"nina.osei": { admin: "top", factor: "phishing-resistant", seen: 0.5, login: `nina.osei@${acmeDomain}`, aliases: [] },
		"lena.roth": { admin: "limited", factor: "strong", seen: 0.8 },
		// Left, and still able to sign in here.
		"marta.silva": { enabled: true, seen: 2, factor: "none" },
		// Long not seen at the identity provider, and at work here every day.
		"carl.berg": { seen: 0.4, factor: "strong", login: `carl.berg@${acmeDomain}`, aliases: [] },
		// The second of two people with one name.
		"olga.novak2": { login: `olga.novak2@${acmeDomain}`, aliases: [], factor: "strong", seen: 0.9 },
		"elsa.stein": { factor: "none", seen: 0.6, login: `left.finance@${acmeDomain}`, aliases: [] },
	},
};

/** Accounts that no worker stands behind. */
const nobodys: Record<AcmeColumn, Presence[]> = {
	directory: [
		nobody("reception", "Front", "Desk", { use: "shared", factor: "none", seen: 0.4, age: 1500 }),
		nobody("bruno.adler", "Bruno", "Adler", { factor: "none", seen: 9, age: 260 }),
		nobody("breakglass1", "Emergency", "Access 1", { use: "emergency", admin: "top", factor: "phishing-resistant", seen: 88, age: 1400 }),
		nobody("svc-sync", "Directory", "Synchronisation", { use: "service", admin: "limited", factor: "none", seen: 0.1, age: 1600 }),
	],
	suite: [
		nobody("reception", "Front", "Desk", { use: "shared", factor: "none", seen: 0.2, age: 1500 }),
		nobody("contest", "Summer", "Contest", { use: "shared", factor: "none", seen: 390, age: 480 }),
		nobody("timo.laine", "Timo", "Laine", { factor: "weak", seen: 14, age: 120 }),
	],
};

function nobody(key: string, first: string, last: string, over: Partial<Presence>): Presence {
	return {
		key,
		worker: null,
		first,
		last,
		login: `${key}@${acmeDomain}`,
		aliases: [],
		number: null,
		enabled: true,
		external: false,
		synced: false,
		factor: "none",
		seen: null,
		admin: null,
		use: "person",
		age: 100,
		...over,
	};
}

function plain(name: string): string {
	return name
		.normalize("NFD")
		.replace(/[^a-zA-Z]/g, "")
		.toLowerCase();
}
