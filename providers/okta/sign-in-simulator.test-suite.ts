/**
 * Okta's sign-in as its documentation tells it, on raw objects: routing first, then the sign-on policies, then the console's app policy;
 * at each, the rule of highest priority that matches decides. Knows nothing of the proof.
 */
export interface TrueTenant {
	zones: RawZone[];
	routes: RawRule[];
	policies: RawPolicy[];
	console: RawRule[];
	enrolments: RawPolicy[];
	authenticators: { id: string; key: string; status: string; name: string }[];
}

export interface RawZone {
	id: string;
	name: string;
	type: string;
	status: string;
	usage: string;
	gateways?: { type: string; value: string }[];
	locations?: { country: string }[];
}

export interface RawRule {
	id: string;
	name: string;
	status: string;
	priority: number;
	conditions: {
		network?: { connection: string; include?: string[]; exclude?: string[] };
		people?: { users?: { exclude: string[] }; groups?: { include?: string[]; exclude?: string[] } };
		userIdentifier?: { type: string; patterns: { matchType: string; value: string }[] };
	};
	actions: {
		signon?: { access: string };
		appSignOn?: { access: string; verificationMethod: { type: string; factorMode: string; constraints: { possession: { phishingResistant: string } }[] } };
		idp?: { providers: { type: string; id?: string }[] };
	};
}

export interface RawPolicy {
	id: string;
	name: string;
	status: string;
	priority: number;
	conditions: { people: { groups: { include: string[] } } };
	settings?: { authenticators: { key: string; enroll: { self: string } }[] };
	rules: RawRule[];
}

export interface Person {
	id: string;
	login: string;
	groups: string[];
	factors: { type: string; key: string }[];
}

/** Where somebody sits: an address by the last octet of 10.0.0.x (above 255: an address elsewhere), and a country. */
export interface Spot {
	octet: number;
	country: string;
}

export const spots: Spot[] = [0, 64, 128, 192, 1000].flatMap((octet) => ["DE", "US", "FR"].map((country) => ({ octet, country })));

export function getsIn(person: Person, tenant: TrueTenant): boolean {
	return spots.some((spot) => getsInFrom(person, spot, tenant));
}

function getsInFrom(person: Person, spot: Spot, tenant: TrueTenant): boolean {
	if (tenant.zones.some((zone) => zone.usage === "BLOCKLIST" && zone.status === "ACTIVE" && isIn(zone, spot))) return false;
	const route = byPriority(tenant.routes).find((rule) => isMet(rule, person, spot, tenant));
	if (route && !route.actions.idp?.providers.some(({ type }) => type === "OKTA")) return false;
	const usable = person.factors.filter(({ key }) => tenant.authenticators.some((one) => one.key === key && one.status === "ACTIVE"));
	if (usable.length === 0) return false;
	if (isStuck(person, tenant)) return false;
	for (const policy of byPriority(tenant.policies)) {
		if (policy.status !== "ACTIVE" || !policy.conditions.people.groups.include.some((group) => person.groups.includes(group))) continue;
		const rule = byPriority(policy.rules).find((one) => isMet(one, person, spot, tenant));
		if (!rule) continue;
		return rule.actions.signon?.access === "ALLOW" && opensConsole(person, spot, tenant, usable);
	}
	return false;
}

function opensConsole(person: Person, spot: Spot, tenant: TrueTenant, usable: Person["factors"]): boolean {
	const action = byPriority(tenant.console).find((rule) => isMet(rule, person, spot, tenant))?.actions.appSignOn;
	if (action?.access !== "ALLOW") return false;
	const strict = action.verificationMethod.constraints.some(({ possession }) => possession.phishingResistant === "REQUIRED");
	return !strict || usable.some(({ type }) => type === "webauthn");
}

/** Whoever must set up what is switched off goes no further. */
function isStuck(person: Person, tenant: TrueTenant): boolean {
	const policy = byPriority(tenant.enrolments).find(
		({ status, conditions }) => status === "ACTIVE" && conditions.people.groups.include.some((group) => person.groups.includes(group)),
	);
	return (policy?.settings?.authenticators ?? []).some(
		({ key, enroll }) => enroll.self === "REQUIRED" && !tenant.authenticators.some((one) => one.key === key && one.status === "ACTIVE"),
	);
}

function isMet({ status, conditions }: RawRule, person: Person, spot: Spot, tenant: TrueTenant): boolean {
	const { network, people, userIdentifier } = conditions;
	if (status !== "ACTIVE") return false;
	if (people?.users?.exclude.includes(person.id)) return false;
	if (people?.groups?.exclude?.some((group) => person.groups.includes(group))) return false;
	const groups = people?.groups?.include ?? [];
	if (groups.length > 0 && !groups.some((group) => person.groups.includes(group))) return false;
	const patterns = userIdentifier?.patterns ?? [];
	if (patterns.length > 0 && !patterns.some(({ matchType, value }) => matchType === "SUFFIX" && person.login.endsWith(value))) return false;
	if (!network || network.connection === "ANYWHERE") return true;
	const inAny = (ids: string[]) => tenant.zones.some((zone) => ids.includes(zone.id) && zone.status === "ACTIVE" && isIn(zone, spot));
	if (inAny(network.exclude ?? [])) return false;
	return (network.include ?? []).length === 0 || inAny(network.include ?? []);
}

function isIn(zone: RawZone, { octet, country }: Spot): boolean {
	if (zone.type === "DYNAMIC") return (zone.locations ?? []).some((place) => place.country === country);
	return (zone.gateways ?? []).some(({ value }) => {
		const [address = "", bits = "32"] = value.split("/");
		if (bits === "0") return true;
		const first = Number(address.split(".")[3]);
		return octet >= first && octet < first + 2 ** (32 - Number(bits));
	});
}

function byPriority<T extends { priority: number }>(items: T[]): T[] {
	return [...items].sort((a, b) => a.priority - b.priority);
}
