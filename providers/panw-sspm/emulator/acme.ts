import { acmeWorkers, type Worker } from "../../../src/emulate/acme.js";
import { type AcmeColumn, acmePresence, type Presence } from "../../../src/emulate/acme-presence.js";
import { day, hash } from "../../../src/emulate/random.js";
import { objectId, providerId, uuid } from "./ids.js";
import { instanceOf, type Member } from "./make-accounts.js";
import { type AppPlan, type ConfigPlan, makeApp, makeConfigs } from "./make-apps.js";
import { makePlugins } from "./make-plugins.js";
import { seconds } from "./show.js";
import type { IdpPerson, State } from "./types.js";

export const acmeNames = { name: "acme-4821907", tsgId: "1482190733", integrationId: objectId("jira/acme") };

const owner = { user_id: uuid("owner/sara.holm"), email: "sara.holm@acme.example", full_name: "Sara Holm" };

function memberOf(presence: Presence): Member {
	const { key, first, last, login, worker, external, admin, use, seen, age } = presence;
	const local = external || use !== "person" || presence.factor === "none";
	return {
		key,
		first,
		last,
		email: login,
		known: worker !== null,
		external,
		local,
		admin,
		use,
		seen,
		age,
		...(use === "service" && { creator: "leo.fischer@acme.example" }),
	};
}

const membersOf = (column: AcmeColumn, now: number): Member[] => acmePresence(column, now).map(memberOf);

function worksIn(worker: Worker, departments: readonly string[]): boolean {
	return departments.includes(worker.department) && worker.status !== "preboarding";
}

function ofWorker(worker: Worker, now: number, over: Partial<Member> = {}): Member {
	const { key, first, last, email } = worker;
	const age = Math.max(1, Math.floor((now - worker.hired) / day) - 2);
	const seen = worker.status === "active" ? (hash(key, 83) % 12) + 0.2 : 45;
	return { key, first, last, email, known: true, external: worker.type === "Contractor", local: false, admin: null, use: "person", seen, age, ...over };
}

function bot(key: string, first: string, last: string, over: Partial<Member>): Member {
	return { key, first, last, email: null, known: false, external: false, local: true, admin: null, use: "service", seen: 0.1, age: 500, ...over };
}

const chatAdmins: Record<string, Member["admin"]> = { "lena.roth": "top", "tom.becker": "top", "luis.rojas": "limited" };
const codeAdmins: Record<string, Member["admin"]> = { "hassan.amadi": "top", "freya.navarro": "top", "tove.rojas": "limited" };

function chat(now: number): Member[] {
	const departments = ["Engineering", "Support", "Marketing", "IT", "Security", "People", "Sales"];
	const people = acmeWorkers(now).filter((worker) => worksIn(worker, departments) && hash(worker.key, 89) % 7 !== 0);
	return [
		...people.map((worker) => ofWorker(worker, now, { admin: chatAdmins[worker.key] ?? null })),
		bot("standup-bot", "Stand-up", "Bot", { creator: "luis.rojas@acme.example" }),
		// Nobody of personnel's list, and an administrator.
		{ ...bot("agency.lead", "Agency", "Lead", { use: "person", admin: "limited", seen: 33, age: 210 }), email: "lead@agency.example", external: true },
	];
}

function code(now: number): Member[] {
	const people = acmeWorkers(now).filter((worker) => worksIn(worker, ["Engineering", "IT"]) && hash(worker.key, 97) % 6 !== 0);
	return [
		...people.map((worker) => ofWorker(worker, now, { admin: codeAdmins[worker.key] ?? null, local: hash(worker.key, 101) % 5 === 0 })),
		bot("acme-ci", "Build", "Runner", { admin: "top", creator: "hassan.amadi@acme.example", expiresIn: 9, age: 900 }),
		// Its maker has left, its credential has ended.
		bot("acme-deploy", "Deploy", "Key", { creator: "marta.silva@acme.example", expiresIn: -3, seen: 70, age: 800 }),
		bot("acme-metrics", "Metrics", "Reader", { seen: null, age: 40 }),
	];
}

const factorChoices: readonly string[][] = [["PUSH"], ["FIDO2", "PUSH"], ["SMS"], ["TOTP"], []];

/** Those whose second factor at the identity provider differs from what they have elsewhere, or is meant to be good. */
const settled: Record<string, string[]> = { "ana.lopez": ["FIDO2"], "leo.fischer": ["PUSH"], "hugo.prat": ["PUSH"] };

