import { familyNames, givenNames, loginPart } from "../../../src/emulate/names.js";
import { day, hash, type Random, random } from "../../../src/emulate/random.js";
import { providerId, uuid } from "./ids.js";
import { instanceOf, type Member } from "./make-accounts.js";
import { type AppPlan, type ConfigPlan, makeApp, makeConfigs } from "./make-apps.js";
import { makePlugins } from "./make-plugins.js";
import type { Config, IdpPerson, State, Ticket } from "./types.js";

const domain = "company.example";

/** Type, name, share of the people with an account there, and what is particular about it. */
const applications: [string, string, number, Partial<AppPlan>][] = [
	["office365", "Microsoft 365", 1, {}],
	["google-workspace", "Google Workspace", 0.6, { label: "Default" }],
	["slack", "Slack", 0.5, { scanned: 90, trouble: "auth" }],
	["github", "GitHub", 0.2, {}],
	["salesforce", "Salesforce", 0.15, {}],
	["salesforce", "Salesforce Übungsumgebung", 0.05, { label: "Sandbox", trouble: "disabled", scanned: 24 * 60 }],
	["servicenow", "ServiceNow", 0.1, { trouble: "new", scanned: null }],
	["okta", "Okta", 0, {}],
	["zoom", "Zoom", 0, { label: "QA" }],
];

/** An invented tenant, the same for the same seed: people with accounts in several applications, and odd ones of every kind. */
export function generate(users: number, seed: number, now: number, names: { name: string; tsgId: string; integrationId: string }): State {
	const draw = random(seed);
	const members = Array.from({ length: users }, (_, number) => person(draw, number));
	const owner = { user_id: uuid(`owner/${seed}`), email: `owner@${domain}`, full_name: "Owner of applications" };
	const apps = applications.map(([type, name, , over]) => makeApp({ type, name, tenant: names.name, tsgId: names.tsgId, owner, ...over }, now));
	const instances = apps.flatMap((app, number) => {
		const share = applications[number]?.[2] ?? 0;
		if (share === 0) return [];
		const own = members.filter(({ key }) => share === 1 || (hash(`${seed}/${key}`, number) % 1000) / 1000 < share);
		return [instanceOf(app, [...own, ...machines(draw, app.type, Math.ceil(own.length / 25))], now)];
	});
	const people = members.flatMap((member) => idpPerson(draw, member, now));
	const idps = ["okta", "azure"].map((appType, number) => ({
		idpId: uuid(`idp/${seed}/${appType}`),
		displayName: number === 0 ? "Okta" : "Entra ID",
		appType,
		designated: number === 0,
		people: number === 0 ? people : people.slice(0, Math.ceil(people.length / 10)),
	}));
	const configs = new Map(
		apps.map((app) => [app.app_id, makeConfigs(app, oddConfigs(app.type), (entry) => hash(`${seed}/${app.app_id}/${entry.id}`, 3) % 3 === 0)]),
	);
	const [place] = instances;
	const ticketed = place && configs.get(place.appId)?.find(({ status }) => status === "Fail");
	const ticket = place && ticketed && openTicket(ticketed, place.saasInstanceId, names.integrationId, now);
	return {
		apps: new Map(apps.map((app) => [app.app_id, app])),
		configs,
		instances: new Map(instances.map((instance) => [instance.saasInstanceId, instance])),
		idps: new Map(idps.map((idp) => [idp.idpId, idp])),
		tickets: new Map(ticket ? [[ticket.id, ticket]] : []),
		batches: new Map(),
		reports: new Map(),
		...makePlugins(apps, people, 1 + Math.min(40, Math.floor(users / 500))),
	};
}

/** A ticket that somebody opened a while ago. */
function openTicket({ id, name }: Config, saasInstanceId: string, integrationId: string, now: number): Ticket {
	const ticketKey = "SEC-42";
	return {
		id: uuid(`ticket/${saasInstanceId}/42`),
		saasInstanceId,
		resourceIds: [id],
		feature: "IDENTITY_ACTIVITY",
		users: [],
		integrationId,
		type: "JIRA_TICKETING",
		ticketKey,
		ticketUrl: `https://jira.acme.example/browse/${ticketKey}`,
		summary: String(name),
		created: now - 12 * day,
	};
}

function person(draw: Random, number: number): Member {
	const first = draw.pick(givenNames);
	const last = draw.pick(familyNames);
	const external = number % 17 === 3;
	const shared = number % 43 === 5;
	const login = `${loginPart(first)}.${loginPart(last)}${number}`;
	return {
		key: login,
		first,
		last,
		// Some applications keep no address, or one in capital letters.
		email: number % 53 === 11 ? null : `${number % 29 === 7 ? login.toUpperCase() : login}@${external ? "partner.example" : domain}`,
		known: number % 13 !== 4,
		external,
		local: external || shared || number % 11 === 2,
		admin: number % 20 === 1 ? "top" : number % 20 === 2 ? "limited" : null,
		use: shared ? "shared" : number % 97 === 9 ? "emergency" : "person",
		seen: number % 9 === 4 ? null : draw.chance(0.1) ? 100 + draw.int(600) : draw.int(30) + 0.4,
		age: 10 + draw.int(2000),
	};
}

function machines(draw: Random, type: string, count: number): Member[] {
	return Array.from({ length: count }, (_, number): Member => {
		const made = number % 3 !== 2;
		return {
			key: `svc-${type}-${number}`,
			first: "Service",
			last: String(number),
			email: null,
			known: false,
			external: false,
			local: true,
			admin: number % 5 === 0 ? "top" : null,
			use: "service",
			seen: number % 4 === 3 ? null : draw.int(200),
			age: 100 + draw.int(1500),
			...(made && { creator: `owner${number}@${domain}`, expiresIn: draw.int(500) - 60 }),
		};
	});
}

const factors: readonly string[][] = [["PUSH"], ["FIDO2", "PUSH"], ["SMS"], ["TOTP", "SMS"], ["CALL"], []];

function idpPerson(draw: Random, member: Member, now: number): IdpPerson[] {
	if (member.external || member.email === null) return [];
	const lastSignIn = member.seen === null ? null : now - Math.floor(member.seen * day);
	const known = { userId: providerId("okta", member.key), email: member.email, fullName: `${member.first} ${member.last}` };
	return [{ ...known, admin: member.admin !== null, factors: draw.pick(factors), lastSignIn, active: member.use === "person" }];
}

function oddConfigs(type: string): Record<string, ConfigPlan> {
	if (type === "zoom") return { zoom_audit_log_enabled: { unread: true }, zoom_mfa_admins: { locked: true, value: "false" } };
	if (type === "salesforce") return { salesforce_session_timeout_minutes: { value: "720", overridden: "720" }, salesforce_sso_enforced: { monitored: false } };
	return {};
}
