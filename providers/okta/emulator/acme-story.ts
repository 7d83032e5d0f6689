import { acmeId, acmeLogin, acmeUserId } from "./acme-ids.js";

interface StoryPerson {
	id: string;
	login: string;
	/** What is wrong with the account, or why it is sound. */
	what: string;
}

function person(name: string, what: string): StoryPerson {
	return { id: acmeUserId(name), login: acmeLogin(name), what };
}

/** Who and what at Acme the demo and the tests speak of. Ids are the same at every start. */
export const acmeStory = {
	people: {
		emergency1: person("emergency-1", "break-glass, super administrator, security key, tested 25 days ago: sound"),
		emergency2: person("emergency-2", "break-glass, super administrator, no factor, never tested: unsound"),
		ana: person("ana.lopez", "super administrator through the group, as agreed, phishing-resistant: sound"),
		leo: person("leo.fischer", "super administrator through the group, as agreed, phishing-resistant: sound"),
		kim: person("kim.novak", "put into Super Admins by hand one night, from the intruder's address"),
		tom: person("tom.becker", "super administrator, directly, without any second factor, password nearly four years old"),
		nina: person("nina.osei", "organization administrator with SMS only"),
		peter: person("peter.lang", "application administrator not seen for 140 days"),
		sara: person("sara.holm", "read-only administrator, phishing-resistant: sound"),
		dana: person("dana.cole", "holds a custom role on Finance, directly and through a group, and edits payroll as well as approving it"),
		omar: person("omar.said", "new this week, made administrator by the Help Desk rule, no factor: no grace for administrators"),
		ravi: person("ravi.ito@partner.example", "consultant of another company with an administrator role, narrowed to Sales"),
		jonas: person("jonas.weiss@freelance.example", "freelancer with SMS only; the one a later intruder makes super administrator"),
		svcDeploy: person("svc-deploy", "service account, super administrator, password 980 days old, API token usable from anywhere"),
		svcHrSync: person("svc-hr-sync", "service account with a token bound to a zone: sound"),
		svcBackup: person("svc-backup", "service account unused for 700 days, with a role, owned by someone who left"),
		svcMonitor: person("svc-monitor", "service account without owner, token usable from anywhere"),
		agent: person("agent-triage", "AI agent, owned by Lena Roth"),
		marta: person("marta.silva", "left, still enabled, last seen 118 days ago, owns a stale API token"),
		george: person("george.wren", "left, still enabled"),
		paul: person("paul.ivers", "left, still enabled, no factor"),
		yuki: person("yuki.tan", "dismissed, still enabled and signed in a day ago, in Production Access"),
		carl: person("carl.berg", "dormant for 76 days"),
		elin: person("elin.dahl", "dormant for 112 days"),
		hugo: person("hugo.prat", "dormant for 191 days"),
		mira: person("mira.kohl", "dormant for 61 days"),
		zoe: person("zoe.blanc", "dormant for 402 days, no factor"),
		never1: person("never.used1", "created 580 days ago, never signed in"),
		never2: person("never.used2", "created 330 days ago, never signed in"),
		never3: person("never.used3", "created 205 days ago, never signed in"),
		aisha: person("aisha.khan", "new, no factor yet: within grace"),
		ben: person("ben.ortiz", "new, no factor yet: within grace"),
		chloe: person("chloe.martin", "new, not signed in yet: within grace"),
		greta: person("greta.lind", "here for two years without a second factor"),
		hassan: person("hassan.amadi", "here for years without a second factor, in Production Access"),
		ida: person("ida.eide", "SMS only"),
		luis: person("luis.rojas", "e-mail and security question only"),
		mei: person("mei.hoang", "began to enrol and never finished: no active factor"),
		quinn: person("quinn.ada", "has factors of types no client knows, next to a push"),
		suspended: person("sven.hagen", "suspended"),
		locked: person("lock.out", "locked out after eight wrong passwords"),
		expired: person("tove.krog", "password expired"),
		recovering: person("remo.vidal", "in password recovery"),
		goneWithRole: person("left.already", "deactivated; still in groups, in an app, and with a role"),
		goneInFinance: person("left.finance", "deactivated; still in Finance Approvers and Payroll"),
		goneClean: person("left.clean", "deactivated with nothing left: sound"),
		dormantContractor: person("igor.simic@partner.example", "contractor not seen for 130 days, no factor"),
		reception: person("reception", "one account for several people, no factor"),
		federated: person("rosa.melo", "signs in at another identity provider: no factor here proves nothing"),
		adUser: person("arjun.shah", "password lives in Active Directory"),
		mallory: person("mallory.trick", "display name with bidi, HTML and terminal escapes, title with a spreadsheet formula"),
	},
	groups: {
		everyone: acmeId("group", "Everyone"),
		superAdmins: acmeId("group", "Super Admins"),
		breakGlass: acmeId("group", "Break Glass"),
		helpDesk: acmeId("group", "Help Desk"),
		employees: acmeId("group", "Employees"),
		contractors: acmeId("group", "Contractors"),
		serviceAccounts: acmeId("group", "Service Accounts"),
		finance: acmeId("group", "Finance"),
		financeApprovers: acmeId("group", "Finance Approvers"),
		payrollEditors: acmeId("group", "Payroll Editors"),
		productionAccess: acmeId("group", "Production Access"),
		githubDevelopers: acmeId("group", "GitHub Developers"),
		domainUsers: acmeId("group", "Domain Users"),
		empty: acmeId("group", "Project Zephyr"),
	},
	groupRules: { helpDesk: acmeId("groupRule", "Help Desk") },
	customRoles: { payrollOperators: acmeId("customRole", "Payroll operators") },
	resourceSets: { financePeople: acmeId("resourceSet", "Finance people") },
	policies: {
		/** Good: second factor, 12 hours, 15 minutes idle. */
		administrators: acmeId("policy", "Administrators"),
		/** Bad: 30 days, persistent cookie. */
		workforce: acmeId("policy", "Workforce"),
		payroll: acmeId("accessPolicy", "Payroll"),
		adminConsole: acmeId("accessPolicy", "Admin Console"),
		contractorPasswords: acmeId("policy", "Contractor passwords"),
	},
	/** The partner's SAML identity provider: its certificate ends in twelve days. `routing` sends logins of its domain there. */
	idps: { partner: acmeId("app", "Partner IdP") },
	routing: { policy: acmeId("policy", "Routing"), defaultRule: acmeId("policyRule", "routing/Default") },
	rules: {
		administrators: acmeId("policyRule", "sign-on/Administrators"),
		longSession: acmeId("policyRule", "sign-on/Workforce"),
		oneFactor: acmeId("accessRule", "Payroll anywhere"),
	},
	apps: {
		adminConsole: acmeId("app", "Admin Console"),
		payroll: acmeId("app", "Payroll"),
		terraform: acmeId("app", "Terraform"),
		keelsonRead: acmeId("app", "Keelson read"),
		keelsonAct: acmeId("app", "Keelson act"),
	},
	tokens: {
		staleOfLeaver: acmeId("token", "Old provisioning script"),
		anywhereOfSuperAdmin: acmeId("token", "Deploy pipeline"),
		boundToZone: acmeId("token", "HR sync"),
		anywhere: acmeId("token", "Status page"),
	},
	zones: { offices: acmeId("zone", "Offices") },
	/** Members of Super Admins as agreed in git: everyone else there is drift. */
	intendedSuperAdmins: [acmeUserId("ana.lopez"), acmeUserId("leo.fischer")],
} as const;
