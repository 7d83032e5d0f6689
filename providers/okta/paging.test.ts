import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { json, type Seen } from "../../src/provider/test-server.js";
import { type ChainEnd, type PageOptions, pages } from "./paging.js";
import { type TestOrg, testOrg } from "./test-token-org.js";

const open: TestOrg[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

interface Outcome {
	ids: unknown[];
	end: ChainEnd | undefined;
	quarantined: number;
	org: TestOrg;
}

async function read(
	answer: (seen: URL, response: ServerResponse, index: number, base: string) => void,
	options: PageOptions = {},
	limit = 2,
): Promise<Outcome> {
	const org = await testOrg({
		credential: { method: "ssws", token: "t0ken" },
		answer: (seen: Seen, response, index) => answer(new URL(seen.url, org.server.url), response, index, org.server.url),
	});
	open.push(org);
	const out: Outcome = { ids: [], end: undefined, quarantined: 0, org };
	for await (const page of pages(org.http.client, { method: "GET", path: "/api/v1/groups", query: { limit } }, options)) {
		out.ids.push(...page.items.map((item) => Reflect.get(item, "id")));
		out.quarantined += page.quarantined.length;
		expect(page.end !== undefined).toBe(page.last);
		out.end = page.end;
	}
	return out;
}

const rows = (...ids: string[]): { id: string }[] => ids.map((id) => ({ id }));
const link = (base: string, after: string, limit = 2): Record<string, string[]> => ({
	link: [`<${base}/api/v1/groups?limit=${limit}>; rel="self"`, `<${base}/api/v1/groups?after=${after}&limit=${limit}>; rel="next"`],
});

test("follows the vendor's links to where there is none", async () => {
	const { ids, end, org } = await read((seen, response, _index, base) => {
		const after = seen.searchParams.get("after");
		if (after === null) json(response, 200, rows("a", "b"), link(base, "x%2By"));
		else json(response, 200, rows("c"));
	});
	expect(ids).toEqual(["a", "b", "c"]);
	expect(end).toEqual({ closed: true, reasons: [] });
	expect(org.calls().map(({ url }) => url)).toEqual(["/api/v1/groups?limit=2", "/api/v1/groups?after=x%2By&limit=2"]);
});

test("links in the body, items under a key", async () => {
	const { ids, end } = await read(
		(seen, response, _index, base) =>
			json(
				response,
				200,
				seen.searchParams.has("after")
					? { value: rows("c"), _links: {} }
					: { value: rows("a", "b"), _links: { next: { href: `${base}/api/v1/groups?after=1` } } },
			),
		{ paging: "body", items: "value" },
	);
	expect(ids).toEqual(["a", "b", "c"]);
	expect(end?.closed).toBe(true);
});

test.each([
	["the same link again", () => "same", (index: number) => [`a${index}`], /same next link/],
	["the same page again", (index: number) => `n${index}`, () => ["a", "b"], /same page/],
	["empty pages without end", (index: number) => `n${index}`, () => [], /empty pages/],
])("%s is no end", async (_name, after, ids, detail) => {
	const { end } = await read((_seen, response, index, base) => json(response, 200, rows(...ids(index)), link(base, after(index))));
	expect(end).toMatchObject({ closed: false, reasons: [{ cause: "cut-off" }] });
	expect(end?.reasons[0]?.detail).toMatch(detail);
});

test("a last page that repeats an earlier one leaves the chain open", async () => {
	const { ids, end } = await read((seen, response, _index, base) => json(response, 200, rows("a", "b"), seen.searchParams.has("after") ? {} : link(base, "1")));
	expect(ids).toEqual(["a", "b"]);
	expect(end?.closed).toBe(false);
});

test("a next link to another origin leaves the chain open and is not followed", async () => {
	const { ids, end } = await read((_seen, response) => json(response, 200, rows("a"), link("https://elsewhere.example", "1")));
	expect(ids).toEqual(["a"]);
	expect(end).toMatchObject({ closed: false, reasons: [{ cause: "cut-off" }] });
});

test.each([400, 410])("a cursor that expired (%i) costs one more pass, and rows are given once", async (status) => {
	let expired = false;
	const { ids, end } = await read((seen, response, _index, base) => {
		const after = seen.searchParams.get("after");
		if (after === null) return json(response, 200, expired ? rows("z", "a") : rows("a", "b"), link(base, "1"));
		if (after === "1") return json(response, 200, expired ? rows("b", "c") : rows("c", "d"), link(base, "2"));
		if (expired) return json(response, 200, rows("d"));
		expired = true;
		json(response, status, { errorCode: "E0000001", errorSummary: "Invalid after" });
	});
	expect(ids).toEqual(["a", "b", "c", "d", "z"]);
	expect(end).toEqual({ closed: true, reasons: [] });
});

test("a cursor that expires twice leaves the chain open, with Okta's reason", async () => {
	const { ids, end, org } = await read((seen, response, _index, base) =>
		seen.searchParams.has("after")
			? json(response, 410, { errorCode: "E0000007", errorSummary: "Gone" }, { "x-okta-request-id": "r-1" })
			: json(response, 200, rows("a"), link(base, "1")),
	);
	expect(ids).toEqual(["a"]);
	expect(end).toMatchObject({ closed: false, reasons: [{ cause: "error", requestId: "r-1" }], error: { status: 410 } });
	expect(org.calls()).toHaveLength(4);
});

test("a page too big for Okta is asked for smaller, at the same place", async () => {
	const { ids, end, org } = await read(
		(seen, response, _index, base) => {
			const limit = Number(seen.searchParams.get("limit"));
			const after = seen.searchParams.get("after");
			if (after === null) return json(response, 200, rows("a"), link(base, "1", limit));
			if (limit > 200) return json(response, 500, { errorCode: "E0000009", errorSummary: "Internal Server Error" });
			json(response, 200, rows(`row-${after}`), after === "1" ? link(base, "2", limit) : {});
		},
		{ smaller: [500, 200] },
		1000,
	);
	expect(ids).toEqual(["a", "row-1", "row-2"]);
	expect(end?.closed).toBe(true);
	const limits = org.calls().map(({ url }) => new URL(url, org.server.url).searchParams.get("limit"));
	expect(limits).toEqual(["1000", "1000", "1000", "500", "500", "200", "200"]);
});

test("a refusal in the middle keeps what was read and says why the rest is missing", async () => {
	const { ids, end } = await read((seen, response, _index, base) =>
		seen.searchParams.has("after")
			? json(response, 403, { errorCode: "E0000006", errorSummary: "You do not have permission" })
			: json(response, 200, rows("a"), link(base, "1")),
	);
	expect(ids).toEqual(["a"]);
	expect(end).toMatchObject({ closed: false, reasons: [{ cause: "role" }] });
});

test("null among the items is counted and the run goes on", async () => {
	const { ids, end, quarantined } = await read((_seen, response) => json(response, 200, [{ id: "a" }, null, "text", { id: "b" }, { no: "id" }]));
	expect(ids).toEqual(["a", "b", undefined]);
	expect(quarantined).toBe(2);
	expect(end?.closed).toBe(true);
});

test.each([[{}], ["text"], [null], [{ value: {} }]])("%j is not a list", async (body) => {
	const { end } = await read((_seen, response) => json(response, 200, body));
	expect(end).toMatchObject({ closed: false, reasons: [{ cause: "error" }] });
});

test("an endless chain ends at its empty page and can be gone on with", async () => {
	const { ids, end, org } = await read(
		(seen, response, _index, base) => {
			const after = seen.searchParams.get("after");
			if (after === null) json(response, 200, rows("a", "b"), link(base, "1"));
			else json(response, 200, [], link(base, "2"));
		},
		{ endless: true },
	);
	expect(ids).toEqual(["a", "b"]);
	expect(end).toEqual({ closed: true, reasons: [], resume: `${org.server.url}/api/v1/groups?after=2&limit=2` });
});

test("a kept link is gone on with; when it has expired that is said, not read around", async () => {
	let from = "";
	const org = await testOrg({
		credential: { method: "ssws", token: "t0ken" },
		answer: (seen, response) => json(response, seen.url.includes("old") ? 400 : 200, rows("c")),
	});
	open.push(org);
	const ends: (ChainEnd | undefined)[] = [];
	for (const after of ["kept", "old"]) {
		from = `${org.server.url}/api/v1/logs?after=${after}`;
		for await (const page of pages(org.http.client, { method: "GET", path: "/api/v1/logs" }, { from })) ends.push(page.end);
	}
	expect(ends).toMatchObject([{ closed: true }, { closed: false, error: { status: 400 } }]);
	expect(org.calls().map(({ url }) => url)).toEqual(["/api/v1/logs?after=kept", "/api/v1/logs?after=old"]);
});
