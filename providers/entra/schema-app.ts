import type { KnownList } from "../../src/model/known.js";
import type { AppRecord } from "../../src/model/objects.js";
import type { AppObject } from "./read-service-principals.js";
import { at, type Decoded, flag, identified, known, stamp, word } from "./schema.js";

/** `$expand` gives this many at most, and does not say that there are more. */
const mostExpanded = 20;

/** `GET /servicePrincipals` item. An app of Microsoft's or of another tenant is foreign. */
export function decodeServicePrincipal(item: unknown, tenantId: string): Decoded<AppObject> {
	const found = identified(item, "service principal");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const active = flag(raw.accountEnabled);
	if (active === undefined) return { bad: "a service principal does not tell accountEnabled", id };
	const type = word(raw.servicePrincipalType) ?? "";
	const owner = word(raw.appOwnerOrganizationId);
	const record = known<AppRecord>({
		id,
		name: word(raw.displayName) ?? id,
		type,
		active,
		nonHuman: true,
		clientId: word(raw.appId),
		created: stamp(raw.createdDateTime),
		owners: ownersOf(raw.owners),
		foreign: owner === undefined ? (type === "ManagedIdentity" ? false : undefined) : owner.toLowerCase() !== tenantId.toLowerCase(),
	});
	return { ok: { record, raw } };
}

/** `GET /applications` item: a registration of this tenant's own. By itself it signs in nowhere: its service principal does. */
export function decodeApplication(item: unknown): Decoded<AppObject> {
	const found = identified(item, "application");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const record = known<AppRecord>({
		id,
		name: word(raw.displayName) ?? id,
		type: "application",
		active: false,
		nonHuman: true,
		clientId: word(raw.appId),
		created: stamp(raw.createdDateTime),
		owners: ownersOf(raw.owners),
		foreign: false,
	});
	return { ok: { record, raw } };
}

function ownersOf(value: unknown): KnownList<string> | undefined {
	if (!Array.isArray(value)) return undefined;
	const ids = value.map((owner) => word(at(owner, "id")));
	const owners: KnownList<string> = ids.filter((id) => id !== undefined);
	if (owners.length < ids.length || ids.length >= mostExpanded) owners.partial = true;
	return owners;
}
