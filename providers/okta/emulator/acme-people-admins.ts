import { type AcmePerson, row } from "./acme-person.js";

/** Administrators, emergency accounts, service accounts and agents. Days since creation, last sign-in, last password. */
export const acmeAdmins: readonly AcmePerson[] = [
	row("emergency-1", "Emergency", "One", "Security", "Emergency access", [900, 25, 60], "webauthn", { type: "Break glass" }),
	row("emergency-2", "Emergency", "Two", "Security", "Emergency access", [900, null, 900], "", { type: "Break glass" }),
	row("ana.lopez", "Ana", "Lopez", "Security", "Head of Identity", [1500, 0.1, 120], "webauthn push fastpass"),
	row("leo.fischer", "Leo", "Fischer", "IT", "Identity Engineer", [1100, 0.3, 90], "webauthn totp"),
	row("tom.becker", "Tom", "Becker", "IT", "IT Manager", [1900, 0.5, 1400], ""),
	row("kim.novak", "Kim", "Novak", "Support", "Support Specialist", [420, 1.2, 200], "push totp"),
	row("nina.osei", "Nina", "Osei", "IT", "Systems Administrator", [800, 2, 150], "sms"),
	row("peter.lang", "Peter", "Lang", "IT", "Application Owner", [1300, 140, 500], "push totp"),
	row("sara.holm", "Sara", "Holm", "Security", "Internal Auditor", [600, 6, 80], "webauthn"),
	row("dana.cole", "Dana", "Cole", "Finance", "Payroll Specialist", [700, 1.5, 110], "push fastpass"),
	row("ivo.marin", "Ivo", "Marin", "Support", "Support Engineer", [900, 0.8, 130], "push fastpass totp"),
	row("lena.roth", "Lena", "Roth", "Support", "Support Manager", [1250, 1.1, 100], "webauthn push"),
	row("ravi.ito@partner.example", "Ravi", "Ito", "Support", "Service Desk Consultant", [210, 3, 210], "googleTotp", { type: "Contractor" }),
	row("svc-deploy", "Deploy", "Service", "IT", "Service account", [1600, 410, 980], "", { type: "Service", manager: "tom.becker" }),
	row("svc-hr-sync", "HR Sync", "Service", "People", "Service account", [500, 35, 35], "", { type: "Service", manager: "leo.fischer" }),
	row("svc-backup", "Backup", "Service", "IT", "Service account", [1700, 700, 1250], "", { type: "Service", manager: "left.already" }),
	row("svc-monitor", "Monitor", "Service", "Operations", "Service account", [400, 0.2, 400], "", { type: "Service" }),
	row("agent-triage", "Triage", "Agent", "Support", "Ticket triage agent", [45, 0.05, 45], "", { type: "Agent", manager: "lena.roth" }),
];
