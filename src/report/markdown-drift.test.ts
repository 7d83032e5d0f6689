import { describe, expect, it } from "vitest";
import type { NamedDrift } from "../drift/named.js";
import { byWords, sinceWords } from "./drift-words.js";
import { type DriftReport, renderDriftMarkdown } from "./markdown-drift.js";
import { renderUnmanagedMarkdown } from "./markdown-unmanaged.js";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const request = { call: "GET /log", requestId: null, at };
const hostile = "a|b\n## x @everyone <img src=x> [l](http://evil.example) `c` \u202e";

function drifted(index: number, name = hostile): NamedDrift {
	const same = { kind: "membership", system: "okta", mode: "authoritative", exists: true, misnamed: null, missing: [], changed: [], outside: {} } as const;
	const event = {
		id: "e",
		type: "x",
		at,
		what: "added",
		actor: { type: "account", login: hostile },
		ip: hostile,
		client: hostile,
		requests: [],
		request,
	} as const;
	const since = { asDeclared: { started: at, finished: at }, differs: null, unread: 0 };
	const part = { path: "members[m]", member: "m", live: "m", since, by: { event: { ...event, requests: [] }, others: 0 } };
	return { ...same, key: `okta/group/${index}`, name, extra: ["m"], parts: [part], missing: [], changed: [] };
}

function report(drift: NamedDrift[]): DriftReport {
	const ways = drift.map(({ key }) => ({
		key,
		adopt: { command: `keelson drift --adopt ${key}`, lines: ["+ ```", `+ ${hostile}`] },
		revert: [hostile],
		notHere: [hostile],
	}));
	return { tenant: hostile, declared: drift.length + 1, drift, unread: [{ key: hostile, why: hostile }], ways, login: () => hostile, plan: null };
}

describe("drift as Markdown", () => {
	it("no name of a tenant gives structure, mentions, links or hides", () => {
		const text = renderDriftMarkdown(report([drifted(1)]), 65_536);
		expect(text).not.toMatch(/^## x/m);
		const outside = text.replace(/(`{3,})diff[\s\S]*?\1/g, "");
		expect(outside).not.toMatch(/<img|@everyone|\]\(http/);
		expect(text).not.toContain("\u202e");
		// A fence inside is shorter than the one around it.
		expect(text).toContain("````diff");
	});

	it("is cut by whole rows, and says what is missing and where it is", () => {
		const all = Array.from({ length: 300 }, (_, index) => drifted(index, "G"));
		for (const limit of [900, 3000, 20_000, 65_536]) {
			const text = renderDriftMarkdown(report(all), limit);
			expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
			for (const row of text.split("\n").filter((line) => line.startsWith("| G "))) expect(row.endsWith(" |")).toBe(true);
			expect(text).toContain("keelson drift has all of it");
		}
	});

	it("the same drift gives the same bytes", () => {
		expect(renderDriftMarkdown(report([drifted(1)]), 65_536)).toBe(renderDriftMarkdown(report([drifted(1)]), 65_536));
	});
});

describe("in words", () => {
	it("a part of the evidence that is missing is left out, and nothing is put in its place", () => {
		const event = { id: "e", type: "x", at, what: "added" as const, actor: { type: "app" as const, id: "0oa1" }, requests: [], request };
		expect(byWords({ event, others: 0 })).toBe("by the app 0oa1, 2026-01-02 03:04:05Z");
		expect(byWords({ event, others: 0, keelson: { plan: "0123456789abcdef" } })).toContain("by Keelson, plan 01234567");
		expect(byWords({ event, others: 2, early: true })).toMatch(/newest of 3 changes .* still saw all as declared/);
		expect(byWords({ unknown: "the scope x is missing" })).toBe("unknown who: the scope x is missing");
	});

	it("since when is said as far as scans can tell", () => {
		expect(sinceWords({ asDeclared: null, differs: null, unread: 2 })).toBe("since when is unknown: no stored scan can tell (2 scans could not tell)");
		expect(sinceWords({ asDeclared: { started: at, finished: at }, differs: at + 60_000, unread: 0 })).toBe(
			"since between 2026-01-02 03:04:05Z and 2026-01-02 03:05:05Z, by the scans",
		);
	});
});

describe("what is not declared, as Markdown", () => {
	it("never calls a list whole that was not, and escapes names", () => {
		const kinds = [{ kind: "group" as const, total: 2, declared: 1, incomplete: "the scope x is missing" }];
		const unmanaged = [{ key: "okta/group/g", kind: "group" as const, name: hostile, detail: "OKTA_GROUP" }];
		const text = renderUnmanagedMarkdown(
			"acme",
			[
				{ system: "okta", scanned: at, kinds, unmanaged },
				{ system: "entra", scanned: null, kinds: [], unmanaged: [] },
			],
			65_536,
		);
		expect(text).toContain("1 of at least 2 objects declared");
		expect(text).toContain("the scope x is missing");
		expect(text).toContain("not scanned yet");
		expect(text).not.toMatch(/<img|@everyone|^## x/m);
	});
});
