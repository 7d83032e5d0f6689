import { hash } from "../../../src/emulate/random.js";
import { uuid } from "./ids.js";
import type { App, Plugin, PluginUser } from "./types.js";

interface Scope {
	id: string;
	risk: "High" | "Medium" | "Low";
	description: string;
}

/** Permissions of third-party apps by application type. */
const scopes: Readonly<Record<string, Scope[]>> = {
	office365: [
		{ id: "Directory.ReadWrite.All", risk: "High", description: "Changes the directory" },
		{ id: "Mail.ReadWrite", risk: "High", description: "Reads and changes mail" },
		{ id: "Files.Read.All", risk: "Medium", description: "Reads all files" },
		{ id: "User.Read", risk: "Low", description: "Reads who signs in" },
	],
	"google-workspace": [
		{ id: "https://mail.google.com/", risk: "High", description: "Reads, sends and deletes mail" },
		{ id: "https://www.googleapis.com/auth/drive", risk: "High", description: "Reads and changes all files" },
		{ id: "https://www.googleapis.com/auth/calendar.readonly", risk: "Medium", description: "Reads calendars" },
		{ id: "openid", risk: "Low", description: "Knows who signs in" },
	],
	slack: [
		{ id: "admin.users:write", risk: "High", description: "Changes members" },
		{ id: "channels:history", risk: "Medium", description: "Reads messages" },
		{ id: "users:read", risk: "Low", description: "Reads members" },
	],
	github: [
		{ id: "admin:org", risk: "High", description: "Changes the organisation" },
		{ id: "repo", risk: "High", description: "Reads and changes code" },
		{ id: "read:user", risk: "Low", description: "Reads profiles" },
	],
};

export function scopesOf(type: string): Scope[] {
	return scopes[type] ?? [];
}

/** name | publisher | application type | number of scopes, from the riskiest | level | classification | words of metadata */
const table = `
Calendly Sync|Calendly|google-workspace|2|USER|SANCTIONED|
Mail Merge Deluxe|Unverified publisher|google-workspace|4|USER|UNCLASSIFIED|
Note Taker AI|Scribbler|google-workspace|3|USER|UNSANCTIONED|gen_ai copilot
Slide Painter|Palette|google-workspace|1|USER|UNCLASSIFIED|gen_ai
CRM Connector|Relate|office365|3|ORGANIZATION|SANCTIONED|
Backup Vault|Coldstore|office365|4|ORGANIZATION|SANCTIONED|
Old Migration Tool|Unverified publisher|office365|2|ORGANIZATION|UNCLASSIFIED|
Meeting Bot|Scribbler|office365|3|USER|UNSANCTIONED|gen_ai bot
Stand-up Bot|Geek Hive|slack|2|WORKSPACE|SANCTIONED|bot
Poll Maker|Pollen|slack|1|WORKSPACE|UNCLASSIFIED|bot
Directory Importer|Unverified publisher|slack|3|ORGANIZATION|UNCLASSIFIED|
Build Runner|Pipeworks|github|2|PRODUCT|SANCTIONED|
Code Companion|Scribbler|github|2|USER|UNCLASSIFIED|gen_ai copilot
Badge Painter|Unverified publisher|github|3|USER|UNSANCTIONED|
`;

/** Plugins of the applications, and who let those of the user's level in: about one person in three. `copies` makes more of each. */
export function makePlugins(
	apps: App[],
	people: { email: string; fullName: string }[],
	copies = 1,
): { plugins: Map<string, Plugin>; pluginUsers: Map<string, PluginUser> } {
	const plugins = new Map<string, Plugin>();
	const rows = table.trim().split("\n");
	for (const app of apps) {
		for (const [number, row] of rows.entries()) {
			const [name = "", publisher = "", type = "", count, level = "", classification = "", words = ""] = row.split("|");
			if (type !== app.type) continue;
			for (let copy = 0; copy < copies; copy++) {
				const plugin = makePlugin(app, copy === 0 ? name : `${name} ${copy + 1}`, { publisher, count: Number(count), level, classification, words, number });
				plugins.set(plugin.id, plugin);
			}
		}
	}
	const personal = [...plugins.values()].filter((plugin) => plugin.level === "USER");
	const pluginUsers = new Map<string, PluginUser>();
	const counts = new Map<string, number>();
	for (const { email, fullName } of personal.length === 0 ? [] : people) {
		if (hash(email, 61) % 3 !== 0) continue;
		const own = [...new Set(Array.from({ length: 1 + (hash(email, 67) % 3) }, (_, step) => personal[hash(email, 71 + step) % personal.length]?.id ?? ""))];
		for (const id of own) counts.set(id, (counts.get(id) ?? 0) + 1);
		const id = uuid(`plugin-user/${email}`);
		pluginUsers.set(id, { id, email, full_names: [fullName], plugins: own });
	}
	for (const plugin of personal)
		Object.assign(plugin, { user_count: counts.get(plugin.id) ?? 0, user_counts: { [plugin.app_type]: counts.get(plugin.id) ?? 0 } });
	return { plugins, pluginUsers };
}

interface PluginPlan {
	publisher: string;
	count: number;
	level: string;
	classification: string;
	words: string;
	number: number;
}

function makePlugin(app: App, name: string, plan: PluginPlan): Plugin {
	const all = scopesOf(app.type).slice(0, plan.count);
	const of = (risk: string) => all.filter((scope) => scope.risk === risk).map(({ id, description }) => ({ id, name: description, risk }));
	const severity = of("High").length > 0 ? "High" : of("Medium").length > 0 ? "Medium" : "Low";
	return {
		id: uuid(`plugin/${app.app_id}/${name}`),
		tenant: String(app.tenant),
		app_id: app.app_id,
		app_name: app.name,
		app_type: app.type,
		base_app_id: app.app_id,
		third_party_app_id: uuid(`third-party/${name}`),
		third_party_app_name: name,
		marketplace: `${app.type}-marketplace`,
		marketplace_app_id: String(1000 + plan.number),
		level: plan.level,
		severity,
		classification: plan.classification,
		status: "ACTIVE",
		is_public: plan.publisher !== "Unverified publisher",
		has_policies: false,
		user_count: plan.level === "USER" ? 0 : 1,
		user_counts: {},
		high_scopes: of("High"),
		medium_scopes: of("Medium"),
		low_scopes: of("Low"),
		metadata: {
			plugin_name: name,
			publisher_name: plan.publisher,
			description: `${name} by ${plan.publisher}.`,
			risk: severity === "High" ? 8 : severity === "Medium" ? 5 : 2,
			is_gen_ai: plan.words.includes("gen_ai"),
			is_copilot: plan.words.includes("copilot"),
			is_bot: plan.words.includes("bot"),
			use_cases: [plan.words.includes("gen_ai") ? "assistant" : "productivity"],
			badge: plan.publisher === "Unverified publisher" ? [] : ["verified"],
			download_count: 100 * (plan.number + 1),
			review_count: 7 * (plan.number + 1),
			compatible_products: [app.type],
		},
	};
}
