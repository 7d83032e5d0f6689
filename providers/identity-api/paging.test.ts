import { describe, expect, it } from "vitest";
import { type Answer, fits, identity, listOf, people, scanOdd, tenantId, testNow } from "./test-api.js";

const all = people(120);
const ids = (records: { id: string }[]) => records.map(({ id }) => id).sort();

/** Pages of 50 by an offset that `next` makes a place of. */
function paged(rows: object[], envelope: (data: object[], next: number | null) => object, size = 50): Answer {
	return (url) => {
		const fitting = rows.filter((one) => fits(one, url));
		const from = Number(url.searchParams.get("page[cursor]") ?? url.searchParams.get("from") ?? 0);
		const next = from + size < fitting.length ? from + size : null;
		return { body: envelope(fitting.slice(from, from + size), next) };
	};
}

describe("a list of another form", () => {
	it.each<[string, (data: object[], next: number | null) => object]>([
		["a number for a cursor", (data, next) => ({ data, pagination: { next_cursor: next } })],
		["its place beside data", (data, next) => ({ data, next_cursor: next === null ? null : String(next), has_more: next !== null })],
		["a link relative to the list", (data, next) => ({ data, links: { next: next === null ? null : `?from=${next}` } })],
		["a link that starts at the root", (data, next) => ({ data, links: { next: next === null ? null : { href: `/v1/identity?from=${next}` } } })],
		[
			"a cursor on the last page that leads to nothing",
			(data, next) => ({ data, pagination: { next_cursor: String(next ?? 1000), has_more: data.length > 0 && next !== null } }),
		],
	])("%s is followed to its end", async (_, envelope) => {
		const found = await scanOdd(paged(all, envelope));
		expect(ids(await found.records("accounts"))).toEqual(ids(all as { id: string }[]));
		expect(found.coverage("accounts").state).toBe("complete");
	});

	it("an API that refuses page sizes is read by its own", async () => {
		const answer = paged(all, (data, next) => ({ data, pagination: { next_cursor: next, has_more: next !== null } }));
		const found = await scanOdd((url, ...rest) =>
			url.searchParams.has("page[limit]") ? { status: 400, body: { error: { code: "bad_request" } } } : answer(url, ...rest),
		);
		expect(found.coverage("accounts")).toMatchObject({ state: "complete", known: 120 });
	});
});

describe("a list that is not proven to be whole", () => {
	it.each<[string, Answer]>([
		["a cursor that is no text", () => ({ body: { data: all.slice(0, 50), pagination: { next_cursor: { after: 7 } } } })],
		["a next page under a name that is not known", () => ({ body: { data: all.slice(0, 50), paging: { nextToken: "abc" } } })],
		["a count under a name that is not known", () => ({ body: { data: all.slice(0, 47), summary: { total_results: 120 } } })],
		["more, and not where", () => ({ body: { data: all.slice(0, 50), pagination: { has_more: true, next_cursor: "" } } })],
		["a count that is larger", () => ({ body: { data: all, pagination: { has_more: false, total: 121 } } })],
		["no list at all", () => ({ body: { identities: all } })],
		["a page of a web site", () => ({ body: "<html>Welcome</html>" })],
		["nothing", () => ({ status: 204 })],
		["the same fifty, whatever is asked", () => ({ body: { data: all.slice(0, 50) } })],
		["a link to another path", () => ({ body: { data: all.slice(0, 50), links: { next: "/v1/workloads?from=50" } } })],
		["a link to another server", () => ({ body: { data: all.slice(0, 50), links: { next: "https://elsewhere.example/v1/identity?from=50" } } })],
		["a redirect to another server", () => ({ status: 302, headers: { location: "https://elsewhere.example/v1/identity" } })],
	])("%s", async (_, answer) => {
		const found = await scanOdd(answer);
		expect(found.coverage("accounts").state).not.toBe("complete");
		expect(found.coverage("accounts").reasons[0]?.detail).toMatch(/^GET \/v1\/identity: /);
		expect(found.states).not.toContain("complete");
		expect(found.asked.some((asked) => asked.includes("workloads"))).toBe(false);
	});

	it("the first page of an API that pages by fifty and does not say so", async () => {
		const rows = all.map((one, at) => ({ ...one, risk_level: at % 2 ? "low" : "medium", risk_score: at % 2 ? 10 : 30 }));
		for (const bare of [true, false]) {
			const found = await scanOdd((url) => {
				const data = rows.filter((one) => fits(one, url)).slice(0, 50);
				return { body: bare ? data : { data } };
			});
			expect(found.coverage("accounts")).toMatchObject({ state: "partial", known: 50 });
		}
	});

	it("all of an API that does not page, and has as many identities as pages hold", async () => {
		const found = await scanOdd((url) => ({ body: people(50).filter((one) => fits(one, url)) }));
		expect(found.coverage("accounts")).toMatchObject({ state: "complete", known: 50 });
	});

	it("an empty page after the promise of more", async () => {
		const found = await scanOdd((url) => ({
			body: url.searchParams.has("page[cursor]")
				? { data: [], pagination: { next_cursor: null, has_more: false } }
				: { data: all.slice(0, 60), pagination: { next_cursor: "b", has_more: true } },
		}));
		expect(found.coverage("accounts")).toMatchObject({
			state: "partial",
			known: 60,
			reasons: [{ cause: "cut-off", detail: expect.stringContaining("empty page") }],
		});
	});

	it("fewer than the first page counted, where the last page does not count", async () => {
		const found = await scanOdd((url) => ({
			body: url.searchParams.has("page[cursor]")
				? { data: all.slice(60, 90), pagination: { next_cursor: null } }
				: { data: all.slice(0, 60), pagination: { next_cursor: "b", total: 120 } },
		}));
		expect(found.coverage("accounts").reasons[0]?.detail).toContain("counts 120 identities and lists 90");
	});

	it("pages without end that shuffle who was there already", async () => {
		let page = 0;
		const found = await scanOdd(() => {
			page++;
			const from = page % 37;
			return { body: { data: [...all.slice(from, 60), ...all.slice(0, from)], pagination: { next_cursor: `c${page}`, has_more: true } } };
		});
		expect(found.coverage("accounts")).toMatchObject({ state: "partial", known: 60, reasons: [{ cause: "cut-off" }] });
		expect(found.asked.length).toBeLessThan(60);
	});
});

