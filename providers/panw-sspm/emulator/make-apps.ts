import { day, hash, hour } from "../../../src/emulate/random.js";
import { type CatalogEntry, catalogApp, catalogEntries, operatorWords } from "./catalog.js";
import { uuid } from "./ids.js";
import { seconds } from "./show.js";
import type { App, Config, ConfigTicket } from "./types.js";

export interface AppPlan {
	type: string;
	name: string;
	/** The tenant and who set the application up. */
	tenant: string;
	tsgId: string;
	owner: { user_id: string; email: string; full_name: string };
	label?: "Default" | "Production" | "Sandbox" | "Internal" | "QA" | "Dev";
	/** Hours since the last scan [4]; null for never. */
	scanned?: number | null;
	/** What is wrong with it. */
	trouble?: "auth" | "disabled" | "new";
}

/** An application as `apps` shows it. */
export function makeApp(plan: AppPlan, now: number): App {
	const { type, name, trouble } = plan;
	const scanned = plan.scanned === undefined ? 4 : plan.scanned;
	const at = scanned === null ? null : seconds(now - scanned * hour);
	const features = catalogApp(type)?.features ?? [];
	const status = trouble === "auth" ? "AUTH_REQUIRED" : scanned === null ? "UNKNOWN" : "OK";
	const state = {
		status,
		...(trouble === "auth" && { status_details: "The credential that was given for this application is no longer accepted." }),
		...(at !== null && { last_scanned_at: at }),
		updated_at: seconds(now - (trouble === "auth" ? 1 : (scanned ?? 1)) * hour),
	};
	return {
		app_id: uuid(`app/${plan.tenant}/${type}/${name}`),
		name,
		type,
		status: trouble === "disabled" ? "Disabled" : trouble === "new" ? "Registered" : "Active",
		health_status: trouble === "auth" ? "Unhealthy" : trouble === "disabled" ? "Down" : trouble === "new" ? "Unknown" : "Up",
		instance_label: plan.label ?? "Production",
		remediation_enabled: false,
		scan_interval_minutes: 1440,
		...(at !== null && { last_scanned_at: at, last_validated_at: at }),
		missing_configs: trouble === "new" ? ["client_secret"] : [],
		features_state: Object.fromEntries(features.filter((one) => one === "SCAN" || one === "IDENTITY").map((one) => [one, state])),
		features_metadata: {},
		configs: { domain: "acme.example" },
		app_settings: {},
		owner: plan.owner,
		tenant: plan.tenant,
		tsg_id: plan.tsgId,
		created_by: plan.owner.email,
		created_at: seconds(now - (200 + (hash(name) % 300)) * day),
		changed_by: plan.owner.email,
		changed_at: seconds(now - (hash(name, 3) % 60) * day),
	};
}

/** What is particular about one configuration. */
export interface ConfigPlan {
	value?: string;
	/** The administrators take this value in place of the recommended one. */
	overridden?: string;
	/** A drift from the recommended value is reported as such. */
	locked?: boolean;
	monitored?: boolean;
	attestation?: string;
	/** Never read. */
	unread?: boolean;
	tickets?: ConfigTicket[];
}

/** Every configuration of an application, as `apps/{app_id}/configs` shows it. */
export function makeConfigs(app: App, plans: Readonly<Record<string, ConfigPlan>>, weak: (entry: CatalogEntry) => boolean): Config[] {
	const site = catalogApp(app.type)?.console ?? "";
	return catalogEntries(app.type).map((entry) => {
		const plan = plans[entry.id] ?? {};
		const right = rightValue(entry);
		const current = plan.value ?? (weak(entry) ? entry.weak : right);
		const wanted = plan.overridden ?? entry.recommended;
		const status = plan.unread ? "Unknown" : holds(entry.operator, current, wanted) ? "Pass" : "Fail";
		return {
			id: uuid(`config/${app.app_id}/${entry.id}`),
			config_id: entry.id,
			app_id: app.app_id,
			tenant: String(app.tenant),
			name: entry.name,
			category: entry.category,
			subcategory: entry.nativeCategory,
			description: `Checks "${entry.name}" of ${app.name}.`,
			descriptionUrl: `https://docs.paloalto.example/sspm/${app.type}/${entry.id}`,
			status,
			...(!plan.unread && { current_value: current }),
			recommended_value: entry.recommended,
			operator: entry.operator,
			operator_display_value: operatorWords[entry.operator] ?? entry.operator,
			common_control_id: entry.control,
			monitored: plan.monitored ?? true,
			...(plan.attestation !== undefined && { monitored_attestation: plan.attestation }),
			locked: plan.locked ?? false,
			...(plan.locked && { locked_value: entry.recommended }),
			overridden: plan.overridden !== undefined,
			...(plan.overridden !== undefined && { overridden_value: plan.overridden }),
			remediation_enabled: false,
			remediation_steps: `Open https://${site}/${entry.id} and set the value to ${entry.recommended}.`,
			console_url: `https://${site}/${entry.id}`,
			tickets: plan.tickets ?? [],
		};
	});
}

/** Settings of the application that nothing is checked against: beside the configurations, in `apps/{app_id}/settings`. */
export function plainSettings(app: App): Config[] {
	return [
		["display_name", "Name of the organisation", app.name],
		["default_language", "Language", "en"],
	].map(([id = "", name = "", value = ""]) => ({
		id: uuid(`setting/${app.app_id}/${id}`),
		config_id: id,
		app_id: app.app_id,
		tenant: String(app.tenant),
		name,
		category: "General",
		status: "Unknown",
		current_value: value,
		monitored: false,
		locked: false,
		overridden: false,
		remediation_enabled: false,
		tickets: [],
	}));
}

/** Whether a value passes, as the operator's name says. */
function holds(operator: string, value: string, wanted: string): boolean {
	const all = wanted.split(",");
	switch (operator) {
		case "not_equal":
			return value !== wanted;
		case "greater_or_equal":
			return Number(value) >= Number(wanted);
		case "less_or_equal":
			return Number(value) <= Number(wanted) && Number(value) > 0;
		case "one_of":
			return all.includes(value);
		case "not_one_of":
			return !all.includes(value);
		case "in_range":
			return Number(value) >= Number(all[0]) && Number(value) <= Number(all[1]);
		default:
			return value === wanted;
	}
}

function rightValue(entry: CatalogEntry): string {
	if (entry.operator === "not_equal" || entry.operator === "not_one_of") return entry.recommended === "ANYONE" ? "DISABLED" : entry.weak;
	return entry.valueType === "string" && entry.operator === "equal" ? entry.recommended : (entry.recommended.split(",")[0] ?? "");
}
