import type { Known, Millis } from "../../src/model/known.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, flag, word } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import type { Page } from "./paging.js";
import { list } from "./read.js";
import { int64, objectsOrNone } from "./schema.js";
import { readScope } from "./scopes.js";

/** What the newest usage report says of a user's second factors. */
export interface ReportedFactors {
	enrolled: Known<boolean>;
	securityKeys: Known<number>;
	passkeys: Known<number>;
}

interface UsageReport {
	/** Day of the report; null where none could be read. */
	date: string | null;
	users: Map<string, ReportedFactors>;
	/** Why there is none, or why it is not whole. */
	unread: CoverageReason | null;
}

const day: Millis = 24 * 3600_000;
/** Report days are Pacific standard time. */
const pacific: Millis = -8 * 3600_000;
/** Reports lag by one to three days, seldom more. */
const farthest = 7;
const parameters = ["is_2sv_enrolled", "num_security_keys", "num_passkeys_enrolled"].map((name) => `accounts:${name}`).join(",");

/** The newest day whose report is there with its accounts. https://developers.google.com/workspace/admin/reports/reference/rest/v1/userUsageReport/get */
export async function usageReport(connection: GoogleConnection, context: ReadContext): Promise<UsageReport> {
	const now = context.scanStarted + (connection.http.clockSkew() ?? 0) + pacific;
	let why: CoverageReason | null = null;
	for (let back = 1; back <= farthest; back++) {
		const date = new Date(now - back * day).toISOString().slice(0, 10);
		const found = await reportOf(connection, context, date);
		if (found !== "later") return found;
		why = { cause: "unsupported", detail: `Google has no usage report of the last ${farthest} days, which tells who has a security key or passkey` };
	}
	return { date: null, users: new Map(), unread: why };
}

async function reportOf(connection: GoogleConnection, context: ReadContext, date: string): Promise<UsageReport | "later"> {
	const users = new Map<string, ReportedFactors>();
	const request = {
		method: "GET" as const,
		path: "/admin/reports/v1/usage/users/{userKey}/dates/{date}",
		params: { userKey: "all", date },
		query: { parameters, maxResults: 1000 },
	};
	let broken: CoverageReason | null = null;
	for await (const page of list(connection, request, { shape: lists.usage, scope: readScope.usage, signal: context.signal })) {
		if (page.end?.error?.status === 400 && users.size === 0) return "later";
		if (isShort(page)) return "later";
		for (const item of page.items) {
			const id = word(at(item, "entity", "profileId"));
			if (id) users.set(id, factorsOf(item));
			else broken = { cause: "quarantine", detail: "an entry of the usage report names no user" };
		}
		if (page.quarantined.length > 0) broken = { cause: "quarantine", detail: "an entry of the usage report could not be understood" };
		if (page.end && !page.end.closed) broken = page.end.reasons[0] ?? { cause: "cut-off", detail: "the usage report was not read to the end" };
	}
	if (users.size === 0 && !broken) return "later";
	return { date, users, unread: broken };
}

/** The day's data of accounts is not there yet, or only in part. */
function isShort({ body }: Page): boolean {
	const warnings = objectsOrNone(at(body, "warnings")) ?? [];
	return warnings.some(({ code, data }) => {
		if (!/DATA_NOT_AVAILABLE|PARTIAL_DATA/.test(word(code) ?? "") && !/not available|partial/i.test(String(code))) return false;
		const apps = (objectsOrNone(data) ?? []).filter(({ key }) => key === "application").map(({ value }) => value);
		return apps.length === 0 || apps.includes("accounts");
	});
}

function factorsOf(item: unknown): ReportedFactors {
	const values = new Map((objectsOrNone(at(item, "parameters")) ?? []).map((one) => [word(one.name), one]));
	const value = (name: string) => values.get(`accounts:${name}`);
	return {
		enrolled: flag(value("is_2sv_enrolled")?.boolValue),
		securityKeys: int64(value("num_security_keys")?.intValue),
		passkeys: int64(value("num_passkeys_enrolled")?.intValue),
	};
}
