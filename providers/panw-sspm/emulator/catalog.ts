import { catalogTable } from "./catalog-table.js";

/** One configuration that the vendor knows for an application type. */
export interface CatalogEntry {
	id: string;
	name: string;
	category: string;
	severity: "Critical" | "High" | "Medium" | "Low";
	nativeCategory: string;
	operator: string;
	valueType: "bool" | "int" | "string";
	recommended: string;
	/** A value that fails; what a fresh tenant of that application has. */
	weak: string;
	control: string;
}

export interface CatalogApp {
	name: string;
	display_name: string;
	enabled: boolean;
	features: string[];
	/** Where its settings are made. */
	console: string;
}

const table: [string, string, string, string][] = [
	["office365", "Microsoft 365", "SCAN REMEDIATE RISKY_ACCOUNTS THIRD_PARTY_APPS THIRD_PARTY_APPS_USER_REVOKE IDENTITY", "admin.microsoft.example"],
	["google-workspace", "Google Workspace", "SCAN RISKY_ACCOUNTS THIRD_PARTY_APPS THIRD_PARTY_APPS_USER_REVOKE IDENTITY", "admin.google.example"],
	["slack", "Slack Enterprise", "SCAN THIRD_PARTY_APPS IDENTITY", "slack.example/admin"],
	["github", "GitHub Enterprise", "SCAN REMEDIATE THIRD_PARTY_APPS IDENTITY", "github.example/settings"],
	["okta", "Okta", "SCAN REMEDIATE IDENTITY", "okta.example/admin"],
	["salesforce", "Salesforce", "SCAN REMEDIATE RISKY_ACCOUNTS THIRD_PARTY_APPS IDENTITY", "salesforce.example/setup"],
	["servicenow", "ServiceNow", "SCAN IDENTITY", "servicenow.example/now"],
	["zoom", "Zoom", "SCAN", "zoom.example/account"],
	["box", "Box", "SCAN THIRD_PARTY_APPS", "box.example/master"],
	["jira", "Jira", "SCAN THIRD_PARTY_APPS", "jira.example/admin"],
	["workday", "Workday", "SCAN IDENTITY", "workday.example/d"],
	["webex", "Webex", "", "webex.example/control"],
];

export const catalogApps: readonly CatalogApp[] = table.map(([name, display, features, console]) => ({
	name,
	display_name: display,
	enabled: features !== "",
	features: features.split(" ").filter((one) => one !== ""),
	console,
}));

export function catalogApp(name: string): CatalogApp | undefined {
	return catalogApps.find((one) => one.name === name);
}

const entries = new Map<string, CatalogEntry[]>();
let section = "";
for (const line of catalogTable.trim().split("\n")) {
	if (line.startsWith("# ")) {
		section = line.slice(2);
		continue;
	}
	const [id = "", name = "", category = "", severity, nativeCategory = "", operator = "", valueType, recommended = "", weak = "", control = ""] =
		line.split("|");
	const entry = {
		id,
		name,
		category,
		severity: severity as CatalogEntry["severity"],
		nativeCategory,
		operator,
		valueType: valueType as "bool",
		recommended,
		weak,
	};
	entries.set(section, [...(entries.get(section) ?? []), { ...entry, control: `PAN-${control.padStart(8, "0")}` }]);
}

/** What the vendor checks in that application type, in its order. Types without checks of their own have the common ones. */
export function catalogEntries(type: string): CatalogEntry[] {
	const app = catalogApp(type);
	if (!app?.features.includes("SCAN")) return [];
	const own = entries.get(type);
	if (own) return own;
	return (entries.get("common") ?? []).map((entry) => ({ ...entry, id: `${type}_${entry.id}` }));
}

export const operatorWords: Readonly<Record<string, string>> = {
	equal: "is",
	not_equal: "is not",
	greater_or_equal: "at least",
	less_or_equal: "at most",
	one_of: "is one of",
	not_one_of: "is none of",
	in_range: "is between",
	substring: "contains",
};

/** An entry as `catalog/apps/{app}/configs` shows it. */
export function shownEntry(app: CatalogApp, entry: CatalogEntry): Record<string, unknown> {
	const url = `https://${app.console}/${entry.id}`;
	return {
		id: entry.id,
		name: entry.name,
		description: `Checks "${entry.name}" of ${app.display_name}.`,
		description_url: `https://docs.paloalto.example/sspm/${app.name}/${entry.id}`,
		severity: entry.severity,
		category: entry.category,
		native_category: entry.nativeCategory,
		native_name: entry.name,
		common_control: entry.control,
		enabled: true,
		optional: entry.severity === "Low",
		operator: { operator: entry.operator, displayValue: operatorWords[entry.operator] ?? entry.operator, valueType: entry.valueType },
		value: {
			type: entry.valueType,
			default_value: entry.weak,
			...(entry.operator.endsWith("one_of") && { choices: entry.recommended }),
		},
		remediation: {
			auto_fix: false,
			remediation_value: entry.recommended,
			guide_header: `To mend "${entry.name}":`,
			guide_steps: [`Open ${url}.`, `Set the value to ${entry.recommended}.`, "Save."],
			guide_footer: "The result shows after the next scan.",
		},
		remediation_steps: `Open ${url} and set the value to ${entry.recommended}.`,
		console_url: url,
		__metadata: { empty: false },
	};
}
