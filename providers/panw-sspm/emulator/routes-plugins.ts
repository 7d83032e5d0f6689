import { ok, param, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { notFound } from "./errors.js";
import type { Fields } from "./find.js";
import { tokenPage } from "./paging.js";
import type { Plugin, PluginUser, Tenant } from "./types.js";

const meta = (plugin: Plugin, key: string): unknown => (plugin.metadata as Record<string, unknown>)[key];
const text =
	(key: string) =>
	(plugin: Plugin): string =>
		String(plugin[key] ?? "");

const pluginFields: Fields<Plugin> = {
	id: (plugin) => plugin.id,
	app_id: text("app_id"),
	app_name: text("app_name"),
	app_type: text("app_type"),
	third_party_app_id: text("third_party_app_id"),
	third_party_app_name: text("third_party_app_name"),
	marketplace: text("marketplace"),
	marketplace_app_id: text("marketplace_app_id"),
	// The name that the specification's example of a filter has for it.
	marketplace_plugin_id: text("marketplace_app_id"),
	level: text("level"),
	severity: text("severity"),
	classification: text("classification"),
	status: text("status"),
	user_count: (plugin) => Number(plugin.user_count),
	publisher_name: (plugin) => String(meta(plugin, "publisher_name")),
	use_cases: (plugin) => meta(plugin, "use_cases") as string[],
	is_gen_ai: (plugin) => meta(plugin, "is_gen_ai") === true,
};

const userFields: Fields<PluginUser> = {
	id: (user) => user.id,
	email: (user) => user.email,
	full_name: (user) => user.full_names,
	full_names: (user) => user.full_names,
	user_level_plugins_count: (user) => user.plugins.length,
};

/** Third-party apps and extensions, and who uses them. Every one of these calls wants `x-ps-tenant`. */
export function pluginRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const { state, world } = tenant;
	const needs: Needs = { area: "THIRD_PARTY_APPS", tenantHeader: true };
	const get = (template: string, handler: Route<Needs, ServiceAccount>["handler"]): Route<Needs, ServiceAccount> => ({
		method: "GET",
		template: `/sspm/api/v1${template}`,
		needs,
		handler,
	});
	const all = () => world.allSeen(state.plugins).map(([, plugin]) => plugin);
	const showUser = (user: PluginUser) => ({
		id: user.id,
		tenant: tenant.name,
		email: user.email,
		full_names: user.full_names,
		marketplaces: [...new Set(user.plugins.map((id) => String(state.plugins.get(id)?.marketplace)))],
		user_level_plugins_count: user.plugins.length,
	});

	return [
		get("/plugins", (call) => tokenPage(tenant, call, { rows: all, fields: pluginFields, show: (plugin) => plugin }, true)),
		get("/plugins/classification-aggregates", () => {
			const plugins = all();
			const sanctioned = new Set(plugins.filter((plugin) => plugin.classification === "SANCTIONED").map(({ id }) => id));
			const users = [...state.pluginUsers.values()].filter((user) => user.plugins.some((id) => !sanctioned.has(id)));
			return ok({ total_third_party_apps: plugins.length, sanctioned_third_party_apps: sanctioned.size, users_using_unsanctioned_apps: users.length });
		}),
		get("/plugins/{id}", (call) => {
			const found = world.seen(state.plugins, param(call, "id"));
			if (!found) throw notFound(call, "Plugin does not exist");
			return ok(found);
		}),
		get("/plugin-users", (call) =>
			tokenPage(tenant, call, { rows: () => world.allSeen(state.pluginUsers).map(([, user]) => user), fields: userFields, show: showUser }, true),
		),
		get("/plugin-users/{id}/plugins", (call) => {
			const user = world.seen(state.pluginUsers, param(call, "id"));
			if (!user) throw notFound(call, "Plugin user does not exist");
			const rows = () => user.plugins.flatMap((id) => state.plugins.get(id) ?? []);
			const show = (plugin: Plugin) => ({
				user_id: user.id,
				full_name: user.full_names[0],
				app_id: plugin.app_id,
				app_name: plugin.app_name,
				level: plugin.level,
				marketplace: plugin.marketplace,
				severity: plugin.severity,
				status: plugin.status,
				tenant: tenant.name,
				third_party_app_id: plugin.third_party_app_id,
				third_party_app_name: plugin.third_party_app_name,
			});
			return tokenPage(tenant, call, { rows, fields: {}, show, idKey: "third_party_app_id" }, true);
		}),
	];
}
