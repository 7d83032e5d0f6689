import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Authenticator } from "../model/account.js";
import type { RoleAssignmentRecord, SettingRecord } from "../model/objects.js";

export interface FakeUser {
	id: string;
	login: string;
	status: string;
	lastActivity: number | null;
	sessions: number;
	factors: Authenticator[];
	leaver?: boolean;
}

export interface FakeState {
	users: FakeUser[];
	groups: { id: string; name: string }[];
	members: { group: string; account: string; source: "direct" | "rule" }[];
	roles: RoleAssignmentRecord[];
	settings: SettingRecord[];
	tokens: { id: string; name: string; owner: string | null }[];
}

/** A vendor in memory, served on loopback, that counts every change asked of it. */
export interface FakeVendor {
	url: string;
	state: FakeState;
	/** Changes that were carried out, in order: `suspend-account u1`. */
	calls: string[];
	/** Collection → why it can't be read whole. */
	unreadable: Record<string, string>;
	/** Kinds whose call is answered with this error and not carried out. */
	refuse: Record<string, string>;
	/** Kinds that are carried out, and whose answer never comes. */
	cut: Set<string>;
	/** Kinds that are answered well and not carried out. */
	pretend: Set<string>;
	/** Run before every change is carried out. */
	onCall: ((call: string) => void | Promise<void>) | null;
	close(): Promise<void>;
}

export async function startFake(state: FakeState): Promise<FakeVendor> {
	const server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			const answer = (status: number, body: unknown) => {
				response.writeHead(status, { "content-type": "application/json", "x-request-id": `req-${vendor.calls.length}` });
				response.end(JSON.stringify(body));
			};
			if (request.method === "GET") return answer(200, { ...vendor.state, unreadable: vendor.unreadable });
			const { kind, target } = JSON.parse(Buffer.concat(chunks).toString());
			const refusal = vendor.refuse[kind];
			if (refusal) return answer(403, { error: refusal });
			const name = [kind, target.account, target.assignment, target.group, target.credential, target.setting].filter(Boolean).join(" ");
			await vendor.onCall?.(name);
			if (!vendor.pretend.has(kind)) change(vendor.state, kind, target);
			vendor.calls.push(name);
			if (vendor.cut.has(kind)) return request.socket.destroy();
			answer(200, {});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const vendor: FakeVendor = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		state,
		calls: [],
		unreadable: {},
		refuse: {},
		cut: new Set(),
		pretend: new Set(),
		onCall: null,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
	return vendor;
}

function change(state: FakeState, kind: string, target: Record<string, string> & { values?: Record<string, unknown> }): void {
	const user = state.users.find(({ id }) => id === target.account);
	if (kind === "suspend-account" && user) user.status = "SUSPENDED";
	if (kind === "unsuspend-account" && user) user.status = "ACTIVE";
	if (kind === "deactivate-account" && user) user.status = "DEPROVISIONED";
	if (kind === "end-sessions" && user) user.sessions = 0;
	if (kind === "remove-role") state.roles = state.roles.filter((role) => !(role.principal === target.account && role.id === target.assignment));
	if (kind === "add-role" && target.account && target.role) state.roles.push(topRole(target.account, target.role));
	if (kind === "remove-group-member") state.members = state.members.filter((member) => !(member.group === target.group && member.account === target.account));
	if (kind === "add-group-member" && target.group && target.account) state.members.push({ group: target.group, account: target.account, source: "direct" });
	if (kind === "revoke-credential") state.tokens = state.tokens.filter(({ id }) => id !== target.credential);
	const setting = state.settings.find(({ id }) => id === target.setting);
	if (kind === "update-setting" && setting) setting.values = { ...setting.values, ...target.values };
}

export function topRole(principal: string, role = "SUPER", principalType: RoleAssignmentRecord["principalType"] = "account"): RoleAssignmentRecord {
	return {
		id: `ra-${principal}-${role}`,
		principalType,
		principal,
		role,
		label: role === "SUPER" ? "Super Administrator" : role,
		level: role === "SUPER" ? "top" : "privileged",
		assignment: "active",
		scope: null,
		ends: null,
		custom: false,
	};
}

export const passkey: Authenticator = { id: "f1", type: "webauthn", strength: "phishing-resistant", source: "local", recoveryOnly: false };

export function user(id: string, more: Partial<FakeUser> = {}): FakeUser {
	return { id, login: `${id}@acme.example`, status: "ACTIVE", lastActivity: Date.now() - 86_400_000, sessions: 1, factors: [passkey], ...more };
}

/** A rule that lets everybody in from anywhere with a second factor, and its policy. */
export function openDoor(): SettingRecord[] {
	const policy = {
		id: "policy/SESSION/p1",
		kind: "policy/SESSION",
		name: "Everybody",
		active: true,
		builtIn: true,
		priority: 1,
		parent: null,
		session: null,
		signIn: null,
		values: {},
	};
	const rule: SettingRecord = {
		id: "rule/SESSION/p1/r1",
		kind: "rule/SESSION",
		name: "Anywhere",
		active: true,
		builtIn: true,
		priority: 1,
		parent: "p1",
		session: { maxLifetimeMinutes: 720, maxIdleMinutes: 60, persistentCookie: false },
		signIn: {
			allows: true,
			mfaRequired: true,
			phishingResistantRequired: false,
			excludedAccounts: [],
			excludedGroups: [],
			includedGroups: [],
			networkBound: false,
			otherConditions: false,
			appliesTo: null,
		},
		values: { lifetime: 720 },
	};
	return [policy, rule];
}

/** Three administrators with passkeys, two of them emergency accounts, and people without a role. */
export function smallTenant(people: number): FakeState {
	const crowd = Array.from({ length: people }, (_, index) => user(`p${String(index).padStart(3, "0")}`));
	return {
		users: [user("admin1"), user("bg1"), user("bg2"), ...crowd],
		groups: [{ id: "g1", name: "Administrators" }],
		members: [],
		roles: ["admin1", "bg1", "bg2"].map((id) => topRole(id)),
		settings: openDoor(),
		tokens: [],
	};
}
