import { relative } from "node:path";
import { declarable } from "../drift/declarable.js";
import { type Drift, differs, driftDigest, membershipDrift, settingDrift } from "../drift/drift.js";
import type { LiveMembership, LiveReader, LiveSetting } from "../drift/live.js";
import { loginsOf } from "../drift/logins.js";
import { readMembership } from "../drift/read-live.js";
import type { Stack } from "../stack/stack.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { type Block, membershipBlock, settingBlock, writeAdopt, writeBlock } from "./import-edit.js";
import { liveSystems } from "./live.js";
import { type CommonOptions, openStackStore, readStack } from "./workspace.js";

/**
 * `keelson import <system>/group/<id> | <system>/role/<role> | <system>/<setting id>`: what isn't declared yet is written into the stack file as
 * it is live; what is declared otherwise gets the digest of the difference, so that the next update takes it over. Writes to no vendor.
 */
export async function importObject(object: string, options: CommonOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	const system = object.slice(0, Math.max(object.indexOf("/"), 0));
	if (!Object.hasOwn(stack.systems, system))
		throw new CliError(`${object} names no system of ${options.stack}: write <system>/group/<id>, <system>/role/<role> or <system>/<setting id>`);
	const systems = liveSystems(stack);
	try {
		const reader = await systems.readerOf(system);
		const declared = stack.memberships[object] ?? stack.settings[object];
		const done = declared ? await adopt(object, stack, reader) : await declare(object, stack, reader);
		if (options.json) process.stdout.write(`${JSON.stringify(done)}\n`);
		else process.stdout.write(done.written ? `${relative(process.cwd(), stack.file)}: ${done.what}\n` : `# ${done.what}\n${done.text}`);
		return exitCodes.fine;
	} finally {
		await systems.close();
	}
}

interface Done {
	what: string;
	/** False: the text is to be put in by hand. */
	written: boolean;
	text: string;
}

async function adopt(object: string, stack: Stack, reader: LiveReader): Promise<Done> {
	const drift = await driftOfOne(object, stack, reader);
	if (!drift.exists) throw new CliError(`${object}: the vendor has no such object`);
	if (drift.misnamed !== null)
		throw new CliError(`${object} is named ${JSON.stringify(drift.name)} and declared as ${JSON.stringify(drift.misnamed)}: the id may be the wrong one`);
	if (!differs(drift)) return { what: `${object} is as declared: there is nothing to adopt`, written: true, text: "" };
	const digest = driftDigest(drift);
	const section = Object.hasOwn(stack.memberships, object) ? "memberships" : "settings";
	const written = await writeAdopt(stack, section, object, digest);
	const parts = [...drift.missing.map((id) => `+ ${id}`), ...drift.extra.map((id) => `- ${id}`), ...drift.changed.map(({ path }) => `~ ${path}`)];
	const what = `${object} is taken over with its difference (${parts.join(", ")}), which the next update mends`;
	return { what: written ? what : `write this under ${section} → ${object}`, written, text: `adopt: ${digest}\n` };
}

async function driftOfOne(object: string, stack: Stack, reader: LiveReader): Promise<Drift> {
	const membership = stack.memberships[object];
	const setting = stack.settings[object];
	try {
		if (membership) return membershipDrift(object, membership, await readMembership(reader, membership), Date.now());
		if (setting) return settingDrift(object, setting, await reader.setting(setting.setting));
	} catch (error) {
		throw new CliError(error instanceof Error ? error.message : String(error), exitCodes.coverage);
	}
	throw new CliError(`${object} is not declared`);
}

async function declare(object: string, stack: Stack, reader: LiveReader): Promise<Done> {
	const block = await liveBlock(object, stack, reader);
	const written = await writeBlock(stack, block);
	return { what: written ? `${object} is declared as it is` : `write this under ${block.section}`, written, text: block.text };
}

async function liveBlock(object: string, stack: Stack, reader: LiveReader): Promise<Block> {
	const [system = "", kind = "", ...rest] = object.split("/");
	const target = rest.join("/");
	const live = async <T extends LiveMembership | LiveSetting>(read: Promise<T>): Promise<T> => {
		const found = await read.catch((error: Error) => {
			throw new CliError(error.message, exitCodes.coverage);
		});
		if (!found.exists) throw new CliError(`${object}: the vendor has no such object`);
		return found;
	};
	if ((kind !== "group" && kind !== "role") || target === "") {
		const { name, values, canonical, schema, names } = await live(reader.setting([kind, ...rest].filter(Boolean).join("/")));
		const kept = declarable(canonical(values), schema ?? {});
		if (!kept) throw new CliError(`${object}: nothing of it can be declared`);
		return settingBlock(object, name, kept, names?.(values));
	}
	const { name, members } = await live(readMembership(reader, { kind, target }));
	const store = await openStackStore(stack);
	try {
		const names = await loginsOf(stack, store, system, [...members.keys()]);
		for (const [id, { login }] of members) if (login && !names.has(id)) names.set(id, login);
		const nameless = [...members.keys()].filter((id) => !names.has(id));
		if (nameless.length > 0) throw new CliError(`${object}: the logins of ${nameless.slice(0, 5).join(", ")} are not stored yet: run keelson scan`);
		return membershipBlock(
			object,
			kind === "group" ? name : null,
			[...members.keys()].map((id) => ({ id, login: names.get(id) ?? id })),
		);
	} finally {
		await store.close();
	}
}
