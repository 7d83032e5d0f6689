import type { Account, Authenticator, RoleHeld } from "../model/account.js";
import type { Millis } from "../model/known.js";
import { day } from "../model/time.js";
import type { Provider } from "../provider/provider.js";
import { appliesFrom, type NetworkView, type Place } from "./networks.js";
import type { PlannedAction } from "./plan.js";
import { routedAway } from "./routing.js";
import { admission, type SignInRule } from "./sign-in.js";

/** Why one administrator provably still gets in. */
export interface Witness {
	account: string;
	label: string;
	breakGlass: boolean;
	/** The top role, and the group it comes through. */
	role: string;
	authenticator: string;
	/** The rules that admit it, one for every door: the session, then the administrators' console. */
	rules: string[];
	/** The one network from which that is shown; absent: from anywhere. */
	from?: string;
}

/** What a plan leaves of the ways in: the rules at each door, in order, and where one can stand before them. */
export interface WaysIn {
	doors: SignInRule[][];
	places: Place[];
	/** Null: the vendor knows nothing of networks, routes and the like. */
	view: NetworkView | null;
	/** In place of the doors, where the vendor decides otherwise than by the first rule. */
	admitted?: ReturnType<NonNullable<Provider["admission"]>>;
}

export interface WitnessInput {
	provider: Provider;
	actions: PlannedAction[];
	now: Millis;
}

/** Whoever is the target of one of these is not counted on afterwards. */
export const takesAway: PlannedAction["kind"][] = [
	"suspend-account",
	"deactivate-account",
	"reset-authenticators",
	"delete-authenticator",
	"expire-password",
	"send-password-reset",
	"reset-account",
	"delete-account",
	"process-account",
	"synchronize-account",
	"add-group-member",
];

/** A role that ends within this time is not counted on. */
const lasting = day;

export function witness(account: Account, ways: WaysIn, { actions, now, provider }: WitnessInput): Witness | { why: string } {
	const own = actions.filter((action) => action.target.account === account.id);
	const taken = own.find(({ kind }) => takesAway.includes(kind));
	if (taken) return { why: `the plan changes it (${taken.kind})` };
	if (account.enabled !== true) return { why: "it can't be said whether it can sign in" };
	if (provider.readyStatuses && !provider.readyStatuses.includes(account.status ?? ""))
		return { why: `its status is ${account.status}: it does not get in as it is` };
	if (!account.breakGlass && account.kind !== "human" && account.kind !== "shared")
		return { why: account.kind === "unknown" ? "it can't be said that a person stands behind it" : `it is a ${account.kind} account` };
	if (account.credentialProvider === undefined) return { why: "it can't be said where it proves who it is" };
	if (account.credentialProvider === "federated" || account.credentialProvider === "social" || account.credentialProvider === "unknown")
		return { why: "it signs in at another identity provider, which is not seen here" };
	const role = lastingRole(account, actions, now);
	if (!role) return { why: lastingRole(account, [], now) ? "the plan takes its top role" : "no top role of it is surely active and lasting" };
	const factors = usableFactors(account, ways);
	if ("why" in factors) return factors;
	const after = withoutGroups(account, own);
	const kept = keptByEnrolment(after, ways);
	if (kept) return { why: kept };
	const admitted = anyPlace(after, factors.factors, ways);
	if ("why" in admitted) return admitted;
	const path = role.via === "group" ? `${role.label} through group ${account.groups?.find(({ id }) => id === role.path[0])?.name ?? role.path[0]}` : role.label;
	return {
		account: account.id,
		label: account.login ?? account.id,
		breakGlass: account.breakGlass,
		role: path,
		authenticator: factors.factors[0]?.type ?? "",
		rules: admitted.rules,
		...(admitted.from === null ? {} : { from: admitted.from }),
	};
}

