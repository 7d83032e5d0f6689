import type { Known, Millis } from "../../src/model/known.js";
import type { VendorVerdict } from "../../src/model/objects.js";
import { at, lookUp, object, texts, word } from "../../src/provider/decode.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { bareList, type Losses, one } from "./read.js";

export type Severity = NonNullable<VendorVerdict["severity"]>;

/** What the vendor's catalogue says of one configuration. */
export interface CatalogueEntry {
	name: string | undefined;
	severity: string | undefined;
	operator: string | undefined;
	/** Id of the vendor's own common control. */
	control: string | undefined;
	console: string | undefined;
	/** Steps that mend it. */
	guide: string[] | undefined;
}

/** The catalogue of one app type. */
export interface Catalogue {
	entries: Map<string, CatalogueEntry>;
	/** Every entry could be read: one that is not there is not in the vendor's catalogue. */
	whole: boolean;
}

const severities: Record<string, Severity> = { critical: "critical", high: "high", medium: "medium", low: "low", info: "info", informational: "info" };

export function severityOf(said: string | undefined): Known<Severity> {
	return lookUp(severities, said?.toLowerCase());
}

/** What the vendor checks in an app type; null where it could not be read, which `lost` then tells. */
export async function catalogueOf(connection: SspmConnection, type: string, lost: Losses, signal?: AbortSignal): Promise<Catalogue | null> {
	const list = await bareList(connection, { method: "GET", path: "/sspm/api/v1/catalog/apps/{app}/configs", params: { app: type } }, lost, signal);
	if (!list) return null;
	const entries = new Map<string, CatalogueEntry>();
	let whole = true;
	for (const item of list.items) {
		const id = word(at(item, "id"));
		if (id === undefined) {
			whole = false;
			continue;
		}
		entries.set(id, {
			name: word(at(item, "name")),
			severity: word(at(item, "severity")),
			operator: word(at(item, "operator", "operator")),
			control: word(at(item, "common_control")),
			console: word(at(item, "console_url")),
			guide: texts(at(item, "remediation", "guide_steps")),
		});
	}
	if (!whole) lost.add({ cause: "error", detail: `${list.request.call}: an entry of ${type} has no id, so severities may be missing` });
	return { entries, whole };
}

/** Controls hardly change. */
const keptFor: Millis = 30 * 86_400_000;

/** Looks controls up: once each, and again after a month. Ids are `<framework>/<control>`, after the vendor's own common one. */
export async function controlBook(
	connection: SspmConnection,
	context: ReadContext,
	lost: Losses,
): Promise<{ of(id: string): Promise<Known<string[]>>; keep(): Promise<void> }> {
	const { now } = connection.config;
	const stored = object(parsed(await context.cursor("controls")));
	const young = stored && typeof stored.at === "number" && now() - stored.at < keptFor && !context.full;
	const book = new Map<string, string[]>();
	for (const [id, list] of Object.entries((young && object(stored.book)) || {})) {
		const ids = texts(list);
		if (ids) book.set(id, ids);
	}
	const begun = young ? stored.at : now();
	const refused = new Set<string>();
	return {
		async of(id) {
			const before = book.get(id);
			if (before || refused.has(id)) return before;
			const path = "/sspm/api/v1/catalog/controls/{common_control_id}";
			const answer = await one(connection, { method: "GET", path, params: { common_control_id: id } }, context.signal);
			const profiles = "error" in answer ? undefined : at(answer.body, "profiles");
			if ("error" in answer || !Array.isArray(profiles)) {
				refused.add(id);
				lost.note("error" in answer ? reasonOf(answer.error) : { cause: "error", detail: `${answer.request.call}: the answer has no profiles` });
				return undefined;
			}
			const found = [id, ...new Set(profiles.flatMap(controlsOf))];
			book.set(id, found);
			return found;
		},
		keep: () => context.setCursor("controls", JSON.stringify({ at: begun, book: Object.fromEntries(book) })),
	};
}

function controlsOf(profile: unknown): string[] {
	const framework = word(at(profile, "id")) ?? word(at(profile, "name"));
	return list(at(profile, "categories"))
		.flatMap((category) => list(at(category, "controls")))
		.flatMap((control) => {
			const id = word(at(control, "id"));
			return framework === undefined || id === undefined ? [] : [`${framework}/${id}`];
		});
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function parsed(text: string | null): unknown {
	try {
		return text === null ? null : JSON.parse(text);
	} catch {
		return null;
	}
}
