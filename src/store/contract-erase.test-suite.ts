import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draft, journalDraft, scanOf } from "./fixture.test-suite.js";
import type { Store } from "./store.js";

const ana = { login: "Ana.Lopez@acme.example", displayName: "Ana Lopez" };
const bo = { login: "bo@acme.example" };
const subject = { tenant: "t", system: "acme", id: "a", texts: [ana.login, ana.displayName] };

export function eraseContract(open: () => Promise<Store>): void {
	describe("erasing and keeping", () => {
		let store: Store;
		beforeEach(async () => {
			store = await open();
			for (const [who, body] of Object.entries({ a: ana, b: bo }))
				await store.appendJournal({
					...journalDraft("t", "intent", { kind: "suspend-account" }),
					action: who,
					personal: { subject: `acme/${who}`, data: { label: `suspend ${body.login}` } },
				});
		});
		afterEach(() => store.close());

		const versions = async (id: string, collection: "accounts" | "groups" = "accounts") => (await store.history("acme", collection, id)).length;
		const labels = async () => (await store.journal({ tenant: "t" })).map(({ data }) => data.label);

		it("takes out the past of a subject that is still there, and leaves what is true now", async () => {
			await scanOf(store, 10, { a: { ...ana, v: 1 }, b: bo });
			await scanOf(store, 20, { a: { ...ana, v: 2 }, b: bo });
			await store.saveFindings(22, ["acme"], [draft("a"), draft("b")], []);
			await store.saveFindings(23, ["acme"], [draft("b")], []);
			const dry = await store.erase({ ...subject, dryRun: true });
			expect(await versions("a")).toBe(2);
			const erased = await store.erase({ ...subject, dryRun: false });
			expect(erased).toEqual(dry);
			expect(erased).toEqual({ versions: 1, findings: 1, keys: 1, isCurrent: true, left: { records: 1, findings: 0 } });
			expect(await versions("a")).toBe(1);
			expect((await store.findings({})).map(({ id }) => id)).toEqual(["b"]);
		});

		it("takes out a subject that is gone, whatever named it, and nothing of anybody else", async () => {
			await scanOf(store, 10, { a: ana, b: bo });
			await scanOf(store, 12, { g: { name: "Friends of ANA.LOPEZ@acme.example" }, h: { name: "Others" } }, "closed", "groups");
			await scanOf(store, 20, { b: bo });
			await scanOf(store, 30, { g: { name: "Friends" }, h: { name: "Others" } }, "closed", "groups");
			await store.saveFindings(32, ["acme"], [draft("a"), draft("b", `shares a device with ${ana.login}`)], []);
			expect(await store.erase({ ...subject, dryRun: false })).toEqual({
				versions: 2,
				findings: 1,
				keys: 1,
				isCurrent: false,
				left: { records: 0, findings: 1 },
			});
			expect([await versions("a"), await versions("b"), await versions("g", "groups"), await versions("h", "groups")]).toEqual([0, 1, 2, 1]);
			expect((await store.history("acme", "groups", "g")).map(({ body }) => body)).toEqual([{ name: "Friends of (erased)" }, { name: "Friends" }]);
			expect(await store.erase({ ...subject, dryRun: false })).toMatchObject({ versions: 0, findings: 0, keys: 0 });
		});

		it("meets whole names alone, in any case and script, and in whatever stands in JSON otherwise", async () => {
			const texts = ["ana@acme.example", 'Jörg "Jo" Müller', "山田太郎"];
			const [kept, lost] = [
				["johanna@acme.example", "x.ana@acme.example", "ana@acme.example.org", 'Björg "Jo" Müller'],
				["<ANA@acme.example>.", "a\nana@acme.example", 'JÖRG "JO" MÜLLER\'s phone', "山田太郎さん", "\u0000 smtp:ana@acme.example"],
			];
			await scanOf(store, 10, { z: { kept, lost } }, "closed", "groups");
			await store.saveFindings(
				11,
				["acme"],
				[...kept, ...lost].map((text, index) => draft(`f${index}`, text)),
				[],
			);
			await store.saveFindings(12, ["acme"], [], []);
			await scanOf(store, 20, { z: {} }, "closed", "groups");
			const erased = await store.erase({ ...subject, texts, dryRun: false });
			expect(erased).toMatchObject({ versions: 1, findings: lost.length, left: { records: 0, findings: 0 } });
			const [past] = await store.history("acme", "groups", "z");
			expect(past?.body).toEqual({ kept, lost: ["<(erased)>.", "a\n(erased)", "(erased)'s phone", "(erased)さん", "\u0000 smtp:(erased)"] });
			expect(await store.findings({})).toHaveLength(kept.length);
		});

		it("takes out a past member from outside, whose id is the address", async () => {
			const id = `g/${ana.login}`;
			await scanOf(store, 10, { [id]: { group: "g", account: ana.login } }, "closed", "memberships");
			await scanOf(store, 20, {}, "closed", "memberships");
			expect(await store.erase({ ...subject, dryRun: false })).toMatchObject({ versions: 1, left: { records: 0 } });
			expect(await store.spans("acme", "memberships", "g/")).toEqual([]);
		});

		it("takes names out of the journal, whose chain still fits; others' stay, and a new entry is readable", async () => {
			await store.erase({ ...subject, dryRun: false });
			expect(await labels()).toEqual([undefined, `suspend ${bo.login}`]);
			expect((await store.journal({ tenant: "t" }))[0]).toMatchObject({ data: { kind: "suspend-account" }, personal: { subject: "acme/a", readable: false } });
			await store.appendJournal({ ...journalDraft("t", "intent"), action: "a", personal: { subject: "acme/a", data: { label: "again" } } });
			expect(await labels()).toEqual([undefined, `suspend ${bo.login}`, "again"]);
			expect(await store.verifyJournal("t")).toEqual({ entries: 3, broken: null });
		});

		it("keeps what ended as long as it is told, and remembers until when it did not", async () => {
			await scanOf(store, 10, { a: { v: 1 } });
			await scanOf(store, 20, { a: { v: 2 } });
			await scanOf(store, 30, { a: { v: 3 } });
			await store.saveFindings(31, ["acme"], [draft("x"), draft("y")], []);
			await store.saveFindings(41, ["acme"], [draft("y")], []);
			expect(await store.prune({ system: "acme", what: "accounts", before: 25 })).toBe(1);
			expect(await versions("a")).toBe(2);
			expect(await store.cursor("acme", "pruned/accounts")).toBe("25");
			expect(await store.prune({ system: "acme", what: "accounts", before: 15 })).toBe(0);
			expect(await store.cursor("acme", "pruned/accounts")).toBe("25");
			expect(await store.prune({ system: "acme", what: "findings", before: 31 })).toBe(0);
			expect(await store.prune({ system: "acme", what: "findings", before: 100 })).toBe(1);
			expect((await store.findings({})).map(({ id }) => id)).toEqual(["y"]);
			expect(await store.prune({ system: "nobody", what: "accounts", before: 100 })).toBe(0);
		});
	});
}
