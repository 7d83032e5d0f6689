import { type AcmePerson, row } from "./acme-person.js";
import { departments } from "./names.js";

const left = (reason: string): Record<string, string> => ({ employeeStatus: "terminated", terminationReason: reason });
const ad: AcmePerson["provider"] = ["ACTIVE_DIRECTORY", "corp.acme.example"];
const idp: AcmePerson["provider"] = ["FEDERATION", "Acme Entra ID"];

/** People with a story who administer nothing. Days since creation, last sign-in, last password. */
export const acmeNamed: readonly AcmePerson[] = [
	// Left, and still able to sign in.
	row("marta.silva", "Marta", "Silva", "Engineering", "Software Engineer", [1400, 118, 600], "push totp", { profile: left("resigned") }),
	row("george.wren", "George", "Wren", "Sales", "Account Executive", [1000, 75, 300], "sms email", { profile: left("resigned") }),
	row("paul.ivers", "Paul", "Ivers", "Operations", "Logistics Planner", [1700, 210, 800], "", { profile: left("retired") }),
	row("yuki.tan", "Yuki", "Tan", "Engineering", "Site Reliability Engineer", [640, 1, 140], "push fastpass", { profile: left("dismissed") }),
	// Here, but not seen for long.
	row("carl.berg", "Carl", "Berg", "Marketing", "Designer", [900, 76, 400], "push totp"),
	row("elin.dahl", "Elin", "Dahl", "Sales", "Sales Engineer", [850, 112, 420], "push totp"),
	row("hugo.prat", "Hugo", "Prat", "Legal", "Counsel", [1200, 191, 500], "webauthn"),
	row("mira.kohl", "Mira", "Kohl", "People", "Recruiter", [500, 61, 250], "googleTotp"),
	row("zoe.blanc", "Zoé", "Blanc", "Finance", "Accountant", [1600, 402, 900], ""),
	// Old, and never seen at all.
	row("never.used1", "Ines", "Farkas", "Sales", "Account Executive", [580, null, 580], ""),
	row("never.used2", "Otto", "Gerber", "Operations", "Facility Manager", [330, null, 330], ""),
	row("never.used3", "Rania", "Haidar", "Marketing", "Content Editor", [205, null, 205], ""),
	row("never.started", "Kofi", "Danso", "Engineering", "Test Engineer", [95, null], "", { status: "PROVISIONED" }),
	row("not.yet", "Bela", "Nagy", "Finance", "Controller", [40, null], "", { status: "STAGED" }),
	// New; the second factor may wait a few days, save for a help desk administrator's.
	row("aisha.khan", "Aisha", "Khan", "Engineering", "Software Engineer", [1.5, 1.2, 1.4], ""),
	row("ben.ortiz", "Ben", "Ortiz", "Sales", "Account Executive", [3, 2.5, 2.9], ""),
	row("chloe.martin", "Chloé", "Martin", "Marketing", "Designer", [5, null, 5], ""),
	row("omar.said", "Omar", "Said", "Support", "Support Specialist", [4, 0.9, 3.9], ""),
	// Long here, weak or no second factor.
	row("greta.lind", "Greta", "Lind", "Finance", "Financial Analyst", [760, 1, 300], ""),
	row("hassan.amadi", "Hassan", "Amadi", "Engineering", "Engineering Manager", [990, 2, 310], ""),
	row("ida.eide", "Ida", "Eide", "Sales", "Sales Manager", [1010, 1, 200], "sms"),
	row("jan.brink", "Jan", "Brink", "Operations", "Operations Manager", [1100, 4, 220], "sms question"),
	row("katya.petrov", "Katya", "Petrov", "Legal", "Contract Manager", [480, 3, 180], "call"),
	row("luis.rojas", "Luis", "Rojas", "Marketing", "Campaign Manager", [520, 6, 160], "email question"),
	row("mei.hoang", "Mei", "Hoang", "Engineering", "Software Engineer", [300, 1, 140], "push? totp?"),
	row("quinn.ada", "Quinn", "Ada", "Engineering", "Research Engineer", [260, 2, 90], "push"),
	// Every other status.
	row("sven.hagen", "Sven", "Hagen", "Sales", "Business Developer", [870, 33, 340], "push", { status: "SUSPENDED", statusChanged: 30 }),
	row("lock.out", "Lucia", "Ferrer", "Support", "Support Specialist", [440, 2, 100], "push fastpass", { status: "LOCKED_OUT", statusChanged: 0.1 }),
	row("tove.krog", "Tove", "Krog", "People", "People Partner", [640, 20, 400], "totp", { status: "PASSWORD_EXPIRED", statusChanged: 15 }),
	row("remo.vidal", "Remo", "Vidal", "Finance", "Accountant", [710, 9, 210], "push", { status: "RECOVERY", statusChanged: 1 }),
	// Gone, with things left behind.
	row("left.already", "Nora", "Quist", "IT", "Systems Administrator", [1800, 95, 300], "", { status: "DEPROVISIONED", statusChanged: 80 }),
	row("left.finance", "Emil", "Stein", "Finance", "Controller", [1300, 70, 280], "", { status: "DEPROVISIONED", statusChanged: 62 }),
	row("left.clean", "Wanda", "Olsen", "People", "Recruiter", [1250, 220, 400], "", { status: "DEPROVISIONED", statusChanged: 215 }),
	// From outside the company.
	row("jonas.weiss@freelance.example", "Jonas", "Weiss", "Marketing", "Photographer", [160, 8, 160], "sms", { type: "Contractor" }),
	row("amara.bello@partner.example", "Amara", "Bello", "Engineering", "Consultant", [320, 4, 320], "push", { type: "Contractor" }),
	row("igor.simic@partner.example", "Igor", "Simic", "Engineering", "Consultant", [410, 130, 410], "", { type: "Contractor" }),
	row("petra.maas@freelance.example", "Petra", "Maas", "Legal", "Translator", [95, 12, 95], "", { type: "Contractor" }),
	row("wei.choi@partner.example", "Wei", "Choi", "Support", "Consultant", [180, 2], "totp", { type: "Contractor", provider: ["SOCIAL", "GOOGLE"] }),
	// One account, several people.
	row("reception", "Front", "Desk", "Operations", "Reception", [1500, 0.4, 1500], "", { type: "Shared" }),
	// Signed in elsewhere: no factor here proves nothing.
	...["rosa.melo", "samir.glass", "tariq.osman", "uma.joshi", "vera.dietz", "xenia.lahti", "yara.kone", "zeno.ricci"].map((name, i) => plain(name, i, idp, "")),
	...["arjun.shah", "bo.larsen", "clara.haas", "diego.vega", "eva.zeller", "felix.soto", "hana.kato", "isla.thorne"].map((name, i) =>
		plain(name, i, ad, i % 4 === 3 ? "" : "push totp"),
	),
	plain("milan.horvat", 3, ["LDAP", "ldap.acme.example"], "totp"),
	plain("olga.sundal", 5, ["IMPORT", "IMPORT"], "push"),
	// Names that attack whoever prints them.
	row("mallory.trick", "Mallory", "Trick", "Marketing", '=HYPERLINK("https://evil.example","Title")', [130, 5, 130], "push", {
		profile: { displayName: "Mallory \u202eemanresu\u202c <img src=x onerror=alert(1)>\"'&| \u001b[31mSYSTEM\u001b[0m\u0007 \u200bTrick" },
	}),
];

function plain(name: string, i: number, provider: NonNullable<AcmePerson["provider"]>, factors: string): AcmePerson {
	const [first = "", last = ""] = name.split(".").map((part) => part.charAt(0).toUpperCase() + part.slice(1));
	const department = ["Engineering", "Sales", "Operations", "Finance", "People", "Marketing"][i % 6] ?? "Sales";
	return row(name, first, last, department, departments[department]?.[0] ?? "Clerk", [300 + i * 97, i + 0.6], factors, { provider });
}
