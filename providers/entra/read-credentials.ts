import type { Millis } from "../../src/model/known.js";
import type { CredentialRecord } from "../../src/model/objects.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { batch } from "./batch.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, isGone, list, whole } from "./read.js";
import { type AppObject, applications, servicePrincipals } from "./read-service-principals.js";
import { type Tally, tally } from "./read-tally.js";
import { at, type Decoded, date, word } from "./schema.js";
import { applicationRoles, decodeAppRole, decodeFederated, decodeGrant, decodeSecret, type Holder } from "./schema-credential.js";

const byId = (record: CredentialRecord): string => record.id;
const lists = ["passwordCredentials", "keyCredentials"] as const;

/** Secrets, certificates, federated credentials, and what apps were granted. */
export const credentials: Reader<EntraConnection> = {
	collection: "credentials",
	after: ["apps"],
	scopes: ["Application.Read.All"],
	async *read(connection, context) {
		const failures = tally();
		const [principals, registered] = [await servicePrincipals(connection, context), await applications(connection, context)];
		failures.end(principals.end);
		failures.end(registered.end);
		const quarantined = [...principals.quarantined, ...registered.quarantined];
		if (quarantined.length > 0) yield { records: [], request: principals.request, quarantined };
		const byClient = new Map(principals.found.map(({ record }) => [record.clientId, record.id]));
		const holders = [
			...registered.found.map((app) => ({ ...app, holder: holderOf(app, "applications", byClient.get(app.record.clientId)) })),
			...principals.found.map((app) => ({ ...app, holder: holderOf(app, "servicePrincipals") })),
		];
		const used = await lastUses(connection, context, failures);
		for (const { raw, holder } of holders)
			for (const name of lists) {
				const held = raw[name];
				if (!Array.isArray(held)) failures.fail({ cause: "quarantine", detail: `${holder.name} does not tell its ${name}` });
				else if (held.length > 0)
					yield { ...decodeAll(held, (item) => decodeSecret(item, holder, name, used.get(word(at(item, "keyId")) ?? "")), byId), request: principals.request };
			}
		const own = registered.found.map((app) => ({ ...app, holder: holderOf(app, "applications", byClient.get(app.record.clientId)) }));
		yield* parts(
			connection,
			context,
			failures,
			own,
			"/applications/{id}/federatedIdentityCredentials",
			({ holder }) =>
				(item) =>
					decodeFederated(item, holder),
		);
		const names = new Map(principals.found.map(({ record }) => [record.id, record.name]));
		for await (const page of list(connection, { method: "GET", path: "/v1.0/oauth2PermissionGrants", query: { $top: 999 } }, context.signal)) {
			yield { ...decodeAll(page.items, (item) => decodeGrant(item, names), byId), request: page.request };
			failures.end(page.end ?? { closed: true, reasons: [] });
		}
		const resources = principals.found.flatMap((app) => {
			if (!Array.isArray(app.raw.appRoles)) failures.fail({ cause: "quarantine", detail: `${app.record.name} does not tell its appRoles` });
			const roles = applicationRoles(app.raw.appRoles);
			return roles.size === 0 ? [] : [{ ...app, roles }];
		});
		yield* parts(
			connection,
			context,
			failures,
			resources,
			"/servicePrincipals/{id}/appRoleAssignedTo",
			({ record, roles }) =>
				(item) =>
					decodeAppRole(item, { id: record.id, name: record.name, roles }),
		);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};

/** Credentials of a registration are its service principal's in this tenant. */
function holderOf({ record }: AppObject, at: "applications" | "servicePrincipals", principal?: string): Holder {
	return { app: principal ?? record.id, name: record.name, at: `${at}/${record.id}` };
}

/** A list of each of many apps, twenty in one call. */
async function* parts<T extends AppObject>(
	connection: EntraConnection,
	context: ReadContext,
	failures: Tally,
	owners: T[],
	path: string,
	decoder: (owner: T) => (item: unknown) => Decoded<CredentialRecord | null>,
): AsyncGenerator<ReadPage> {
	for (let first = 0; first < owners.length; first += 20) {
		const some = owners.slice(first, first + 20);
		const asked = some.map(({ record }) => ({ path, params: { id: record.id } }));
		for (const [index, answer] of (await batch(connection, asked, "v1.0", context.signal)).entries()) {
			const owner = some[index] as T;
			if ("error" in answer) {
				if (!isGone(answer.error)) failures.add(answer.error);
				continue;
			}
			const value = at(answer.body, "value");
			yield { ...decodeAll(Array.isArray(value) ? value : [null], decoder(owner), byId), request: answer.request };
			const from = word(at(answer.body, "@odata.nextLink"));
			if (from === undefined) continue;
			for await (const page of list(connection, { method: "GET", path: `/v1.0${path}`, params: { id: owner.record.id } }, context.signal, { from })) {
				yield { ...decodeAll(page.items, decoder(owner), byId), request: page.request };
				failures.end(page.end ?? { closed: true, reasons: [] });
			}
		}
	}
}

/** When each secret and certificate was last used, by key id. The report is a preview and needs a licence: without it the last use is unknown. */
async function lastUses(connection: EntraConnection, context: ReadContext, failures: Tally): Promise<Map<string, Millis>> {
	const found = new Map<string, Millis>();
	const { items, end } = await whole(connection, { method: "GET", path: "/beta/reports/appCredentialSignInActivities" }, context.signal);
	for (const item of items) {
		const [key, used] = [word(at(item, "keyId")), date(at(item, "signInActivity", "lastSignInDateTime"))];
		if (key !== undefined && typeof used === "number") found.set(key, Math.max(used, found.get(key) ?? 0));
	}
	if (end.error) failures.note({ ...reasonOf(end.error), detail: `when credentials were last used is not known: ${end.error.message}` });
	return found;
}
