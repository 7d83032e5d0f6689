import { Refusal } from "../../../src/emulate/call.js";
import { badContent, illegalValue, notFound, rateLimited } from "./errors.js";
import { current, everywhere, notBeta, notV3, record, routes, yearly } from "./route.js";
import { ownership } from "./routes-identities.js";
import type { Identity, SailCall, SailRoute, Tenant } from "./state.js";
import { newId, renderTask, startTask } from "./tasks.js";

/** Attributes of one identity are synchronised at most once in this time. */
const SYNC_PAUSE = 10_000;
const CHANNELS = ["EMAIL_WORK", "EMAIL_PERSONAL", "LINK_WORK", "LINK_PERSONAL"];

/** Writes to identities. */
export function identityWrites(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const change = (identity: Identity, over: Partial<Identity>) => world.put(tenant.identities, identity.id, { ...identity, ...over, modified: world.now() });
	const launcher = (call: SailCall) => call.caller?.credential.identityId ?? "system";

	function remove(call: SailCall) {
		const identity = current(call, tenant.identities);
		if (identity.protected) throw badContent(call, `Identity ${identity.name} is protected and cannot be deleted.`);
		const associationDetails = ownership(tenant, identity.id);
		if (associationDetails.length > 0) throw new Refusal(400, { message: "Identity is the owner of following resources", associationDetails });
		world.drop(tenant.identities, identity.id);
		for (const [id, assignment] of tenant.assignments) if (assignment.identityId === identity.id) world.drop(tenant.assignments, id);
		for (const account of tenant.accounts.values())
			if (account.identityId === identity.id) world.put(tenant.accounts, account.id, { ...account, identityId: null, modified: world.now() });
		return { status: 204 };
	}

	function reset(call: SailCall) {
		const identity = current(call, tenant.identities);
		change(identity, { status: "UNREGISTERED", capabilities: [] });
		return { status: 202 };
	}

	function invite(call: SailCall) {
		const { ids, uninvited = false } = record(call.body);
		const named = ids ?? [];
		if (!Array.isArray(named) || typeof uninvited !== "boolean") throw illegalValue(call, "ids");
		if (named.length === 0 && !uninvited) throw illegalValue(call, "ids");
		const unknown = named.find((id) => !tenant.identities.has(id));
		if (unknown !== undefined) throw badContent(call, `Identity ${unknown} was not found.`);
		const chosen: string[] = named.length > 0 ? named : [...tenant.identities.keys()].slice(0, 1000);
		const about = {
			uniqueName: `Invite identities ${newId().slice(0, 8)}`,
			description: "Sends invitations to unregistered identities",
			kind: "INVITE_IDENTITIES",
		};
		const task = startTask(tenant, { ...about, launcher: launcher(call), target: null }, () => {
			for (const id of chosen) {
				const identity = tenant.identities.get(id);
				if (identity?.status === "UNREGISTERED" && identity.email !== null) change(identity, { status: "PENDING" });
			}
			return undefined;
		});
		return { status: 202, body: renderTask(task) };
	}

	function process(call: SailCall) {
		const { identityIds } = record(call.body);
		if (!Array.isArray(identityIds) || identityIds.length === 0 || identityIds.length > 250) throw illegalValue(call, "identityIds");
		const unknown = identityIds.find((id) => !tenant.identities.has(id));
		if (unknown !== undefined) throw badContent(call, `Identity ${unknown} was not found.`);
		const about = { uniqueName: `Refresh identities ${newId().slice(0, 8)}`, description: "Processes identities", kind: "IDENTITY_REFRESH" };
		const task = startTask(tenant, { ...about, launcher: launcher(call), target: null }, () => {
			for (const id of identityIds) {
				const identity = tenant.identities.get(id);
				if (identity) change(identity, { processingState: "OK", lastRefresh: world.now() });
			}
			return undefined;
		});
		return { status: 202, body: { type: "TASK_RESULT", id: task.id, name: task.uniqueName } };
	}

	function synchronize(call: SailCall) {
		const identity = current(call, tenant.identities);
		const since = identity.syncedAt === null ? SYNC_PAUSE : world.now() - identity.syncedAt;
		if (since < SYNC_PAUSE) throw rateLimited(Math.ceil((SYNC_PAUSE - since) / 1000));
		change(identity, { syncedAt: world.now() });
		const payload = { type: "SYNCHRONIZE_IDENTITY_ATTRIBUTES", dataJson: JSON.stringify({ identityId: identity.id }) };
		const target = { id: identity.id, type: "IDENTITY", name: identity.name } as const;
		const about = {
			uniqueName: `Attribute synchronization ${identity.alias}`,
			description: "Synchronises attributes",
			kind: "CLOUD_ATTRIBUTE_SYNCHRONIZATION",
		};
		const task = startTask(tenant, { ...about, launcher: launcher(call), target }, () => {
			const now = tenant.identities.get(identity.id);
			if (!now) return "The identity is gone.";
			for (const account of tenant.accounts.values())
				if (account.identityId === identity.id && "email" in account.attributes && now.email !== null)
					world.put(tenant.accounts, account.id, { ...account, attributes: { ...account.attributes, email: now.email }, modified: world.now() });
			return undefined;
		});
		return { status: 202, body: { id: task.id, status: "IN_PROGRESS", payload } };
	}

	function sendVerification(call: SailCall) {
		const identity = current(call, tenant.identities);
		const { via, sourceName } = record(call.body);
		if (typeof via !== "string" || !CHANNELS.includes(via)) throw illegalValue(call, "via");
		if (typeof sourceName === "string" && ![...tenant.sources.values()].some(({ name }) => name === sourceName)) throw illegalValue(call, "sourceName");
		if (identity.email === null || via.endsWith("PERSONAL")) throw badContent(call, `Identity ${identity.name} has no address for ${via}.`);
		const target = { id: identity.id, type: "IDENTITY", name: identity.name } as const;
		const about = { uniqueName: `Password reset mail ${identity.alias}`, description: `Sent by ${via}`, kind: "SEND_VERIFICATION" };
		startTask(tenant, { ...about, launcher: launcher(call), target }, () => undefined);
		return { status: 200 };
	}

	function setLifecycle(call: SailCall) {
		const identity = tenant.identities.get(call.params.id ?? "");
		if (!identity) throw notFound(call);
		const state = tenant.lifecycleStates.get(String(record(call.body).lifecycleStateId));
		if (!state) throw illegalValue(call, "lifecycleStateId");
		const id = newId();
		const account = [...tenant.accounts.values()].find((one) => one.identityId === identity.id);
		const made = {
			id,
			type: "Lifecycle Change",
			requester: launcher(call),
			target: identity.id,
			operation: state.identityState === "ACTIVE" ? "ENABLE" : "DISABLE",
		} as const;
		const where = { nativeIdentity: account?.nativeIdentity ?? identity.alias, sourceId: account?.sourceId ?? "" };
		world.put(tenant.activities, id, { ...made, ...where, created: world.now(), completed: world.now(), error: null });
		change(identity, { lifecycle: state.technicalName, lifecycleByHand: true });
		return { status: 200, body: { accountActivityId: id } };
	}

	const manage = { scopes: "identity:manage" };
	const experimental = true;
	const helpdesk = "ORG_ADMIN HELPDESK";
	return [
		...routes(notV3, "DELETE /identities/{id}", manage, () => remove),
		...routes(["beta"], "POST /identities/{id}/reset", { scopes: "identity:update" }, () => reset),
		...routes(yearly, "POST /identities/{id}/reset", manage, () => reset),
		...routes(["beta"], "POST /identities/invite", { levels: helpdesk }, () => invite),
		...routes(yearly, "POST /identities/invite", { scopes: "password-user-invite:manage", levels: helpdesk, experimental }, () => invite),
		...routes(notV3, "POST /identities/process", { scopes: "identity:manage identity:process", levels: helpdesk, experimental }, () => process),
		...routes(notV3, "POST /identities/{id}/synchronize-attributes", { levels: "ORG_ADMIN", experimental }, () => synchronize),
		...routes(
			notV3,
			"POST /identities/{id}/verification/account/send",
			{ scopes: "password:user-invite", levels: helpdesk, experimental },
			() => sendVerification,
		),
		...routes(notBeta, "POST /identities/{id}/set-lifecycle-state", { scopes: "identity-lifecycle-state:manage", levels: "ORG_ADMIN" }, () => setLifecycle),
		...["enable", "disable"].flatMap((word) => tenantAccounts(tenant, word === "enable")),
	];
}

