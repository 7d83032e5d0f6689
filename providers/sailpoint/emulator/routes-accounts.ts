import { badContent, illegalValue, notFound } from "./errors.js";
import type { Field, Fields } from "./filter.js";
import { answerList, type Collection } from "./page.js";
import { identityState, renderAccount } from "./render.js";
import { renderEntitlement } from "./render-access.js";
import { all, current, everywhere, named, notV3, record, routes } from "./route.js";
import type { Account, SailCall, SailRoute, Tenant } from "./state.js";
import { startActivity, startTask } from "./tasks.js";

function listing(tenant: Tenant): Collection<Account> {
	const identityOf = (account: Account) => (account.identityId === null ? undefined : tenant.identities.get(account.identityId));
	const sourceOf = (account: Account) => tenant.sources.get(account.sourceId);
	const moments = "eq ge gt le lt";
	const fields: Fields<Account> = {
		id: { ops: "eq in sw", get: (account) => account.id },
		identityId: { ops: "eq in sw", get: (account) => account.identityId },
		name: { ops: "eq in sw", get: (account) => account.name },
		nativeIdentity: { ops: "eq in sw", get: (account) => account.nativeIdentity },
		hasEntitlements: { ops: "eq", get: (account) => account.entitlements.length > 0 },
		sourceId: { ops: "eq in sw", get: (account) => account.sourceId },
		uncorrelated: { ops: "eq", get: (account) => account.identityId === null },
		origin: { ops: "eq in", get: (account) => account.origin },
		manuallyCorrelated: { ops: "eq", get: (account) => account.manuallyCorrelated },
		"identity.name": { ops: "eq in sw", get: (account) => identityOf(account)?.name },
		"identity.correlated": { ops: "eq", get: (account) => identityOf(account)?.correlated ?? false },
		"identity.identityState": { ops: "eq in", get: (account) => identityState(tenant, identityOf(account)) },
		"source.displayableName": { ops: "eq in", get: (account) => sourceOf(account)?.name },
		"source.authoritative": { ops: "eq", get: (account) => sourceOf(account)?.authoritative ?? false },
		"source.connectionType": { ops: "eq in", get: (account) => sourceOf(account)?.connectionType },
		created: { ops: moments, get: (account) => account.created },
		modified: { ops: moments, get: (account) => account.modified },
	};
	const get = (name: string): Field<Account>["get"] => fields[name]?.get ?? (() => undefined);
	const names = [
		...["id", "name", "created", "modified", "sourceId", "identityId", "nativeIdentity", "manuallyCorrelated", "origin"],
		...["identity.name", "identity.identityState", "identity.correlated", "source.displayableName", "source.authoritative", "source.connectionType"],
	];
	const sorters = Object.fromEntries(names.map((name) => [name, get(name)]));
	return { fields, sorters: { ...sorters, uuid: (account) => account.uuid }, strictEnd: true };
}

