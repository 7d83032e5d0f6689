import type { AccountRecord } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { CredentialRecord } from "../../src/model/objects.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { changedSince, keptJson, type LogPoint, type LogQuery, lateness } from "./log-events.js";
import { isDue } from "./moment.js";
import type { DecodedApp } from "./schema-app.js";

const cursor = "okta.credentials";

/**
 * Everything that adds, changes or takes away a client's secret, key, granted scope or refresh token, from Okta's catalogue of event types:
 * `app.oauth2.credentials.lifecycle.*`, `app.oauth2.client.lifecycle.*`, `application.lifecycle.*`; `app.oauth2.admin.consent.*`,
 * `app.oauth2.consent.*`, `app.oauth2.as.consent.*`; `app.oauth2.[as.]token.grant.refresh_token`, `…token.revoke*`, `…token.detect_reuse`.
 * Plain use of a client (`…token.grant.access_token`) is left out: it changes none of these, and is most of the log.
 * https://developer.okta.com/docs/reference/api/event-types/
 */
export const credentialEvents: LogQuery = {
	filter: [
		'eventType sw "app.oauth2.credentials.lifecycle"',
		'eventType sw "app.oauth2.client.lifecycle"',
		'eventType sw "application.lifecycle"',
		'eventType sw "app.oauth2.admin.consent"',
		'eventType sw "app.oauth2.consent"',
		'eventType sw "app.oauth2.as.consent"',
		'eventType sw "app.oauth2.token.revoke"',
		'eventType sw "app.oauth2.as.token.revoke"',
		'eventType sw "app.oauth2.token.detect_reuse"',
		'eventType sw "app.oauth2.as.token.detect_reuse"',
		'eventType eq "app.oauth2.token.grant.refresh_token"',
		'eventType eq "app.oauth2.as.token.grant.refresh_token"',
	].join(" or "),
	// An event that names an app by none of these makes everything be read.
	entities: ["AppInstance", "PublicClientApp", "ConfidentialClientApp"],
	mostPages: 5,
};

/** What the last scan that ended knew: the point in the log, and each app read whole or confirmed, with what the list of apps said of it. */
interface Memory {
	point: LogPoint;
	apps: Record<string, string>;
}

export async function remember(context: ReadContext, point: LogPoint, apps: DecodedApp[]): Promise<void> {
	const memory: Memory = { point, apps: Object.fromEntries(apps.map((app) => [app.record.id, fingerprint(app)])) };
	await context.setCursor(cursor, JSON.stringify(memory));
}

/** Apps whose stored credentials hold now. In doubt an app is not among them. */
export async function unchangedApps(connection: OktaConnection, context: ReadContext, apps: DecodedApp[], point: LogPoint): Promise<Set<string>> {
	const memory = context.full || context.budget.recheck ? null : await keptJson<Memory>(context, cursor);
	const changed = memory && (await changedSince(connection, memory.point, point, credentialEvents, context.signal));
	if (!memory || !changed) return new Set();
	const moved = await movedApps(context, memory.point.until - lateness);
	const stays = ({ record, ...app }: DecodedApp): boolean =>
		app.updated !== undefined &&
		memory.apps[record.id] === fingerprint({ record, ...app }) &&
		!changed.has(record.id) &&
		!(record.clientId && changed.has(record.clientId)) &&
		!moved.has(record.id) &&
		!isDue(record.id, memory.point.at, context.scanStarted, context.budget.perAccountMaxAge);
	return new Set(apps.filter(stays).map((app) => app.record.id));
}

/** Apps with a stored credential that ended since, or whose owner went, or lost the means to sign in since: such tokens are gone, or in doubt. */
async function movedApps(context: ReadContext, since: Millis): Promise<Set<string>> {
	const still = new Set<string>();
	for await (const record of context.current("accounts")) {
		const { enabled, statusChanged } = record.body as AccountRecord;
		if (enabled || (typeof statusChanged === "number" && statusChanged < since)) still.add(record.id);
	}
	const found = new Set<string>();
	for await (const record of context.previous("credentials")) {
		const { app, owner, expires } = record.body as CredentialRecord;
		const ended = typeof expires === "number" && expires <= context.scanStarted;
		if (app && (ended || !owner || !still.has(owner))) found.add(app);
		else if (owner && ended) found.add(owner);
	}
	return found;
}

/** The stored credentials of unchanged apps, as confirmed. */
export async function* confirmedIn(context: ReadContext, unchanged: Set<string>): AsyncGenerator<ReadPage> {
	if (unchanged.size === 0) return;
	let ids: string[] = [];
	for await (const record of context.previous("credentials")) {
		const { app, owner } = record.body as CredentialRecord;
		if (!unchanged.has(app ?? owner ?? "")) continue;
		ids.push(record.id);
		if (ids.length < 5000) continue;
		yield { records: [], request: null, confirmed: ids };
		ids = [];
	}
	if (ids.length > 0) yield { records: [], request: null, confirmed: ids };
}

function fingerprint({ record, updated, authMethod, ownClient, refreshTokens }: DecodedApp): string {
	return [updated, record.active, authMethod, ownClient, refreshTokens].join(" ");
}
