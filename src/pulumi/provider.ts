import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { notifierOf } from "../cli/notify.js";
import { receiptOf } from "../cli/receipt.js";
import { connect, openWorkspace } from "../cli/workspace.js";
import { approvalOf } from "../forge/approval.js";
import { PartialError } from "./errors.js";
import { type Kind, type Lifecycle, lifecycles, type Props } from "./lifecycle.js";
import { projectFolder } from "./project-folder.js";
import { newSession, type Session } from "./session.js";

/**
 * What the forwarder in Pulumi's state calls (`keelson/provider`). Names and arguments are a format: `refresh` runs forwarders that older
 * versions wrote.
 */
export interface Settings {
	get(key: string): string | undefined;
	/** The Pulumi project. */
	projectName?: string;
}

const sessions = new Map<string, Promise<Session>>();

export async function check(settings: Settings | undefined, olds: Props, news: Props) {
	return forPeople(news, async () => {
		const { inputs, failures } = await of(news).check(await sessionOf(settings, news), plain(olds), plain(news));
		return { inputs, failures };
	});
}

export async function diff(_settings: Settings | undefined, _id: string, olds: Props, news: Props) {
	return forPeople(news, async () => ({ changes: of(news).diff(plain(olds), plain(news)) }));
}

export async function create(settings: Settings | undefined, inputs: Props) {
	return forPeople(inputs, async () => {
		const { id, props } = await of(inputs).create(await sessionOf(settings, inputs), plain(inputs));
		return { id, outs: props };
	});
}

export async function read(settings: Settings | undefined, id: string, props: Props) {
	return forPeople(props, async () => of(props).read(await sessionOf(settings, props), id, plain(props)));
}

export async function update(settings: Settings | undefined, id: string, olds: Props, news: Props) {
	return forPeople(news, async () => ({ outs: await of(news).update(await sessionOf(settings, news), id, plain(olds), plain(news)) }));
}

/** Forgets; writes nothing, and needs neither stack file nor network. */
export async function remove(_settings: Settings | undefined, id: string, props: Props) {
	return forPeople(props, async () => {
		process.stderr.write(`${of(props).forget(id)}\n`);
	});
}

/** One forwarder serves all kinds: an object's own inputs say which it is. */
function of(props: Props): Lifecycle {
	const kind: Kind = "members" in props ? "Membership" : "values" in props ? "Setting" : "RemediationPlan";
	return lifecycles[kind];
}

/** One session for each stack file, opened once however many calls come at once. */
function sessionOf(settings: Settings | undefined, { stack }: Props): Promise<Session> {
	const configured = settings?.get("keelson:stack");
	const folder = projectFolder(settings?.projectName ?? null);
	const named = resolve(folder, String(stack));
	// A stack file that was moved stands in the configuration; the state still knows the old place.
	const file = !existsSync(named) && configured ? resolve(folder, configured) : named;
	const session = sessions.get(file) ?? open(file);
	sessions.set(file, session);
	return session;
}

async function open(file: string): Promise<Session> {
	const workspace = await openWorkspace({ stack: file });
	return newSession({
		...workspace,
		connect: (system, purpose, mayWrite) => connect(workspace.stack, system, purpose, () => {}, mayWrite),
		log: (line) => void process.stderr.write(`${line}\n`),
		approval: (file) => approvalOf(file, process.env),
		receipt: (run) => receiptOf({ ...workspace, ...run }),
		...notifierOf(workspace.stack),
	});
}

/** Inputs without the engine's own entries. */
function plain(props: Props): Props {
	return Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__")));
}

/** The engine's host prints an error's text and its stack: here both say one thing once. */
async function forPeople<T>(props: Props, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const shown = Object.assign(new Error(message), kept(error, props));
		shown.toString = () => "keelson";
		shown.stack = process.env.KEELSON_DEBUG && error instanceof Error ? error.stack : message;
		throw shown;
	}
}

/** What the engine keeps of an object that is not as declared yet. It takes these properties for the whole state, the forwarder among them. */
function kept(error: unknown, { __provider }: Props): object {
	if (!(error instanceof PartialError)) return {};
	return { id: error.id, properties: { ...error.properties, __provider }, reasons: error.reasons };
}
