import { day, hash } from "./random.js";

/** One person of the company Acme, as its personnel system knows them: the same in every emulated system. */
export interface Worker {
	/** Mail address before `@acme.example`, or the whole of it for people from outside. */
	key: string;
	/** Personnel number, five digits; the directory may carry it as well. */
	number: string;
	first: string;
	last: string;
	email: string;
	department: string;
	title: string;
	type: "Employee" | "Contractor";
	/** Personnel's word. */
	status: "active" | "terminated" | "preboarding";
	/** Why somebody left; null for who has not. */
	reason: string | null;
	/** Key of the manager; null at the top and for who has none. */
	manager: string | null;
	/** Milliseconds since the epoch. */
	hired: number;
	ended: number | null;
}

export const acmeDomain = "acme.example";

/** Heads of departments: everybody else there reports to them. */
const heads: Record<string, string> = {
	Security: "ana.lopez",
	IT: "tom.becker",
	Support: "lena.roth",
	Engineering: "hassan.amadi",
	Sales: "ida.eide",
	Operations: "jan.brink",
};

/** Days since they left, for who did. */
const left: Record<string, number> = {
	"marta.silva": 40,
	"george.wren": 21,
	"paul.ivers": 200,
	"yuki.tan": 1,
	"left.already": 80,
	"left.finance": 62,
	"left.clean": 215,
};

/** Number of the person who first had this login; people who came by the address later have one of their own. */
export function personnelNumber(login: string): string {
	return String(10_000 + (hash(login) % 90_000));
}

/** Everybody of Acme, in the personnel system's order. Times count back from `now`. */
export function acmeWorkers(now: number): Worker[] {
	return table
		.trim()
		.split("\n")
		.map((line) => {
			const [key = "", first = "", last = "", department = "", title = "", type, status = "active", days = "0", address] = line.split("|");
			const [word, reason] = status.split(":");
			const head = heads[department] ?? null;
			return {
				key,
				number: personnelNumber(key.includes("@") ? key : `${key}@${acmeDomain}`),
				first,
				last,
				email: address ?? (key.includes("@") ? key : `${key}@${acmeDomain}`),
				department,
				title,
				type: type === "Contractor" ? "Contractor" : "Employee",
				status: word as Worker["status"],
				reason: reason ?? null,
				manager: head === key ? null : head,
				hired: now - Number(days) * day,
				ended: word === "terminated" ? now - (left[key] ?? 30) * day : null,
			};
		});
}

