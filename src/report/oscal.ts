import type { AssessedSystem, Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { type Check, checksOf, plain, plainList, unknownWords } from "./checks.js";
import { fingerprint, stableUuid } from "./fingerprint.js";
import { canonical } from "./json.js";
import { markdownText } from "./markdown-text.js";
import { objectivesOf } from "./oscal-objectives.js";
import type { Surroundings } from "./surroundings.js";
import { denominator, iso, tallyWords } from "./words.js";

/** The version of NIST's published content for SP 800-53 revision 5. */
const oscalVersion = "1.1.2";
const nameSpace = "https://keelson.dev/ns/oscal";
/** Characters of a description. */
const longText = 2000;

/**
 * OSCAL assessment results (https://pages.nist.gov/OSCAL, model assessment-results 1.1.2). One finding for each control of SP 800-53
 * that a policy is mapped to, and for each policy that is mapped to none; one observation for each policy and each of its findings.
 * OSCAL has no word for unknown: it is `not-satisfied` for reason `other`, with a remark, and not among the reviewed controls.
 */
export function renderOscal(assessment: Assessment, surroundings: Surroundings): string {
	const checks = checksOf(assessment, surroundings);
	const objectives = objectivesOf(checks);
	const plan = stableUuid("plan", assessment.tenant, assessment.policyDigest);
	const reviewed = objectives.filter(({ control, reason }) => control !== null && reason !== "other").map(({ control }) => ({ "control-id": control }));
	const own = objectives.filter(({ control }) => control === null);
	const observations = checks.flatMap((check) => [policyObservation(check, assessment), ...check.findings.map((finding) => observation(finding, assessment))]);
	const risks = checks.filter(hasRisk).map((check) => risk(check, assessment));
	const body = {
		metadata: {
			title: markup(`Identity posture of ${assessment.tenant}`),
			"last-modified": iso(assessment.at),
			version: iso(assessment.at),
			"oscal-version": oscalVersion,
		},
		"import-ap": { href: `#${plan}` },
		...(own.length > 0 && {
			"local-definitions": {
				"objectives-and-methods": own.map(({ id, title }) => ({
					"control-id": id.replace(/_obj$/, ""),
					description: "A policy of Keelson that is mapped to no control of SP 800-53.",
					parts: [{ id, name: "assessment-objective", prose: title }],
				})),
			},
		}),
		results: [
			{
				uuid: stableUuid("result", assessment.tenant, iso(assessment.at)),
				title: markup(`Keelson on ${assessment.tenant}, ${iso(assessment.at)}`),
				description: "What Keelson's policies said of the connected systems, from what was read of them.",
				start: iso(Math.min(assessment.at, ...assessment.systems.map(({ started }) => started))),
				end: iso(assessment.at),
				props: [prop("policy-digest", assessment.policyDigest), prop("keelson-version", surroundings.version)],
				"local-definitions": definitions(assessment, checks),
				"reviewed-controls": {
					"control-selections": [
						reviewed.length > 0
							? { "include-controls": reviewed }
							: // Readers ask for one at least.
								{ description: "No control of SP 800-53 could be determined.", "include-controls": [{ "control-id": "keelson_none" }] },
					],
				},
				...(observations.length > 0 && { observations }),
				...(risks.length > 0 && { risks }),
				...(objectives.length > 0 && {
					findings: objectives.map(({ id, title, state, reason, remarks, checks: of }) => ({
						uuid: stableUuid("finding", assessment.tenant, id),
						title,
						description: of.map((check) => `${code(check.policy)}: ${summary(check)}.`).join("\n\n"),
						target: { type: "objective-id", "target-id": id, status: { state, reason, ...(remarks !== "" && { remarks }) } },
						"related-observations": of.map((check) => ({ "observation-uuid": policyUuid(check, assessment) })),
						...(of.some(hasRisk) && { "related-risks": of.filter(hasRisk).map((check) => ({ "risk-uuid": riskUuid(check, assessment) })) }),
					})),
				}),
			},
		],
		"back-matter": {
			resources: [
				{
					uuid: plan,
					title: "Assessment plan",
					description: "The policies in force, as the stack file and its policies set them, are the plan; the digest names their exact state.",
					props: [prop("policy-digest", assessment.policyDigest)],
				},
			],
		},
	};
	// By its content, so that another content is another document, and the same is the same.
	return `${JSON.stringify({ "assessment-results": { uuid: stableUuid("document", fingerprint(JSON.stringify(body))), ...body } }, null, 1)}\n`;
}

/** A tenant's text where OSCAL has Markdown. */
function markup(text: string, limit = longText): string {
	const shown = markdownText(text.trim(), limit);
	return shown === "" ? "unnamed" : shown;
}

function code(text: string): string {
	return /^[\w.-]+$/.test(text) ? `\`${text}\`` : markup(text);
}

function prop(name: string, value: string) {
	return { name, ns: nameSpace, value: plain(value) };
}

function summary(check: Check): string {
	const counts = check.counts ? tallyWords(check.counts) : "not asked this time";
	return check.unknown.any ? `${counts}; ${markup(unknownWords(check))}` : counts;
}

function policyUuid({ policy }: Check, { tenant }: Assessment): string {
	return stableUuid("policy", tenant, policy);
}

function policyObservation(check: Check, assessment: Assessment) {
	const { counts, unknown } = check;
	const numbers = counts && {
		subjects: denominator(counts),
		pass: counts.pass,
		fail: counts.fail,
		unknown: unknown.total,
		review: counts.review,
		excepted: counts.excepted,
	};
	return {
		uuid: policyUuid(check, assessment),
		title: markup(check.title),
		description: `${code(check.policy)}: ${summary(check)}.`,
		props: [prop("policy", check.policy), prop("severity", check.severity), ...Object.entries(numbers ?? {}).map(([name, value]) => prop(name, String(value)))],
		methods: ["TEST"],
		types: ["control-objective"],
		...(assessment.systems.length > 0 && {
			subjects: assessment.systems.map(({ system }) => ({ "subject-uuid": systemUuid(system, assessment), type: "component" })),
		}),
		collected: iso(assessment.at),
		...(unknown.any && { remarks: "Not all of it could be judged for lack of data: this is no pass." }),
	};
}

function observation(finding: Finding, assessment: Assessment) {
	const { subject, exemption } = finding;
	const evidence = finding.evidence.map((fact) => ({
		description: markup(
			`${fact.field}: ${fact.value === undefined ? "unknown" : JSON.stringify(canonical(fact.value))}, from ${fact.call}${fact.observedAt === null ? "" : ` at ${iso(fact.observedAt)}`}`,
		),
		...(fact.requestId !== null && { props: [prop("request-id", fact.requestId)] }),
	}));
	return {
		uuid: stableUuid("observation", assessment.tenant, finding.id),
		title: markup(finding.title),
		description: markup(finding.message),
		props: [
			prop("finding", finding.id),
			prop("policy", finding.policy),
			prop("severity", finding.severity),
			prop("outcome", finding.outcome),
			prop("state", finding.state),
		],
		methods: ["TEST"],
		types: ["finding"],
		subjects: [{ "subject-uuid": subjectUuid(subject.key, assessment), type: "inventory-item", title: markup(subject.label) }],
		...(evidence.length > 0 && { "relevant-evidence": evidence }),
		collected: iso(finding.lastSeen),
		...(exemption && {
			remarks: markup(
				`${exemption.source === "baseline" ? "In the baseline" : "Exempted"} until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}`,
			),
		}),
	};
}

function hasRisk(check: Check): boolean {
	return check.findings.some(({ outcome }) => outcome !== "review");
}

function riskUuid({ policy }: Check, { tenant }: Assessment): string {
	return stableUuid("risk", tenant, policy);
}

function risk(check: Check, assessment: Assessment) {
	const open = check.findings.some(({ outcome }) => outcome === "fail");
	const steps = plainList(check.remediation);
	const related = check.findings.filter(({ outcome }) => outcome !== "review");
	return {
		uuid: riskUuid(check, assessment),
		title: markup(check.title),
		description: summary(check),
		statement: markup(check.why === "" ? check.title : check.why),
		props: [prop("policy", check.policy), prop("severity", check.severity)],
		status: open ? "open" : "deviation-approved",
		...(steps.length > 0 && {
			remediations: [
				{
					uuid: stableUuid("remediation", assessment.tenant, check.policy),
					lifecycle: "recommendation",
					title: "What to do",
					description: steps.map((step) => `- ${markup(step)}`).join("\n"),
				},
			],
		}),
		"related-observations": related.map(({ id }) => ({ "observation-uuid": stableUuid("observation", assessment.tenant, id) })),
	};
}

function systemUuid(system: string, { tenant }: Assessment): string {
	return stableUuid("system", tenant, system);
}

function subjectUuid(key: string, { tenant }: Assessment): string {
	return stableUuid("subject", tenant, key);
}

function definitions(assessment: Assessment, checks: readonly Check[]) {
	const subjects = new Map(checks.flatMap(({ findings }) => findings.map(({ subject }) => [subject.key, subject] as const)));
	return {
		...(assessment.systems.length > 0 && { components: assessment.systems.map((system) => component(system, assessment)) }),
		...(subjects.size > 0 && {
			"inventory-items": [...subjects.values()].map(({ key, kind, label }) => ({
				uuid: subjectUuid(key, assessment),
				description: markup(label),
				props: [prop("subject", key), prop("kind", kind)],
			})),
		}),
	};
}

function component({ system, provider, coverage }: AssessedSystem, assessment: Assessment) {
	return {
		uuid: systemUuid(system, assessment),
		type: "service",
		title: markup(system),
		description: markup(`A tenant of ${provider}`),
		status: { state: "operational" },
		...(coverage.length > 0 && { props: coverage.map(({ collection, state }) => prop(`coverage-${collection}`, state)) }),
	};
}
