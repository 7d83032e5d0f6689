import { type Call, ok, param, type Refusal, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { catalogApp, catalogApps, catalogEntries, shownEntry } from "./catalog.js";
import { controlProfiles } from "./controls.js";
import { notFound } from "./errors.js";
import type { Fields } from "./find.js";
import { plainSettings } from "./make-apps.js";
import { scopesOf } from "./make-plugins.js";
import { tokenPage } from "./paging.js";
import type { App, Tenant } from "./types.js";

const root = "/sspm/api/v1";

const appFields: Fields<App> = {
	app_id: (app) => app.app_id,
	name: (app) => app.name,
	type: (app) => app.type,
	status: (app) => String(app.status),
	health_status: (app) => String(app.health_status),
	instance_label: (app) => String(app.instance_label),
	last_scanned_at: (app) => String(app.last_scanned_at ?? ""),
};

/** Applications, their configurations, and the vendor's catalogue. */
export function sspmRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const { state, world } = tenant;
	const appOf = (call: Call): App => {
		const found = world.seen(state.apps, param(call, "app_id"));
		if (!found) throw gone(call);
		return found;
	};
	const typeOf = (call: Call) => {
		const found = catalogApp(param(call, "app"));
		if (!found) throw notFound(call, `Application type "${param(call, "app")}" is not in the catalog`);
		return found;
	};
	const get = (template: string, area: Needs["area"], handler: Route<Needs, ServiceAccount>["handler"]): Route<Needs, ServiceAccount> => ({
		method: "GET",
		template: `${root}${template}`,
		needs: { area },
		handler,
	});
	const source = { rows: () => world.allSeen(state.apps).map(([, app]) => app), fields: appFields, show: (app: App) => app, idKey: "app_id" };

	return [
		get("/apps", null, (call) => tokenPage(tenant, call, source, false)),
		get("/apps/{app_id}", null, (call) => ok(appOf(call))),
		get("/apps/{app_id}/configs", "SCAN", (call) => bare(world.seen(state.configs, appOf(call).app_id) ?? [])),
		get("/apps/{app_id}/settings", "SCAN", (call) => {
			const app = appOf(call);
			const all = [...plainSettings(app), ...(world.seen(state.configs, app.app_id) ?? [])];
			return tenant.choices.settingsForm === "string" ? ok(JSON.stringify(all)) : bare(all);
		}),
		get("/auth/{app}/info", null, (call) => ok(signInForm(typeOf(call).name))),
		get("/catalog/apps", null, () =>
			bare(
				catalogApps.map((app) => shownApp(app.name)),
				"name",
			),
		),
		get("/catalog/apps/{app}", null, (call) => ok(shownApp(typeOf(call).name))),
		get("/catalog/apps/{app}/configs", null, (call) => {
			const app = typeOf(call);
			return bare(catalogEntries(app.name).map((entry) => shownEntry(app, entry)));
		}),
		get("/catalog/apps/{app}/scopes", null, (call) =>
			bare(
				scopesOf(typeOf(call).name).map(({ id, description, risk }) => ({
					id,
					name: description,
					native_name: id,
					description,
					severity: risk,
					enabled: true,
				})),
			),
		),
		get("/catalog/controls/{common_control_id}", null, (call) => {
			const found = controlProfiles(param(call, "common_control_id"));
			if (!found) throw notFound(call, `Common control "${param(call, "common_control_id")}" does not exist`);
			return ok(found);
		}),
	];
}

/** An array without an envelope, never paged. */
function bare(items: unknown[], idKey = "id") {
	return { status: 200, list: { items, wrap: (all: unknown[]) => all, idKey } };
}

const gone = (call: Call): Refusal => notFound(call, "Application is not registered");

function shownApp(name: string): Record<string, unknown> | undefined {
	const app = catalogApp(name);
	return app && { name: app.name, display_name: app.display_name, enabled: app.enabled, lambda: false, features: app.features, features_metadata: {} };
}

/** What the vendor asks for when an application of that type is set up. */
function signInForm(type: string): Record<string, unknown> {
	const redirect = type === "office365" || type === "google-workspace" || type === "github";
	return {
		strategy: redirect ? "REDIRECT_URL" : "PROVIDED_CREDENTIALS",
		fields: [
			{ kind: "DOC", text: `Allow the scanner to read ${type}.` },
			{ kind: "FIELD", name: "domain", label: "Domain", required: true },
			...(redirect ? [] : [{ kind: "FIELD", name: "api_token", label: "API token", required: true, secret: true }]),
		],
		sso_fields: redirect ? [] : [{ sso_provider: "OKTA", fields: [{ kind: "FIELD", name: "okta_domain", label: "Okta domain", required: true }] }],
	};
}
