import { afterEach, describe, expect, it } from "vitest";
import type { ActionSpec, ActionTarget, Inspection } from "../../src/provider/action.js";
import type { Connection } from "../../src/provider/provider.js";
import { targetsFor } from "./test-targets.js";
import { type ContractTenant, contracted, openTenant } from "./test-tenant.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0).reverse()) await one.close();
});

async function acting(name: string): Promise<{ one: ContractTenant; act: Connection }> {
	const one = await openTenant(name, { users: 60 });
	const act = await one.connect("act");
	open.push(one, act);
	return { one, act };
}

/** The first target on which there is something to do. */
async function ready(spec: ActionSpec, act: Connection, targets: ActionTarget[]): Promise<{ target: ActionTarget; before: Inspection } | string[]> {
	const refusals = new Set<string>();
	for (const target of targets.slice(0, 80)) {
		const before = await spec.inspect(act, target);
		if (before.exists && !before.done && before.refused === null) return { target, before };
		refusals.add(before.refused ?? (before.done ? "done" : "not there"));
	}
	return [...refusals];
}

describe.each(contracted)("%s changes", async (name) => {
	const { loadProvider } = await import("../../src/provider/load.js");
	const { actions } = await loadProvider(name, import.meta.dirname);
	// Settings have a property test of their own in every folder.
	const kinds = actions.filter(({ kind }) => kind !== "update-setting").map(({ kind }) => kind);

	it.each(kinds)("%s: done once, read back, and harmless when it is done again", async (kind) => {
		const { one, act } = await acting(name);
		const spec = actions.find((action) => action.kind === kind) as ActionSpec;
		const read = await one.scan();
		const found = await ready(spec, act, await targetsFor(kind, read));
		if (Array.isArray(found)) throw new Error(`nothing to try ${kind} on: ${found.join("; ") || "no target was read"}`);
		const { target, before } = found;
		const writes = one.tenant.requests.length;
		await spec.inspect(act, target);
		expect(one.tenant.requests.slice(writes).filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !/token|batch|search/i.test(path))).toEqual([]);

		await spec.perform(act, target, before);
		const verified = await spec.verify(act, target, before);
		expect(verified).toMatchObject({ holds: true });
		const after = await spec.inspect(act, target);
		if (verified.proof === "read-back" && after.exists) expect(after.done, JSON.stringify(after)).toBe(true);
		await spec.perform(act, target).catch((error: Error) => {
			// A vendor may refuse the repeat; it must say so and leave things as they are.
			expect(error.name).toMatch(/ActionError|HttpError/);
		});
		expect((await spec.verify(act, target, before)).holds).toBe(true);

		const inverse = spec.reversible ? spec.inverse(target, before) : null;
		expect(spec.inverse(target, before) !== null).toBe(spec.reversible);
		if (!inverse) return;
		const back = actions.find((action) => action.kind === inverse.kind);
		if (!back) throw new Error(`${kind} is undone by ${inverse.kind}, which there is not`);
		const now = await back.inspect(act, inverse.target);
		expect(now).toMatchObject({ exists: true, done: false, refused: null });
		await back.perform(act, inverse.target, now);
		expect(await back.verify(act, inverse.target, now)).toMatchObject({ holds: true });
	});

	it.runIf(kinds.length > 0)("nothing with the credential that reads", async () => {
		const { one } = await acting(name);
		const reading = await one.connect("read");
		open.push(reading);
		const read = await one.scan();
		for (const spec of actions) {
			const [target] = await targetsFor(spec.kind, read);
			if (!target) continue;
			const before = one.tenant.requests.length;
			await expect(spec.perform(reading, target), spec.kind).rejects.toThrow();
			const sent = one.tenant.requests.slice(before).filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !/token|batch/i.test(path));
			expect(sent.filter(({ status }) => status < 400 && status > 0)).toEqual([]);
		}
	});

	it("calls what can't be undone an operator's own", () => {
		for (const spec of actions) {
			const harmless = ["end-sessions", "expire-password", "send-password-reset", "synchronize-account", "open-ticket", "revoke-grants", "revoke-credential"];
			if (!spec.reversible && !harmless.includes(spec.kind))
				expect({ kind: spec.kind, operatorOnly: spec.operatorOnly }).toEqual({ kind: spec.kind, operatorOnly: true });
			expect(spec.effect.length).toBeGreaterThan(20);
		}
	});
});