/** People at Acme's identity provider. Those whose sign-in lies longer back than the vendor keeps activity don't show up in it. */
function oktaPeople(now: number): IdpPerson[] {
	const admins = new Set(acmePresence("directory", now).flatMap((one) => (one.admin && one.worker ? [one.key] : [])));
	return acmeWorkers(now)
		.filter(({ status }) => status === "active")
		.map((worker) => ({
			userId: providerId("okta", worker.key),
			email: worker.email,
			fullName: `${worker.first} ${worker.last}`,
			admin: admins.has(worker.key),
			factors: settled[worker.key] ?? factorChoices[hash(worker.key, 103) % factorChoices.length] ?? [],
			lastSignIn: worker.key.startsWith("never.") ? null : now - (worker.key === "carl.berg" ? 130 : hash(worker.key, 107) % 40) * day - 1_000,
			active: worker.key !== "lock.out",
		}));
}

/** Particular configurations: the rest is as recommended, or weak by a draw. */
function plansOf(now: number): Record<string, Record<string, ConfigPlan>> {
	const ticket = {
		type: "JIRA_TICKETING" as const,
		tenant: acmeNames.name,
		integrationId: acmeNames.integrationId,
		ticketKey: "SEC-42",
		ticketUrl: "https://jira.acme.example/browse/SEC-42",
		summary: "Block legacy authentication",
		createdAt: seconds(now - 12 * day),
	};
	return {
		office365: {
			o365_mfa_admins: { value: "false" },
			o365_mfa_users: { value: "true" },
			o365_legacy_auth_blocked: { value: "false", tickets: [ticket] },
			o365_user_consent: { value: "ANY_APP" },
			o365_global_admins: { value: "5" },
			o365_sharepoint_sharing: { value: "EXTERNAL_USERS" },
			// The company accepts longer sessions than recommended.
			o365_session_hours: { value: "24", overridden: "24" },
			o365_auto_forward: { value: "ALLOWED", locked: true },
			o365_mailbox_audit: { value: "true" },
			o365_link_expiry_days: { value: "0", monitored: false, attestation: "Accepted by Sara Holm until the next review." },
		},
		"google-workspace": {
			gws_2sv_enforced: { value: "false" },
			gws_2sv_admins: { value: "false" },
			gws_less_secure_apps: { value: "DISABLED" },
			gws_drive_sharing: { value: "ANYONE" },
			gws_super_admins: { value: "2" },
			gws_api_access: { unread: true },
		},
		slack: { slack_sso_required: { value: "true" }, slack_2fa_required: { value: "false" }, slack_app_approval: { value: "false" } },
		github: {
			gh_2fa_required: { value: "true" },
			gh_saml_enforced: { value: "false" },
			gh_token_expiry_days: { value: "366" },
			gh_secret_scanning: { value: "true" },
		},
	};
}

/** Acme as the vendor sees it: four applications, its identity provider, and the same people as in every other system. */
export function acmeState(now: number): State {
	const { name: tenant, tsgId } = acmeNames;
	const common = { tenant, tsgId, owner };
	const plans: AppPlan[] = [
		{ ...common, type: "office365", name: "Acme Microsoft 365" },
		{ ...common, type: "google-workspace", name: "Acme Google Workspace", scanned: 7 },
		// Its credential ended three days ago: everything known of it is old.
		{ ...common, type: "slack", name: "Acme Slack", scanned: 76, trouble: "auth" },
		{ ...common, type: "github", name: "Acme GitHub", scanned: 11 },
	];
	const members: Record<string, Member[]> = {
		office365: membersOf("directory", now),
		"google-workspace": membersOf("suite", now),
		slack: chat(now),
		github: code(now),
	};
	const apps = plans.map((plan) => makeApp(plan, now));
	const particular = plansOf(now);
	const instances = apps.map((app) => instanceOf(app, members[app.type] ?? [], now));
	const people = oktaPeople(now);
	const idpId = uuid("idp/acme/okta");
	return {
		apps: new Map(apps.map((app) => [app.app_id, app])),
		configs: new Map(apps.map((app) => [app.app_id, makeConfigs(app, particular[app.type] ?? {}, (entry) => hash(`${app.app_id}/${entry.id}`, 3) % 3 === 0)])),
		instances: new Map(instances.map((instance) => [instance.saasInstanceId, instance])),
		idps: new Map([[idpId, { idpId, displayName: "Acme Okta", appType: "okta", designated: true, people }]]),
		tickets: new Map(),
		batches: new Map(),
		reports: new Map(),
		...makePlugins(apps, people),
	};
}
