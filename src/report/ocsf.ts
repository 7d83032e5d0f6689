import type { AccountRisk, Assessment } from "../model/assessment.js";
import type { Evidence, Finding, Severity, SubjectRef } from "../model/finding.js";
import { type Check, checksOf, plain, plainList, unknownWords } from "./checks.js";
import { fingerprint } from "./fingerprint.js";
import { canonical } from "./json.js";
import type { Surroundings } from "./surroundings.js";
import { iso } from "./words.js";

/** Class Compliance Finding of OCSF 1.8.0: https://schema.ocsf.io/1.8.0/classes/compliance_finding. */
const ocsfVersion = "1.8.0";
const classUid = 2003;
/** Accounts without data that are named in one event. */
const shownUnknown = 100;

const severityOf = {
	info: [1, "Informational"],
	low: [2, "Low"],
	medium: [3, "Medium"],
	high: [4, "High"],
	critical: [5, "Critical"],
} satisfies Record<Severity, [number, string]>;
const activities = { create: [1, "Create"], update: [2, "Update"], close: [3, "Close"] } as const;

/** `status_id` and `status` of the event. */
const statuses = { new: [1, "New"], suppressed: [3, "Suppressed"], resolved: [4, "Resolved"] } as const;
/** `status_id` and `status` of `compliance`. Warning is OCSF's word for missing information. */
const failed = [3, "Fail"] as const;
const warning = [2, "Warning"] as const;

/**
 * Compliance Findings as one JSON array, an event a line: each finding, the fixed ones to close those of earlier runs, and for each
 * policy that lacks data one event of `compliance.status_id` 2. `finding_info.uid` is the finding's id, the same in every run.
 */
export function* ocsfParts(assessment: Assessment, surroundings: Surroundings): Iterable<string> {
	let before = "[";
	const privileged = new Set(assessment.accounts.filter((account) => account.privileged === true).map(({ key }) => key));
	for (const check of checksOf(assessment, surroundings)) {
		for (const finding of [...check.findings, ...check.fixed]) {
			yield `${before}\n${JSON.stringify(findingEvent(finding, check, assessment, surroundings, privileged))}`;
			before = ",";
		}
		if (!check.unknown.any) continue;
		yield `${before}\n${JSON.stringify(unknownEvent(check, assessment, surroundings, privileged))}`;
		before = ",";
	}
	yield before === "[" ? "[]\n" : "\n]\n";
}

function findingEvent(finding: Finding, check: Check, assessment: Assessment, surroundings: Surroundings, privileged: ReadonlySet<string>) {
	const { exemption, state } = finding;
	const fixed = state === "fixed";
	const [statusId, status] = statuses[fixed ? "resolved" : finding.outcome === "excepted" ? "suppressed" : "new"];
	const [severityId, severity] = severityOf[finding.severity];
	const evidences = finding.evidence.map(evidenceOf);
	return {
		...eventOf(fixed ? "close" : state === "new" ? "create" : "update", finding.id, assessment, surroundings),
		severity_id: severityId,
		severity,
		status_id: statusId,
		status,
		message: plain(finding.message),
		compliance: complianceOf(check, fixed ? [99, "Fixed"] : finding.outcome === "review" ? [99, "To review"] : failed),
		finding_info: {
			uid: plain(finding.id),
			title: plain(finding.title),
			desc: plain(finding.message),
			analytic: { type_id: 1, type: "Rule", uid: plain(finding.policy), name: plain(finding.title) },
			created_time: finding.firstSeen,
			first_seen_time: finding.firstSeen,
			last_seen_time: finding.lastSeen,
		},
		resources: [resourceOf(finding.subject, privileged)],
		...(evidences.length > 0 && { evidences }),
		...remediationOf(finding.remediation, check),
		unmapped: {
			outcome: finding.outcome,
			state,
			cause: plain(finding.cause),
			system: plain(finding.system),
			policy_digest: plain(assessment.policyDigest),
			...(exemption && {
				exemption: {
					owner: plain(exemption.owner),
					reason: plain(exemption.reason),
					expires: plain(exemption.expires),
					source: exemption.source ?? "stack",
					...(exemption.ticket !== undefined && { ticket: plain(exemption.ticket) }),
				},
			}),
		},
	};
}

