import type { AccountRecord } from "../model/account.js";
import type { CollectionName, RequestRef } from "../model/snapshot.js";
import type { ActionKind, ActionSpec, ActionTarget, Inspection } from "../provider/action.js";
import type { Connection, Provider, Reader } from "../provider/provider.js";
import type { FakeState } from "./fake-vendor.test-suite.js";

export interface FakeConnection extends Connection {
	state(): Promise<FakeState & { unreadable: Record<string, string> }>;
	change(kind: ActionKind, target: ActionTarget): Promise<RequestRef>;
}

/** A call that the vendor surely did not carry out. */
class Refused extends Error {
	readonly ambiguous = false;
}

export function fakeConnection(url: string): FakeConnection {
	let requests = 0;
	return {
		requests: () => requests,
		doctor: () => Promise.reject(new Error("not asked for")),
		close: async () => {},
		async state() {
			requests++;
			return (await (await fetch(`${url}/state`)).json()) as FakeState & { unreadable: Record<string, string> };
		},
		async change(kind, target) {
			requests++;
			const answer = await fetch(`${url}/change`, { method: "POST", body: JSON.stringify({ kind, target }) });
			if (!answer.ok) throw new Refused(`POST /change: ${answer.status}: ${((await answer.json()) as { error: string }).error}`);
			await answer.text();
			return ref("POST /change", answer.headers.get("x-request-id"));
		},
	};
}

function ref(call: string, requestId: string | null = null): RequestRef {
	return { call, requestId, at: Date.now() };
}

function reader(collection: CollectionName, records: (state: FakeState) => { id: string; body: object }[]): Reader<FakeConnection> {
	return {
		collection,
		after: [],
		scopes: [],
		async *read(connection) {
			const state = await connection.state();
			const why = state.unreadable[collection];
			yield { records: records(state), request: ref(`GET /${collection}`) };
			yield { records: [], request: null, end: { closed: why === undefined, reasons: why === undefined ? [] : [{ cause: "scope", detail: why }] } };
		},
	};
}

function spec(
	kind: ActionKind,
	more: Partial<ActionSpec<FakeConnection>> & { look(state: FakeState, target: ActionTarget): Omit<Inspection, "refused" | "request"> & { refused?: string } },
): ActionSpec<FakeConnection> {
	const inspect = async (connection: FakeConnection, target: ActionTarget): Promise<Inspection> => ({
		refused: null,
		request: ref("GET /state"),
		...more.look(await connection.state(), target),
	});
	return {
		kind,
		scopes: [],
		reversible: true,
		operatorOnly: false,
		effect: `${kind} at the fake`,
		inspect,
		perform: (connection, target) => connection.change(kind, target),
		async verify(connection, target) {
			const { done } = await inspect(connection, target);
			return { holds: done, proof: "read-back", detail: done ? "read back" : "it does not show", at: Date.now(), request: ref("GET /state") };
		},
		inverse: () => null,
		...more,
	};
}

const status = (wanted: string) => (state: FakeState, target: ActionTarget) => {
	const found = state.users.find(({ id }) => id === target.account);
	return { exists: found !== undefined, done: found?.status === wanted, facts: { status: found?.status } };
};
const to = (kind: ActionKind) => (target: ActionTarget) => ({ kind, target });
const hasRole = (state: FakeState, target: ActionTarget) =>
	state.roles.some(
		(role) => role.principal === target.account && (target.assignment === undefined ? role.role === target.role : role.id === target.assignment),
	);
const isMember = (state: FakeState, target: ActionTarget) => state.members.some((member) => member.group === target.group && member.account === target.account);

const actions: ActionSpec<FakeConnection>[] = [
	spec("suspend-account", {
		look: status("SUSPENDED"),
		leadsTo: ["SUSPENDED"],
		refusesStatus: (word) => (word === "LOCKED_OUT" || word === "EXPIRED" ? `the fake suspends nobody who is ${word}` : null),
		inverse: to("unsuspend-account"),
	}),
	spec("expire-password", { look: status("EXPIRED"), leadsTo: ["EXPIRED"], reversible: false }),
	spec("unsuspend-account", { look: status("ACTIVE"), leadsTo: ["ACTIVE"], inverse: to("suspend-account") }),
	spec("deactivate-account", { look: status("DEPROVISIONED"), leadsTo: ["DEPROVISIONED"], reversible: false, operatorOnly: true }),
	// As at real vendors, nobody can see sessions: the call's answer is all there is.
	spec("end-sessions", {
		reversible: false,
		look: (state, target) => ({ exists: true, done: false, facts: { status: state.users.find(({ id }) => id === target.account)?.status } }),
		verify: async () => ({ holds: true, proof: "accepted", detail: "the vendor accepted it", at: Date.now(), request: null }),
	}),
	spec("remove-role", {
		look: (state, target) => ({ exists: hasRole(state, target), done: !hasRole(state, target), facts: {} }),
		inverse: ({ account, role }) => ({ kind: "add-role", target: { ...(account && { account }), ...(role && { role }) } }),
	}),
	spec("add-role", { look: (state, target) => ({ exists: hasRole(state, target), done: hasRole(state, target), facts: {} }) }),
	spec("remove-group-member", {
		look: (state, target) => ({ exists: isMember(state, target), done: !isMember(state, target), facts: {} }),
		inverse: to("add-group-member"),
	}),
	spec("add-group-member", {
		look: (state, target) => ({ exists: isMember(state, target), done: isMember(state, target), facts: {} }),
		inverse: to("remove-group-member"),
	}),
	spec("revoke-credential", {
		reversible: false,
		look(state, target) {
			const exists = state.tokens.some(({ id }) => id === target.credential);
			return { exists, done: !exists, facts: {} };
		},
	}),
];

export const fakeProvider: Provider = {
	id: "fake",
	title: "Fake",
	configSchema: {},
	privilegedSource: "the fake's own list",
	readers: [
		reader("accounts", ({ users }) =>
			users.map(({ id, login, status, lastActivity, leaver }) => {
				const body: AccountRecord = {
					id,
					login,
					status,
					enabled: status === "ACTIVE" || status === "LOCKED_OUT",
					created: 0,
					activated: 0,
					lastActivity,
					credentialProvider: "local",
					profile: { leaver: leaver ?? false },
				};
				return { id, body };
			}),
		),
		reader("groups", ({ groups }) => groups.map((group) => ({ id: group.id, body: { ...group, type: "GROUP", source: "direct" } }))),
		reader("memberships", ({ members }) => members.map((member) => ({ id: `${member.group}/${member.account}`, body: member }))),
		reader("roleAssignments", ({ roles }) => roles.map((role) => ({ id: `${role.principal}/${role.id}`, body: role }))),
		reader("settings", ({ settings }) => settings.map((setting) => ({ id: setting.id, body: setting }))),
		reader("credentials", ({ tokens }) =>
			tokens.map((token) => ({ id: token.id, body: { ...token, kind: "api-token", active: true, created: 0, expires: null } })),
		),
		reader("authenticators", ({ users }) => users.map(({ id, factors }) => ({ id, body: { items: factors } }))),
	] as Reader[],
	actions: actions as ActionSpec[],
	settings: [],
	connect: (config) => Promise.resolve(fakeConnection(config.url)),
};