describe("an identity that the list holds twice", () => {
	const twice = (second: object, apart: boolean): Answer =>
		paged([...people(apart ? 50 : 10), second], (data, next) => ({ data, pagination: { next_cursor: next, has_more: next !== null } }));

	it.each([true, false])("is one where it says the same (on another page: %s)", async (apart) => {
		const found = await scanOdd(twice(identity("idn_0003"), apart));
		expect(found.coverage("accounts").state).toBe("complete");
		expect(await found.body("accounts", "idn_0003")).toMatchObject({ status: "active" });
	});

	it.each([true, false])("is known by its id alone where it says two things (on another page: %s)", async (apart) => {
		const found = await scanOdd(twice(identity("idn_0003", { mfa_enrolled: false, mfa_methods: [], status: "disabled" }), apart));
		expect(found.coverage("accounts")).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine", detail: expect.stringContaining("idn_0003") }] });
		expect(await found.body("accounts", "idn_0003")).toEqual({ id: "idn_0003" });
		expect(await found.body("authenticators", "idn_0003")).toBeUndefined();
		expect(await found.body("accounts", "idn_0004")).toMatchObject({ status: "active" });
	});
});

describe("another tenant's identities", () => {
	const mixed = [...people(3), identity("idn_other", { tenant_id: "ten_other" })];
	const heedless =
		(rows: object[]): Answer =>
		() => ({ body: { data: rows, pagination: { next_cursor: null, has_more: false, total: rows.length } } });

	it("are left out where the API does not heed the filter", async () => {
		const found = await scanOdd(heedless(mixed));
		expect(ids(await found.records("accounts"))).toEqual(["idn_0000", "idn_0001", "idn_0002"]);
		expect(found.coverage("accounts").state).toBe("complete");
	});

	it("cannot be told from ours where it is not said whose one is", async () => {
		for (const tenant_id of [undefined, null, 7]) {
			const found = await scanOdd(heedless([...mixed, identity("idn_whose", { tenant_id })]));
			expect(found.coverage("accounts")).toMatchObject({ state: "partial", reasons: [{ detail: expect.stringContaining("does not say whose") }] });
		}
	});

	it("are read too where the stack file names no tenant", async () => {
		const found = await scanOdd(heedless(mixed), { options: {} });
		expect(await found.records("accounts")).toHaveLength(4);
		expect(found.asked[0]).toBe("GET /v1/identity?page[limit]=200");
	});
});

describe("secrets", () => {
	it("stand in no record, reason or message, whatever the API repeats", async () => {
		const log: string[] = [];
		const echo: Answer = (url, { headers }) =>
			url.searchParams.has("page[cursor]")
				? {
						status: 400,
						headers: { "x-request-id": String(headers.authorization) },
						body: { error: { code: "x", message: `bad token ${headers.authorization}` } },
					}
				: { body: { data: people(3), pagination: { next_cursor: "b", has_more: true } } };
		const found = await scanOdd(echo, { log: (line) => log.push(line), now: () => testNow });
		expect(found.coverage("accounts").state).toBe("partial");
		const said = JSON.stringify([found.coverage("accounts"), await found.records("accounts"), log]);
		expect(said).toContain("bad token");
		expect(said).not.toContain("idt_secret");
	});
});

describe("identities of one provider only, where the stack file says so", () => {
	const rows = [identity("idn_1"), identity("idn_2", { provider: "okta" }), identity("idn_3", { provider: "local" })];

	it.each([
		["by the API's filter", listOf(rows)],
		["also from a server that does not know the filter", listOf(rows, false)],
	])("%s", async (_, answer) => {
		const { asked, records, coverage } = await scanOdd(answer, { options: { tenantId, provider: "local" } });
		expect(asked[0]).toContain("filter[provider]=local");
		expect((await records("accounts")).map(({ id }) => id)).toEqual(["idn_1", "idn_3"]);
		expect(coverage("accounts").state).toBe("complete");
	});

	it("and there is none: that is told with what was asked for", async () => {
		const { coverage } = await scanOdd(listOf(rows), { options: { tenantId, provider: "azure_ad" } });
		expect(coverage("accounts").reasons[0]?.detail).toContain("no identity of tenant ten_acme and of provider azure_ad");
	});
});
