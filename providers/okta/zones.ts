import { isIPv4, isIPv6 } from "node:net";
import type { SettingRecord } from "../../src/model/objects.js";
import type { AddressRange, Network } from "../../src/provider/setting.js";
import { at, type Json, object, texts, word } from "./schema.js";

/** Countries in ISO 3166-1; where zones together name more than half of them, they may leave out nobody's. */
const manyCountries = 125;

const anonymising = /^(?:ALL_ANONYMIZERS|ALL_ANONYMIZERS_EXCEPT_TOR|ANONYMIZER_TOR)$/;

/** `zone` settings as networks, by id. https://developer.okta.com/docs/api/openapi/okta-management/management/tag/NetworkZone/ */
export function networksFrom(settings: SettingRecord[]): Map<string, Network> {
	const zones = settings.filter(({ kind }) => kind === "zone").map(network);
	const countries = new Set(
		settings.filter(({ kind, active, values }) => kind === "zone" && active !== false && values?.usage !== "POLICY").flatMap(({ values }) => included(values)),
	);
	if (countries.size > manyCountries) for (const zone of zones) if (zone.use !== "rules" && zone.ranges === null) zone.wide = true;
	return new Map(zones.map((zone) => [zone.id, zone]));
}

function network(record: SettingRecord): Network {
	const { values } = record;
	const use = values?.usage === "POLICY" ? "rules" : values?.usage === "BLOCKLIST" ? "blocks" : undefined;
	const base = { id: record.id.slice("zone/".length), setting: record.id, name: record.name, active: record.active, use } as const;
	if (values?.type === "IP") {
		const gateways = ranges(values.gateways);
		// Proxies narrow a zone that rules name, and are turned away with one that blocks.
		const proxies = ranges(values.proxies);
		const all = gateways && proxies && (use === "rules" ? gateways : [...gateways, ...proxies]);
		const doubtful = use === "rules" && gateways?.length === 0 && (proxies === undefined || proxies.length > 0);
		return { ...base, ranges: doubtful ? undefined : all, empty: doubtful ? undefined : all && all.length === 0, anonymisers: false, wide: all === undefined };
	}
	if (values?.type === "DYNAMIC") {
		const asns = texts(values.asns);
		const places = list(values.locations);
		const proxy = word(values.proxyType);
		const named = asns && places && asns.length + places.length > 0;
		const proxied = asns !== undefined && places !== undefined && proxy !== undefined && proxy !== "null";
		const anonymisers = proxied && !named && proxy !== "Any";
		return { ...base, ranges: null, empty: named || proxied ? false : undefined, anonymisers, wide: !named && !proxied };
	}
	if (values?.type === "DYNAMIC_V2") return { ...base, ...enhanced(values) };
	return { ...base, ranges: undefined, empty: undefined, anonymisers: false, wide: true };
}

/** Conditions of one zone all hold together; each names what is in it, or all but what is. */
function enhanced(values: Json): Pick<Network, "ranges" | "empty" | "anonymisers" | "wide"> {
	const parts = ["asns", "locations", "ipServiceCategories"].map((key) => ({
		key,
		include: list(at(values, key, "include")),
		exclude: list(at(values, key, "exclude")),
	}));
	const known = parts.every(({ include, exclude }) => include !== undefined && exclude !== undefined);
	const naming = parts.filter(({ include }) => include !== undefined && include.length > 0);
	const excluding = parts.some(({ exclude }) => (exclude?.length ?? 0) > 0);
	const services = naming.find(({ key }) => key === "ipServiceCategories")?.include ?? [];
	const anonymisers = known && naming.length > 0 && services.length > 0 && services.every((one) => typeof one === "string" && anonymising.test(one));
	if (!known) return { ranges: undefined, empty: undefined, anonymisers: false, wide: true };
	// One without any condition is not said to hold nobody, nor everybody.
	return { ranges: null, empty: naming.length > 0 || excluding ? false : undefined, anonymisers, wide: naming.length === 0 };
}

function included(values: Json | undefined): string[] {
	const locations = values?.type === "DYNAMIC" ? values.locations : at(values, "locations", "include");
	return (list(locations) ?? []).flatMap((place) => word(at(place, "country")) ?? []);
}

/** Absent and null are the empty list. */
function list(value: unknown): unknown[] | undefined {
	return value === undefined || value === null ? [] : Array.isArray(value) ? value : undefined;
}

function ranges(value: unknown): AddressRange[] | undefined {
	const found = list(value)?.map((entry) => addressRange(word(object(entry)?.value)));
	return found?.every((range) => range !== undefined) ? found : undefined;
}

/** `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or one address. */
export function addressRange(text: string | undefined): AddressRange | undefined {
	const [from = "", to] = text?.trim().split("-") ?? [];
	const [address = "", bits] = from.trim().split("/");
	const first = number(address.trim());
	if (!first || (bits !== undefined && to !== undefined)) return undefined;
	const width = first.family === 4 ? 32 : 128;
	if (to !== undefined) {
		const last = number(to.trim());
		return last && last.family === first.family && last.value >= first.value ? { family: first.family, first: first.value, last: last.value } : undefined;
	}
	if (bits === undefined) return { family: first.family, first: first.value, last: first.value };
	if (!/^\d{1,3}$/.test(bits) || Number(bits) > width) return undefined;
	const size = 1n << BigInt(width - Number(bits));
	const start = first.value - (first.value % size);
	return { family: first.family, first: start, last: start + size - 1n };
}

function number(address: string): { family: 4 | 6; value: bigint } | undefined {
	const join = (parts: number[], bits: bigint) => parts.reduce((sum, part) => (sum << bits) + BigInt(part), 0n);
	if (isIPv4(address)) return { family: 4, value: join(address.split(".").map(Number), 8n) };
	if (!isIPv6(address) || address.includes(".") || address.includes("%")) return undefined;
	const [head = "", tail] = address.split("::");
	const words = (text: string) => (text === "" ? [] : text.split(":").map((part) => Number.parseInt(part, 16)));
	const [before, after] = [words(head), words(tail ?? "")];
	return { family: 6, value: join([...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after], 16n) };
}