function unknownEvent(check: Check, assessment: Assessment, surroundings: Surroundings, privileged: ReadonlySet<string>) {
	const { unknown } = check;
	const uid = `u_${fingerprint("unknown", check.policy).slice(0, 20)}`;
	const text = plain(`${check.title}: ${unknownWords(check)}. This is no pass.`);
	const resources = unknown.accounts.slice(0, shownUnknown).map(({ key, label }: AccountRisk) => resourceOf({ kind: "account", key, label }, privileged));
	return {
		...eventOf("create", uid, assessment, surroundings),
		severity_id: 0,
		severity: "Unknown",
		status_id: 1,
		status: "New",
		message: text,
		compliance: complianceOf(check, warning),
		finding_info: { uid, title: plain(check.title), desc: text, analytic: { type_id: 1, type: "Rule", uid: plain(check.policy), name: plain(check.title) } },
		...(resources.length > 0 && { resources }),
		unmapped: {
			outcome: "unknown",
			subjects: unknown.total,
			fields: plainList(unknown.fields),
			unread: plainList(unknown.unread),
			policy_digest: plain(assessment.policyDigest),
		},
	};
}

function eventOf(activity: keyof typeof activities, uid: string, assessment: Assessment, { version }: Surroundings) {
	const [id, name] = activities[activity];
	return {
		category_uid: 2,
		category_name: "Findings",
		class_uid: classUid,
		class_name: "Compliance Finding",
		activity_id: id,
		activity_name: name,
		type_uid: classUid * 100 + id,
		type_name: `Compliance Finding: ${name}`,
		// Milliseconds.
		time: assessment.at,
		metadata: {
			version: ocsfVersion,
			product: { name: "Keelson", vendor_name: "Keelson", version },
			uid: fingerprint(assessment.tenant, iso(assessment.at), uid),
			tenant_uid: plain(assessment.tenant),
		},
	};
}

function complianceOf({ policy, why, cause, controls }: Check, [statusId, status]: readonly [number, string]) {
	const requirements = plainList(controls);
	const standards = [...new Set(requirements.map((control) => control.split(":", 1)[0] ?? control))];
	const checks = requirements
		.filter((control) => /^(stig|cis)-/.test(control))
		.map((control) => ({ uid: control.slice(control.indexOf(":") + 1), standards: [control.split(":", 1)[0] ?? control] }));
	return {
		control: plain(policy),
		...(why !== "" && { desc: plain(why) }),
		category: plain(cause),
		status_id: statusId,
		status,
		...(requirements.length > 0 && { standards, requirements }),
		...(checks.length > 0 && { checks }),
	};
}

/** `okta:user:00u1`: system, kind, the vendor's immutable id. */
function resourceOf({ kind, key, label }: SubjectRef, privileged: ReadonlySet<string>) {
	const slash = key.indexOf("/");
	const word = kind === "account" ? "user" : kind;
	const uid = slash < 0 ? key : `${key.slice(0, slash)}:${word}:${key.slice(slash + 1)}`;
	return { uid: plain(uid), type: word, name: plain(label), ...(privileged.has(key) && { criticality: "High" }) };
}

function evidenceOf(fact: Evidence) {
	return {
		name: plain(fact.field),
		data: {
			...(fact.value === undefined ? { unknown: true } : { value: cleaned(canonical(fact.value)) }),
			...(fact.observedAt !== null && { observed_at: iso(fact.observedAt) }),
			call: plain(fact.call),
			...(fact.requestId !== null && { request_id: plain(fact.requestId) }),
		},
	};
}

function cleaned(value: unknown): unknown {
	if (typeof value === "string") return plain(value, 1000, "");
	if (Array.isArray(value)) return value.map(cleaned);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, held]) => [plain(key, 255, ""), cleaned(held)]));
}

function remediationOf(steps: readonly string[], { references }: Check) {
	const texts = plainList(steps);
	const links = plainList(references);
	return texts.length === 0 ? {} : { remediation: { desc: texts.join("\n"), ...(links.length > 0 && { references: links }) } };
}
