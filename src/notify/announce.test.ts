import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { NotifyChannel } from "../stack/notify.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { announce, type Happening } from "./announce.js";
import { draft } from "./message.js";
import type { Notifier } from "./open.js";

let folder: string;
let store: Store;
let sent: string[];
let ids: string[];
let down: Set<string>;
const channels = ["a", "b"].map(
	(name): NotifyChannel => ({ kind: "webhook", name, events: ["drift"], severity: "high", days: 14, names: false, path: name, url: "", secret: null }),
);
const notifier: Pick<Notifier, "channels" | "send"> = {
	channels,
	async send({ name }, { title, id }) {
		ids.push(id);
		if (down.has(name)) return { sent: false, why: "down", doubtful: false };
		sent.push(`${name}: ${title}`);
		return { sent: true, detail: "" };
	},
};

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-announce-"));
	store = await openStore(`sqlite:${join(folder, "store.db")}`);
	[sent, ids, down] = [[], [], new Set()];
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

function tell(items: string[], more: { whole?: boolean; dryRun?: boolean } = {}) {
	const message: Happening<string>["message"] = (fresh) =>
		draft({ event: "drift", tenant: "acme", at: 0, title: [fresh.join(" ")], opening: [], items: [], closing: [], data: [], facts: {} }, fresh);
	const happening: Happening<string> = { event: "drift", items, keyOf: (item) => item, message, whole: more.whole ?? true };
	return announce({ store, tenant: "acme", notifier, now: () => 0, dryRun: more.dryRun ?? false }, happening);
}

it("tells each channel of each thing once, until it was over in between", async () => {
	await tell(["x", "y"]);
	await tell(["x", "y", "z"]);
	await tell(["x", "y", "z"]);
	expect(sent).toEqual(["a: x y", "b: x y", "a: z", "b: z"]);
	await tell(["y", "z"]);
	await tell(["x", "y", "z"]);
	expect(sent.slice(4)).toEqual(["a: x", "b: x"]);
});

it("does not take for over what was not read", async () => {
	await tell(["x"]);
	await tell([], { whole: false });
	await tell(["x"]);
	expect(sent).toEqual(["a: x", "b: x"]);
});

it("tells later what could not be sent, to the one channel that was down", async () => {
	down.add("b");
	expect((await tell(["x"])).map(({ delivery }) => delivery?.sent)).toEqual([true, false]);
	down.clear();
	await tell(["x"]);
	expect(sent).toEqual(["a: x", "b: x"]);
});

it("gives a repetition the id it had, and another one to what came back after it was over", async () => {
	down.add("b");
	await tell(["x"]);
	down.clear();
	await tell(["x"]);
	await tell([]);
	await tell(["x"]);
	const [first, , again, back] = ids;
	expect(sent).toEqual(["a: x", "b: x", "a: x", "b: x"]);
	expect([again, back === first]).toEqual([first, false]);
});

it("sends nothing and remembers nothing in a rehearsal", async () => {
	expect((await tell(["x"], { dryRun: true })).map(({ fresh, delivery }) => [fresh, delivery])).toEqual([
		[1, null],
		[1, null],
	]);
	expect(sent).toEqual([]);
	expect(await store.journal({ tenant: "acme" })).toEqual([]);
});

it("leaves in the journal nothing by which a thing could be known", async () => {
	await tell(["ana@acme.example"]);
	const entries = await store.journal({ tenant: "acme" });
	expect(entries.length).toBe(2);
	expect(JSON.stringify(entries)).not.toContain("ana");
});