/** Accounts on sources: reads, and the changes that run as tasks. */
export function accountRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const how = listing(tenant);
	const levels = "ORG_ADMIN SOURCE_ADMIN SOURCE_SUBADMIN";
	const read = { scopes: "accounts:read accounts:manage", levels: `${levels} HELPDESK` };
	const manage = { scopes: "accounts:manage", levels };
	const toggle = { scopes: "accounts-state:manage", levels: `${levels} HELPDESK` };

	const update = (id: string, over: Partial<Account>): string | undefined => {
		const account = tenant.accounts.get(id);
		if (!account) return "The account is gone.";
		world.put(tenant.accounts, id, { ...account, ...over, modified: world.now() });
		return undefined;
	};
	function begin(call: SailCall, operation: "ENABLE" | "DISABLE" | "UNLOCK" | "DELETE", work: (account: Account) => string | undefined) {
		const account = current(call, tenant.accounts);
		const { nativeIdentity, sourceId, identityId } = account;
		const task = startActivity(tenant, call, { operation, nativeIdentity, sourceId, target: identityId }, () => work(account));
		return { status: 202, body: { id: task.id } };
	}
	function toggled(call: SailCall, operation: "ENABLE" | "DISABLE" | "UNLOCK") {
		const body = record(call.body);
		for (const name of ["forceProvisioning", "unlockIDNAccount"]) if (name in body && typeof body[name] !== "boolean") throw illegalValue(call, name);
		return begin(call, operation, (account) => {
			const source = tenant.sources.get(account.sourceId);
			if (source && !source.features.includes(operation === "UNLOCK" ? "UNLOCK" : "ENABLE")) return `Source ${source.name} does not support ${operation}.`;
			if (operation === "UNLOCK") return update(account.id, { locked: false });
			return update(account.id, { disabled: operation === "DISABLE", ...(body.forceProvisioning === true && { locked: false }) });
		});
	}
	function remove(call: SailCall) {
		const account = current(call, tenant.accounts);
		const source = tenant.sources.get(account.sourceId);
		if (source?.connectionType !== "file")
			throw badContent(call, `Accounts can only be deleted from sources of the type DelimitedFile, not from ${source?.name}.`);
		return begin(call, "DELETE", ({ id }) => (world.drop(tenant.accounts, id) ? undefined : "The account is gone."));
	}
	function forget(call: SailCall) {
		const account = current(call, tenant.accounts);
		const source = tenant.sources.get(account.sourceId);
		const target = source ? ({ id: source.id, type: "APPLICATION", name: source.name } as const) : null;
		const about = { uniqueName: `Remove account ${account.nativeIdentity}`, description: "Removes an account without provisioning", kind: "ACCOUNT_DELETION" };
		const launcher = call.caller?.credential.identityId ?? "system";
		const task = startTask(tenant, { ...about, launcher, target }, () => (world.drop(tenant.accounts, account.id) ? undefined : "The account is gone."));
		return { status: 202, body: { type: "TASK_RESULT", id: task.id, name: null } };
	}

	return [
		...routes(everywhere, "GET /accounts", read, () => (call) => {
			const level = call.query.get("detailLevel") ?? "FULL";
			if (level !== "FULL" && level !== "SLIM") throw illegalValue(call, "detailLevel");
			return answerList(call, all(world, tenant.accounts), how, (account) => renderAccount(tenant, account, level === "SLIM"));
		}),
		...routes(everywhere, "GET /accounts/{id}", read, () => (call) => ({ status: 200, body: renderAccount(tenant, named(world, call, tenant.accounts)) })),
		...routes(everywhere, "GET /accounts/{id}/entitlements", read, (version) => (call) => {
			const held = named(world, call, tenant.accounts).entitlements.flatMap((id) => tenant.entitlements.get(id) ?? []);
			// This list keeps the older form of an entitlement in every version.
			return answerList(call, held, {}, (entitlement) => renderEntitlement(tenant, entitlement, version === "v2026" ? "v2025" : version));
		}),
		...routes(everywhere, "POST /accounts/{id}/enable", toggle, () => (call) => toggled(call, "ENABLE")),
		...routes(everywhere, "POST /accounts/{id}/disable", toggle, () => (call) => toggled(call, "DISABLE")),
		...routes(everywhere, "POST /accounts/{id}/unlock", toggle, () => (call) => toggled(call, "UNLOCK")),
		...routes(everywhere, "POST /accounts/{id}/reload", toggle, () => (call) => begin(call, "ENABLE", () => undefined)),
		...routes(everywhere, "DELETE /accounts/{id}", manage, () => remove),
		...routes(notV3, "POST /accounts/{id}/remove", manage, () => forget),
		...routes(everywhere, "GET /account-usages/{accountId}/summaries", { scopes: "identity-history:manage" }, () => (call) => {
			const account = tenant.accounts.get(call.params.accountId ?? "");
			if (!account) throw notFound(call);
			const months = tenant.sources.get(account.sourceId)?.usage && !account.disabled ? usage(account, world.now()) : [];
			return answerList(call, months, { sorters: { date: (month) => month.date } }, (month) => month);
		}),
	];
}

/** Days of use by month, newest first; what an account did is made up from its id. */
function usage(account: Account, now: number): { date: string; count: number }[] {
	return Array.from({ length: 12 }, (_, back) => {
		const month = new Date(now);
		month.setUTCDate(1);
		month.setUTCMonth(month.getUTCMonth() - back);
		return { date: month.toISOString().slice(0, 10), count: (Number.parseInt(account.id.slice(0, 6), 16) >> back) % 22 };
	});
}