const table = `
ana.lopez|Ana|Lopez|Security|Head of Identity|Employee|active|1500
leo.fischer|Leo|Fischer|IT|Identity Engineer|Employee|active|1100
tom.becker|Tom|Becker|IT|IT Manager|Employee|active|1900
kim.novak|Kim|Novak|Support|Support Specialist|Employee|active|420
nina.osei|Nina|Osei|IT|Systems Administrator|Employee|active|800
peter.lang|Peter|Lang|IT|Application Owner|Employee|active|1300
sara.holm|Sara|Holm|Security|Internal Auditor|Employee|active|600
dana.cole|Dana|Cole|Finance|Payroll Specialist|Employee|active|700
ivo.marin|Ivo|Marin|Support|Support Engineer|Employee|active|900
lena.roth|Lena|Roth|Support|Support Manager|Employee|active|1250
ravi.ito@partner.example|Ravi|Ito|Support|Service Desk Consultant|Contractor|active|210
marta.silva|Marta|Silva|Engineering|Software Engineer|Employee|terminated:resigned|1400
george.wren|George|Wren|Sales|Account Executive|Employee|terminated:resigned|1000
paul.ivers|Paul|Ivers|Operations|Logistics Planner|Employee|terminated:retired|1700
yuki.tan|Yuki|Tan|Engineering|Site Reliability Engineer|Employee|terminated:dismissed|640
carl.berg|Carl|Berg|Marketing|Designer|Employee|active|900
elin.dahl|Elin|Dahl|Sales|Sales Engineer|Employee|active|850
hugo.prat|Hugo|Prat|Legal|Counsel|Employee|active|1200
mira.kohl|Mira|Kohl|People|Recruiter|Employee|active|500
zoe.blanc|Zoé|Blanc|Finance|Accountant|Employee|active|1600
never.used1|Ines|Farkas|Sales|Account Executive|Employee|active|580
never.used2|Otto|Gerber|Operations|Facility Manager|Employee|active|330
never.used3|Rania|Haidar|Marketing|Content Editor|Employee|active|205
never.started|Kofi|Danso|Engineering|Test Engineer|Employee|active|95
not.yet|Bela|Nagy|Finance|Controller|Employee|preboarding|40
aisha.khan|Aisha|Khan|Engineering|Software Engineer|Employee|active|2
ben.ortiz|Ben|Ortiz|Sales|Account Executive|Employee|active|3
chloe.martin|Chloé|Martin|Marketing|Designer|Employee|active|5
omar.said|Omar|Said|Support|Support Specialist|Employee|active|4
greta.lind|Greta|Lind|Finance|Financial Analyst|Employee|active|760
hassan.amadi|Hassan|Amadi|Engineering|Engineering Manager|Employee|active|990
ida.eide|Ida|Eide|Sales|Sales Manager|Employee|active|1010
jan.brink|Jan|Brink|Operations|Operations Manager|Employee|active|1100
katya.petrov|Katya|Petrov|Legal|Contract Manager|Employee|active|480
luis.rojas|Luis|Rojas|Marketing|Campaign Manager|Employee|active|520
mei.hoang|Mei|Hoang|Engineering|Software Engineer|Employee|active|300
quinn.ada|Quinn|Ada|Engineering|Research Engineer|Employee|active|260
sven.hagen|Sven|Hagen|Sales|Business Developer|Employee|active|870
lock.out|Lucia|Ferrer|Support|Support Specialist|Employee|active|440
tove.krog|Tove|Krog|People|People Partner|Employee|active|640
remo.vidal|Remo|Vidal|Finance|Accountant|Employee|active|710
left.already|Nora|Quist|IT|Systems Administrator|Employee|terminated:left|1800
left.finance|Emil|Stein|Finance|Controller|Employee|terminated:left|1300
left.clean|Wanda|Olsen|People|Recruiter|Employee|terminated:left|1250
jonas.weiss@freelance.example|Jonas|Weiss|Marketing|Photographer|Contractor|active|160
amara.bello@partner.example|Amara|Bello|Engineering|Consultant|Contractor|active|320
igor.simic@partner.example|Igor|Simic|Engineering|Consultant|Contractor|active|410
petra.maas@freelance.example|Petra|Maas|Legal|Translator|Contractor|active|95
wei.choi@partner.example|Wei|Choi|Support|Consultant|Contractor|active|180
rosa.melo|Rosa|Melo|Engineering|Software Engineer|Employee|active|300
samir.glass|Samir|Glass|Sales|Account Executive|Employee|active|397
tariq.osman|Tariq|Osman|Operations|Operations Manager|Employee|active|494
uma.joshi|Uma|Joshi|Finance|Accountant|Employee|active|591
vera.dietz|Vera|Dietz|People|People Partner|Employee|active|688
xenia.lahti|Xenia|Lahti|Marketing|Content Editor|Employee|active|785
yara.kone|Yara|Kone|Engineering|Software Engineer|Employee|active|882
zeno.ricci|Zeno|Ricci|Sales|Account Executive|Employee|active|979
arjun.shah|Arjun|Shah|Engineering|Software Engineer|Employee|active|300
bo.larsen|Bo|Larsen|Sales|Account Executive|Employee|active|397
clara.haas|Clara|Haas|Operations|Operations Manager|Employee|active|494
diego.vega|Diego|Vega|Finance|Accountant|Employee|active|591
eva.zeller|Eva|Zeller|People|People Partner|Employee|active|688
felix.soto|Felix|Soto|Marketing|Content Editor|Employee|active|785
hana.kato|Hana|Kato|Engineering|Software Engineer|Employee|active|882
isla.thorne|Isla|Thorne|Sales|Account Executive|Employee|active|979
milan.horvat|Milan|Horvat|Finance|Accountant|Employee|active|591
olga.sundal|Olga|Sundal|Marketing|Content Editor|Employee|active|785
mallory.trick|Mallory|Trick|Marketing|Brand Manager|Employee|active|130
valentin.almeida|Valentin|Almeida|Sales|Sales Engineer|Employee|active|1036
maya.mwangi|Maya|Mwangi|Marketing|Content Editor|Employee|active|1348
fiona.mahler|Fiona|Mahler|Finance|Controller|Employee|active|225
hana.maas|Hana|Maas|Marketing|Content Editor|Employee|active|1469
ivan.ricci|Ivan|Ricci|People|Learning Manager|Employee|active|1032
pablo.kovac|Pablo|Kovac|Finance|Financial Analyst|Employee|active|1369
aisha.arslan|Aisha|Arslan|Legal|Counsel|Employee|active|1045
soren.ricci|Søren|Ricci|Engineering|Test Engineer|Employee|active|1205
elif.kumar|Elif|Kumar|Legal|Contract Manager|Employee|active|86
luca.vogel|Luca|Vogel|Operations|Operations Manager|Employee|active|587
freya.navarro|Freya|Navarro|Engineering|Senior Software Engineer|Employee|active|323
milan.bauer|Milan|Bauer|Sales|Sales Manager|Employee|active|122
rania.nakamura|Rania|Nakamura|Marketing|Campaign Manager|Employee|active|630
hassan.jansen|Hassan|Jansen|Marketing|Content Editor|Employee|active|323
elif.bjork|Elif|Bjork|Legal|Counsel|Employee|active|1240
emil.okafor|Emil|Okafor|Finance|Controller|Employee|active|1382
tove.rojas|Tove|Rojas|Engineering|Engineering Manager|Employee|active|1417
chidi.keita|Chidi|Keita|Legal|Contract Manager|Employee|active|780
farah.silva|Farah|Silva|Sales|Business Developer|Employee|active|358
bela.ahlberg|Bela|Ahlberg|Legal|Counsel|Employee|active|474
mei.harju|Mei|Harju|Finance|Accountant|Employee|active|570
malik.haas|Malik|Haas|Engineering|Software Engineer|Employee|active|733
bela.olsen|Bela|Olsen|Marketing|Campaign Manager|Employee|active|1283
marco.eriksen|Marco|Eriksen|Sales|Sales Manager|Employee|active|246
luis.seidel|Luis|Seidel|Legal|Counsel|Employee|active|1285
renata.maas|Renata|Maas|Marketing|Campaign Manager|Employee|active|401
edgar.glass|Edgar|Glass|Engineering|Site Reliability Engineer|Employee|active|951
lina.giordano|Lina|Giordano|Operations|Facility Manager|Employee|active|1554
zoe.blom|Zoé|Blom|Sales|Sales Manager|Employee|active|801
tove.abara|Tove|Abara|Legal|Counsel|Employee|active|1403
felix.fabre|Felix|Fabre|Legal|Counsel|Employee|active|196
dalia.teixeira|Dalia|Teixeira|People|Recruiter|Employee|active|469
pablo.mancini|Pablo|Mancini|Sales|Account Executive|Employee|active|946
petra.ferrer|Petra|Ferrer|People|People Partner|Employee|active|833
otto.mancini|Otto|Mancini|Legal|Counsel|Employee|active|281
ibrahim.marques|Ibrahim|Marques|Sales|Account Executive|Employee|active|668
emil.silva|Emil|Silva|Finance|Financial Analyst|Employee|active|509
bashir.almeida|Bashir|Almeida|Engineering|Test Engineer|Employee|active|992
priya.imai|Priya|Imai|People|Recruiter|Employee|active|1470
liam.andrade|Liam|Andrade|Finance|Financial Analyst|Employee|active|110
rafael.tanaka|Rafael|Tanaka|Sales|Business Developer|Employee|active|595
nils.danso|Nils|Danso|Operations|Operations Manager|Employee|active|1394
olga.novak|Olga|Novak|Engineering|Engineering Manager|Employee|active|199
ines.almeida|Ines|Almeida|Finance|Controller|Employee|active|1517
freya.vargas|Freya|Vargas|Finance|Payroll Specialist|Employee|active|1315
cem.haas|Cem|Haas|Finance|Financial Analyst|Employee|active|1148
marco.reyes|Marco|Reyes|Operations|Logistics Planner|Employee|active|1284
astrid.almeida|Astrid|Almeida|Sales|Sales Manager|Employee|active|339
olga.novak2|Olga|Novak|Support|Support Specialist|Employee|active|61
elsa.stein|Elsa|Stein|Finance|Accountant|Employee|active|33|left.finance@acme.example
`;
