import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Exemption } from "../stack/stack.js";
import { type AssessInput, assess } from "./assess.js";
import { account, at, passkey, push, role, type Seen, scanned, stackOf, world } from "./test-tenant.js";

const day = 86_400_000;
const policy = "mfa-registered-all-users";
/** Of the same kind of subject; ana passes it as long as she signs in. */
const other = "dormant-account";

function exemption(change: Partial<Exemption> & { id?: string } = {}, index = 0): Exemption {
	const { id = "ana", ...rest } = change;
	const path = `exemptions.${index}`;
	const expires = rest.expires ?? at + day;
	return {
		policy,
		subject: { system: "okta", login: `${id}@acme.example`, id, path: `${path}.subject` },
		owner: "it@acme.example",
		reason: "moving",
		ticket: null,
		expires,
		expiresText: new Date(expires).toISOString().slice(0, 10),
		path,
		...rest,
	};
}

async function judged(seen: Seen, entries: Exemption[], change: Partial<AssessInput> = {}): Promise<Assessment> {
	const input = await world(stackOf({ exemptions: entries }));
	await scanned(input.store, seen);
	const assessment = await assess({ ...input, ...change });
	await input.store.close();
	if (!assessment) throw new Error("nothing was judged");
	return assessment;
}

const finding = ({ findings }: Assessment, of = policy, key = "okta/ana") => findings.find((one) => one.policy === of && one.subject.key === key);
const seen = (change: object = {}, rest: Partial<Seen> = {}): Seen => ({
	records: { accounts: { ana: account("ana", change) }, authenticators: { ana: { items: [] } } },
	...rest,
});

describe("a policy that compensates", () => {
	const entry = exemption({ compensatedBy: other });

	it("has to pass for the same subject", async () => {
		const result = await judged(seen(), [entry]);
		expect(finding(result)).toMatchObject({ outcome: "excepted", exemption: { compensatedBy: other } });
		expect(result.problems).toEqual([]);
		expect(result.exemptions).toMatchObject([{ path: "exemptions.0", state: "used", findings: [finding(result)?.id] }]);
	});

	it.each([
		["fails", { lastActivity: at - 400 * day }, "fail"],
		["is unknown", { lastActivity: undefined }, "unknown"],
	])("compensates for nothing while it %s, and the finding says so", async (words, change, outcome) => {
		const result = await judged(seen(change), [entry]);
		const withheld = { compensatedBy: other, outcome, expires: entry.expiresText };
		expect(finding(result)).toMatchObject({ outcome: "fail", withheld });
		expect(finding(result)?.exemption).toBeUndefined();
		expect(finding(result)?.message).toMatch(new RegExp(`; the exemption until ${entry.expiresText} does not hold: ${other} ${words}$`));
		expect(result.exemptions).toMatchObject([{ state: "withheld", withheld }]);
		expect(result.problems).toMatchObject([{ path: "exemptions.0", blocksWrites: false, message: expect.stringContaining(`${other} ${words}`) }]);
	});

	it("compensates for nothing where it does not apply, or is not in force", async () => {
		expect(finding(await judged(seen(), [exemption({ compensatedBy: "mfa-registered-privileged" })]))).toMatchObject({
			outcome: "fail",
			withheld: { outcome: "not-applicable" },
		});
		const { policies } = await world();
		const fewer = policies.filter((one) => one.policy.id !== other);
		expect(finding(await judged(seen(), [entry], { policies: fewer }))).toMatchObject({ outcome: "fail", withheld: { outcome: "not-in-force" } });
	});

	it("is no pass for being exempt from itself, nor are two that name each other", async () => {
		const failing = seen({ lastActivity: at - 400 * day });
		const result = await judged(failing, [entry, exemption({ policy: other }, 1)]);
		expect(finding(result)).toMatchObject({ outcome: "fail" });
		expect(finding(result, other)).toMatchObject({ outcome: "excepted" });
		const circle = await judged(failing, [entry, exemption({ policy: other, compensatedBy: policy }, 1)]);
		expect([finding(circle)?.outcome, finding(circle, other)?.outcome]).toEqual(["fail", "fail"]);
	});

	it("leaves another exemption of the same finding as it is", async () => {
		const result = await judged(seen({ lastActivity: undefined }), [entry, exemption({}, 1)]);
		expect(finding(result)).toMatchObject({ outcome: "excepted" });
		expect(finding(result)?.withheld).toBeUndefined();
		expect(result.exemptions?.map(({ state }) => state)).toEqual(["withheld", "used"]);
	});
});