/** Authenticators good for a sign-in and switched on in the tenant, the strongest first. */
function usableFactors(account: Account, { view }: WaysIn): { factors: Authenticator[] } | { why: string } {
	if (account.authenticators === undefined) return { why: "its authenticators are not known" };
	const factors = account.authenticators.filter((factor) => !factor.recoveryOnly && factor.strength !== "unknown");
	if (factors.length === 0) return { why: "it has no authenticator beyond recovery" };
	const on = view ? factors.filter((factor) => view.after.switchedOff(factor) === false) : factors;
	if (on.length > 0) return { factors: on.sort(strongestFirst) };
	const off = factors.every((factor) => view?.after.switchedOff(factor) === true);
	return { why: off ? "authenticators of its kind are switched off for the whole tenant" : "it can't be said that authenticators of its kind are switched on" };
}

function withoutGroups(account: Account, own: PlannedAction[]): Account {
	const left = own.flatMap((action) => (action.kind === "remove-group-member" ? (action.target.group ?? []) : []));
	const groups = account.groups?.filter(({ id, through }) => !left.includes(id) && !left.includes(through ?? ""));
	// A group around one that is left may be held another way still.
	const vague = account.groups?.partial || account.groups?.some(({ id, through }) => through !== undefined && left.includes(through) && !left.includes(id));
	return { ...account, ...(groups && { groups: vague ? Object.assign(groups, { partial: true as const }) : groups }) };
}

/** Whoever must set up an authenticator that is switched off may not get past that. */
function keptByEnrolment(account: Account, { view }: WaysIn): string | null {
	for (const { record, groups, asks } of view?.after.enrolments ?? []) {
		const held = account.groups;
		const apart = groups !== undefined && groups.length > 0 && !groups.partial && held && !held.partial && !held.some(({ id }) => groups.includes(id));
		if (record.active === false || apart) continue;
		const stuck = asks.find(({ off }) => off !== false);
		if (stuck) return `policy ${record.name} asks for ${stuck.name}, which is ${stuck.off ? "switched off" : "perhaps switched off"} for the whole tenant`;
	}
	return null;
}

/** The first place from which every door opens; else what stands against the widest. */
function anyPlace(account: Account, factors: Authenticator[], ways: WaysIn): { rules: string[]; from: string | null } | { why: string } {
	let why: string | null = null;
	for (const place of ways.places) {
		const found = throughDoors(account, factors, place, ways);
		if ("rules" in found) return { rules: found.rules, from: place.network?.name ?? null };
		why ??= found.why;
	}
	return { why: why ?? "it can't be said from which network it would be let in" };
}

function throughDoors(account: Account, factors: Authenticator[], place: Place, { doors, view, admitted }: WaysIn): { rules: string[] } | { why: string } {
	const away = view && routedAway(account, place, view);
	if (away) return { why: away };
	const rules: string[] = [];
	if (admitted) return admitted(account, factors);
	for (const door of doors) {
		const found = admission(
			door,
			account,
			factors,
			view ? ({ record, signIn }) => (signIn.networkBound === false ? true : appliesFrom(record, place, view)) : undefined,
		);
		if ("why" in found) return found;
		rules.push(`${found.rule.record.name} (policy ${found.rule.policy})`);
	}
	return { rules };
}

function lastingRole(account: Account, actions: PlannedAction[], now: Millis): RoleHeld | undefined {
	return account.roles?.find(
		(role) =>
			role.level === "top" &&
			role.scope === null &&
			role.assignment === "active" &&
			(role.ends === null || (role.ends !== undefined && role.ends > now + lasting)) &&
			!actions.some((action) => takesRole(action, account, role)),
	);
}

/** The action takes this role from its holder, or the membership through which an account holds it. */
function takesRole({ kind, target }: PlannedAction, account: Account, role: RoleHeld): boolean {
	const holder = role.via === "direct" ? target.account === account.id && target.group === undefined : role.path.includes(target.group ?? "");
	if (kind === "remove-group-member") return role.via === "group" && holder && target.account === account.id;
	if (kind !== "remove-role" || !holder) return false;
	// An assignment that is named in no other way may be any of the holder's.
	return (target.assignment ?? role.assignmentId) === role.assignmentId || target.role === role.role;
}

function strongestFirst(a: Authenticator, b: Authenticator): number {
	const rank = ["phishing-resistant", "strong", "weak", "unknown"];
	return rank.indexOf(a.strength) - rank.indexOf(b.strength);
}
