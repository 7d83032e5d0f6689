import { describe, expect, it, test } from "vitest";
import { connected, day, deliver, eachInItsFolder, now, read } from "./test-feed.js";

eachInItsFolder();

const head = "worker_id,first_name,last_name,work_email,manager_id,department,title,type,status,start_date,end_date\n";

it("reads a CSV of the usual columns", async () => {
	const got = await read(`${head}10001,Zoé,"Blanc, Jr.",ZOE@acme.example,10002,Finance,Accountant,Employee,Active,2020-02-29,\n`);
	expect(got).toMatchObject({ state: "complete", why: "" });
	expect(got.workers.get("10001")).toEqual({
		id: "10001",
		firstName: "Zoé",
		lastName: "Blanc, Jr.",
		displayName: "Zoé Blanc, Jr.",
		email: "zoe@acme.example",
		manager: "10002",
		department: "Finance",
		title: "Accountant",
		type: "employee",
		status: "active",
		started: Date.UTC(2020, 1, 29),
		ended: null,
	});
});

test.each([
	["a list", (rows: object[]) => rows],
	["a Workday report", (rows: object[]) => ({ Report_Entry: rows })],
	["OData", (rows: object[]) => ({ d: { results: rows } })],
])("reads JSON: %s", async (_, wrap) => {
	const got = await read(JSON.stringify(wrap([{ userId: "7", emplStatus: "A", startDate: "/Date(1492098664000)/", managerId: "NO_MANAGER" }])), {
		name: "w.json",
	});
	expect(got.state).toBe("complete");
	expect(got.workers.get("7")).toMatchObject({ status: "active", started: Date.UTC(2017, 3, 13), manager: null });
});

test.each([
	["a semicolon and a byte order mark", `\ufeffid;status\n1;active\n`, "w.csv"],
	["tabs", "id\tstatus\n1\tactive\n", "w.tsv"],
	["CRLF and a blank last line", "id,status\r\n1,active\r\n\r\n", "w.csv"],
])("reads %s", async (_, content, name) => {
	expect((await read(content, { name })).workers.get("1")).toMatchObject({ id: "1", status: "active" });
});

it("reads UTF-16, as spreadsheets write it", async () => {
	const got = await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("id,status,last_name\n1,active,Ørsted\n", "utf16le")]));
	expect(got.workers.get("1")?.lastName).toBe("Ørsted");
});

describe("dates decide over words", () => {
	test.each([
		["active", "", "", "active"],
		["active", "", "2026-05-30", "terminated"],
		["active", "", "2026-05-31", "active"],
		["terminated", "", "", "terminated"],
		["terminated", "", "2026-06-30", "active"],
		["active", "2026-06-02", "", "pre-hire"],
		["on leave", "2020-01-01", "", "leave"],
		["pre-hire", "2026-05-01", "", "pre-hire"],
		["active", "", "9999-12-31", "active"],
		["sabbatical", "", "", undefined],
	])("%s from %s to %s is %s", async (word, start, end, status) => {
		const got = await read(`id,status,start_date,end_date\n1,${word},${start},${end}\n`);
		expect(got.workers.get("1")?.status).toBe(status);
	});

	it("a word of the feed's own has the meaning it is given", async () => {
		expect((await read("id,status\n1,SABB\n", { options: { statuses: { SABB: "leave" } } })).workers.get("1")?.status).toBe("leave");
	});
});

describe("what can't be believed is partial, with the reason", () => {
	test.each<[string, string, RegExp]>([
		["no number", "id,status\n,active\n2,active\n", /line 2 has no personnel number/],
		["a number twice", "id,status\n1,active\n1,terminated\n2,active\n", /1: line 3 repeats a personnel number/],
		["a date of no calendar", "id,status,end_date\n1,active,2026-02-30\n2,active,\n", /line 2 has a date/],
		["a short row", "id,status,title\n1,active\n2,active,x\n", /line 2 has 2 fields where the head line has 3/],
	])("%s", async (_, content, why) => {
		const got = await read(content);
		expect(got.state).toBe("partial");
		expect(got.why).toMatch(why);
		expect([...got.workers.keys()]).toEqual(["2"]);
	});

	test.each<[string, string, string | Buffer, RegExp]>([
		["an empty file", "w.csv", "", /is empty/],
		["no status", "w.csv", "id,name\n1,x\n", /has no column for status: name it in options.columns.status; it has id, name/],
		["two columns of one name", "w.csv", "id,status,id\n1,active,2\n", /has two columns "id"/],
		["another encoding", "w.csv", Buffer.from([0x69, 0x64, 0xe9, 0x0a]), /is not UTF-8/],
		["JSON that breaks off", "w.json", '[{"id":"1"', /is not JSON, or breaks off/],
		["a page of many", "w.json", '{"d":{"results":[{"id":"1","status":"A"}],"__next":"https://x"}}', /only a part of the workers \(__next\)/],
		["a quote that never ends", "w.csv", 'id,status\n"1,active\n', /can't be taken apart/],
	])("%s reads nothing", async (_, name, content, why) => {
		const got = await read(content, { name });
		expect(got).toMatchObject({ state: "unreadable" });
		expect(got.why).toMatch(why);
	});

	it("a feed that shrank beyond the limit, until it is allowed", async () => {
		const feed = (count: number) => `id,status\n${Array.from({ length: count }, (_, i) => `${i},active\n`).join("")}`;
		expect((await read(feed(100))).state).toBe("complete");
		expect((await read(feed(95), { at: now + 1000 })).state).toBe("complete");
		const got = await read(feed(60), { at: now + 2000 });
		expect(got.state).toBe("partial");
		expect(got.why).toMatch(/holds 60 workers where the last one had 95, and 5 % fewer are allowed/);
		expect(got.workers.size).toBe(95);
		expect((await read(feed(60), { options: { maxShrink: 50 }, at: now + 3000 })).state).toBe("complete");
	});

	it("a file older than allowed", async () => {
		const got = await read("id,status\n1,active\n", { written: now - 9 * day });
		expect(got.why).toMatch(/9 days old, and 7 are allowed/);
	});
});

it("tells when somebody moved", async () => {
	const row = (department: string) => `id,status,department\n1,active,${department}\n`;
	expect((await read(row("Sales"))).workers.get("1")?.moved).toBeUndefined();
	expect((await read(row("IT"), { at: now + 1000 })).workers.get("1")?.moved).toBe(now + 1000);
	expect((await read(row("IT"), { at: now + 2000 })).workers.get("1")?.moved).toBe(now + 1000);
});

describe("doctor", () => {
	it("says which columns it found", async () => {
		const report = await (await connected({ file: deliver("id,status\n1,active\n") })).doctor();
		expect(report.ok).toBe(true);
		expect(report.checks.map(({ detail }) => detail)).toContain("id = id, status = status");
	});

	test.each<[string, string | null, Record<string, unknown>, RegExp]>([
		["no file", null, {}, /there is no file/],
		["a column that isn't there", "id,status\n1,active\n", { columns: { email: "mail" } }, /has no column "mail" \(options.columns.email\)/],
		["an unknown status", "id,status\n1,sabbatical\n", {}, /line 2 has a status nobody here knows/],
	])("%s: one check says so, with the mend", async (_, content, options, detail) => {
		if (content !== null) deliver(content);
		const report = await (await connected({ file: "w.csv", ...options })).doctor();
		const bad = report.checks.filter(({ ok }) => !ok);
		expect(bad).toHaveLength(1);
		expect(bad[0]?.detail).toMatch(detail);
		expect(bad[0]?.mend).toBeTruthy();
	});
});
