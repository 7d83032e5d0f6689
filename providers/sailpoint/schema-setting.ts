import type { SettingRecord } from "../../src/model/objects.js";
import { at, count, type Decoded, date, flag, identified, type Json, known, text, word } from "./schema.js";
import type { Source } from "./schema-source.js";
import type { SourceTally } from "./source-accounts.js";

/** None of them decides or bounds a sign-in: that happens elsewhere. */
const base = { builtIn: false, session: null, signIn: null } as const;

/** Leaves out what is not known. */
function values(given: Json): Json {
	return known(given);
}

/** A source's health and, where its accounts were read to the end, how many are nobody's, disabled, locked. */
export function sourceSetting(source: Source, tally: SourceTally | undefined): SettingRecord {
	return known<SettingRecord>({
		...base,
		id: `source/${source.id}`,
		kind: "source",
		name: source.name,
		active: true,
		values: values({
			type: source.type,
			connector: source.connector,
			authoritative: source.authoritative,
			healthy: source.healthy,
			status: source.status,
			owner: source.owner,
			features: source.raw.features,
			...(tally?.whole && {
				accounts: tally.accounts,
				disabledAccounts: tally.disabled,
				lockedAccounts: tally.locked,
				uncorrelatedAccounts: tally.uncorrelated,
			}),
		}),
	});
}

export interface CampaignFacts {
	record: SettingRecord;
	campaign: string;
	/** Certifications that the vendor counts; null = not said. */
	certifications: number | null;
	/** Its reviews are under way. */
	running: boolean;
}

/** `GET /campaigns` item. Overdue: active after its deadline. */
export function decodeCampaign(item: unknown, now: number): Decoded<CampaignFacts> {
	const found = identified(item, "campaign");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = word(raw.status);
	const deadline = date(raw.deadline);
	const active = status === undefined ? undefined : status === "ACTIVE";
	const record = known<SettingRecord>({
		...base,
		id: `campaign/${id}`,
		kind: "campaign",
		name: word(raw.name) ?? id,
		active,
		values: values({
			type: word(raw.type),
			status,
			created: text(raw.created),
			deadline: text(raw.deadline),
			overdue: overdue(active, deadline, now),
			totalCertifications: count(raw.totalCertifications),
			completedCertifications: count(raw.completedCertifications),
			correlatedStatus: word(raw.correlatedStatus),
		}),
	});
	return { ok: { record, campaign: id, certifications: count(raw.totalCertifications) ?? null, running: status === "ACTIVE" || status === "COMPLETING" } };
}

/** `GET /certifications` item: what one reviewer has to decide. Overdue: not signed after it was due. */
export function decodeCertification(item: unknown, now: number): Decoded<SettingRecord> {
	const found = identified(item, "certification");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const phase = word(raw.phase);
	const due = date(raw.due);
	const active = phase === undefined ? undefined : phase === "ACTIVE";
	return {
		ok: known<SettingRecord>({
			...base,
			id: `certification/${id}`,
			kind: "certification",
			name: word(raw.name) ?? id,
			active,
			parent: word(at(raw.campaign, "id")) ?? null,
			values: values({
				phase,
				due: text(raw.due),
				signed: text(raw.signed),
				overdue: overdue(active, due, now),
				completed: flag(raw.completed),
				decisionsMade: count(raw.decisionsMade),
				decisionsTotal: count(raw.decisionsTotal),
				identitiesTotal: count(raw.identitiesTotal),
				identitiesCompleted: count(raw.identitiesCompleted),
				reviewer: word(at(raw.reviewer, "id")),
				reviewerType: word(at(raw.reviewer, "type")),
				hasErrors: flag(raw.hasErrors),
				campaign: word(at(raw.campaign, "id")),
			}),
		}),
	};
}

function overdue(active: boolean | undefined, until: number | null | undefined, now: number): boolean | undefined {
	if (active === false || until === null) return false;
	return active === undefined || until === undefined ? undefined : until < now;
}

/** `GET /entitlements` item that the tenant calls privileged. */
export function decodeEntitlement(item: unknown): Decoded<SettingRecord> {
	const found = identified(item, "entitlement");
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<SettingRecord>({
			...base,
			id: `entitlement/${id}`,
			kind: "entitlement",
			name: word(raw.name) ?? id,
			active: true,
			values: values({
				attribute: text(raw.attribute),
				value: text(raw.value),
				source: word(at(raw.source, "id")),
				privilegeLevel: word(at(raw.privilegeLevel, "direct")),
				effectivePrivilegeLevel: word(at(raw.privilegeLevel, "effective")),
				requestable: flag(raw.requestable),
				owner: raw.owner === null ? null : word(at(raw.owner, "id")),
			}),
		}),
	};
}