/** The tenant's own account of an identity: whether its owner can sign in to the tenant. */
function tenantAccounts(tenant: Tenant, enable: boolean): SailRoute[] {
	const { world } = tenant;
	const word = enable ? "enable" : "disable";
	const rights = { scopes: "accounts-state:manage accounts-provisioning:manage", levels: "ORG_ADMIN SOURCE_ADMIN SOURCE_SUBADMIN" };
	const set = (identity: Identity) => world.put(tenant.identities, identity.id, { ...identity, status: enable ? "ACTIVE" : "DISABLED", modified: world.now() });
	return [
		...routes(everywhere, `POST /identities-accounts/{id}/${word}`, rights, () => (call) => {
			set(current(call, tenant.identities));
			return { status: 202, body: {} };
		}),
		...routes(everywhere, `POST /identities-accounts/${word}`, rights, () => (call) => {
			const { identityIds } = record(call.body);
			if (!Array.isArray(identityIds) || identityIds.length === 0) throw illegalValue(call, "identityIds");
			const body = identityIds.map((id: string) => {
				const identity = tenant.identities.get(id);
				if (!identity) return { id, statusCode: 404, message: "Referenced identity was not found." };
				set(identity);
				return { id, statusCode: 202, message: "" };
			});
			return { status: 207, body };
		}),
	];
}