describe("what became of an exemption", () => {
	it("is not called unused for lack of data", async () => {
		const dark = await judged({ ...seen(), records: { accounts: { ana: account("ana") } }, coverage: { authenticators: "unreadable" } }, [exemption()]);
		expect(dark.exemptions).toMatchObject([{ state: "unknown", findings: [] }]);
		const gone = { records: { accounts: { ben: account("ben") } } };
		expect((await judged({ ...gone, coverage: { accounts: "partial" } }, [exemption()])).exemptions).toMatchObject([{ state: "unknown" }]);
		expect((await judged(gone, [exemption()])).exemptions).toMatchObject([{ state: "unused" }]);
	});

	it("once its time is over is whether its finding is open again", async () => {
		const over = exemption({ expires: at - 1 });
		expect((await judged(seen(), [over])).problems).toMatchObject([{ message: expect.stringContaining("open again") }]);
		const mended = { records: { accounts: { ana: account("ana") }, authenticators: { ana: { items: [passkey] } } } };
		expect((await judged(mended, [over])).problems).toMatchObject([{ message: expect.stringContaining("keelson exempt prune") }]);
	});

	it("of a policy that is not in force is that nothing fails it", async () => {
		const policies = (await world()).policies.filter((one) => one.policy.id !== policy);
		const result = await judged(seen(), [exemption()], { policies });
		expect(result.problems).toMatchObject([{ message: expect.stringContaining("not in force") }]);
	});

	it("with a star in its key is that it covers nobody", async () => {
		const result = await judged(seen(), [exemption({ subject: { key: "okta/*", path: "exemptions.0.subject" } })]);
		expect(finding(result)?.outcome).toBe("fail");
		expect(result.exemptions).toMatchObject([{ state: "unused" }]);
	});
});

describe("an exemption", () => {
	let policies: CompiledPolicy[] = [];
	let names: string[] = [];
	beforeAll(async () => {
		policies = (await world()).policies;
		names = policies.filter((one) => one.policy.for === "account").map((one) => one.policy.id);
	});

	it("never changes what is said of another subject, whatever is judged first", async () => {
		const person = fc.record({
			lastActivity: fc.constantFrom(undefined, null, at - day, at - 200 * day),
			enabled: fc.constantFrom(true, false, undefined),
			factors: fc.constantFrom(undefined, [], [push], [passkey]),
			top: fc.boolean(),
		});
		const entry = fc.record({
			policy: fc.nat().map((n) => names[n % names.length] as string),
			compensatedBy: fc.option(fc.nat().map((n) => names[n % names.length] as string)),
			who: fc.integer({ min: 0, max: 3 }),
			by: fc.constantFrom("id", "login", "key"),
			live: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 3 }), fc.array(entry, { maxLength: 8 }), fc.boolean(), async (people, drawn, turned) => {
				const tenant: Seen = {
					records: {
						accounts: Object.fromEntries(people.map(({ lastActivity, enabled }, n) => [`u${n}`, account(`u${n}`, { lastActivity, enabled } as object)])),
						authenticators: Object.fromEntries(people.flatMap(({ factors }, n) => (factors ? [[`u${n}`, { items: factors }]] : []))),
						roleAssignments: Object.fromEntries(people.flatMap(({ top }, n) => (top ? [[`r${n}`, role(`r${n}`, `u${n}`)]] : []))),
					},
					coverage: { authenticators: "partial" },
				};
				const entries = drawn.map(({ who, by, live, compensatedBy, ...rest }, index) => {
					const path = `exemptions.${index}`;
					const login = { system: "okta", login: `u${who}@acme.example`, id: by === "id" ? `u${who}` : null, path };
					const subject = by === "key" ? { key: `okta/u${who}`, path } : login;
					return exemption({ ...rest, subject, expires: live ? at + day : at - day, ...(compensatedBy && { compensatedBy }) }, index);
				});
				const raw = new Map<string, string>();
				const plain = await judged(tenant, [], { watch: (one, outcome, { ref }) => raw.set(`${one.policy.id} ${ref.key}`, outcome) });
				const some = await judged(tenant, entries, { policies: turned ? [...policies].reverse() : policies });
				const after = new Map(some.findings.map((one) => [one.id, one]));
				expect(some.findings).toHaveLength(plain.findings.length);
				for (const before of plain.findings) {
					const key = before.subject.key;
					const held = drawn.some(
						({ policy: from, who, live, compensatedBy }) =>
							live && from === before.policy && `okta/u${who}` === key && (!compensatedBy || raw.get(`${compensatedBy} ${key}`) === "pass"),
					);
					const { withheld, message, outcome } = after.get(before.id) as (typeof plain.findings)[number];
					expect([before.policy, key, outcome]).toEqual([before.policy, key, before.outcome === "fail" && held ? "excepted" : before.outcome]);
					if (withheld) expect(drawn.some(({ policy: from, who, live }) => live && from === before.policy && `okta/u${who}` === key)).toBe(true);
					else expect(message).toBe(before.message);
				}
				const known = ({ policies: counts }: Assessment) =>
					counts.map(({ policy: id, pass, unknown, review, fail, excepted }) => [id, pass, unknown, review, fail + excepted]);
				expect(known(some)).toEqual(known(plain));
			}),
			{ numRuns: 60 },
		);
	}, 60_000);
});
