import { peopleSystem } from "../assess/persons.js";
import { announce, type Happening } from "../notify/announce.js";
import { exemptionHappening } from "../notify/exemptions.js";
import { findingsHappening } from "../notify/findings.js";
import { mailText } from "../notify/message.js";
import { type Notifier, openNotifier } from "../notify/open.js";
import { mailLine } from "../notify/text.js";
import { safeText } from "../report/sanitise.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { isProposal } from "./base.js";
import { CliError, exitCodes } from "./exit.js";

export interface NotifyOption {
	/** Tells the stack's channels what they have not been told; `show`: says what they would be told. */
	notify?: "send" | "show" | true;
}

/** The stack's channels; none for what a pull request proposes: it can't say where a message goes. */
export function notifierOf(stack: Stack): { notifier?: Notifier } {
	return isProposal() || Object.keys(stack.notify.channels).length === 0 ? {} : { notifier: openNotifier({ stack, env: process.env }) };
}

/** Whether each channel could be used. Sends nothing. */
export async function checkChannels(stack: Stack): Promise<{ name: string; ok: boolean; detail: string }[]> {
	const { notifier } = notifierOf(stack);
	const checked: { name: string; ok: boolean; detail: string }[] = [];
	for (const channel of notifier?.channels ?? []) {
		const delivery = await notifier?.check(channel);
		if (delivery) checked.push({ name: channel.name, ok: delivery.sent, detail: delivery.sent ? delivery.detail : delivery.why });
	}
	return checked;
}

/** @throws CliError, exit code 4, where the stack file is a proposal: before anything is read */
export function checkNotify({ notify }: NotifyOption): void {
	if (notify !== undefined && notify !== "show" && isProposal())
		throw new CliError("--notify: a pull request can't say where messages go (KEELSON_BASE is set): leave it out, or give --notify show", exitCodes.refused);
}

/** Tells every channel what it has not been told, on stderr what became of it. What can't be sent is a warning, and is sent by the next run. */
export async function notifyChannels<T>(
	world: { stack: Stack; store: Store },
	happenings: Happening<T>[],
	how: NonNullable<NotifyOption["notify"]>,
): Promise<void> {
	const { stack, store } = world;
	const say = (line: string) => void process.stderr.write(`keelson: ${safeText(line, "terminal", 400)}\n`);
	if (Object.keys(stack.notify.channels).length === 0) return;
	const notifier = openNotifier({ stack, env: process.env });
	for (const happening of happenings) {
		for (const { channel, event, message, delivery } of await announce(
			{ store, tenant: stack.name, notifier, now: Date.now, dryRun: how === "show" },
			happening,
		)) {
			if (message === null) continue;
			const what = `${channel}: ${event}: ${mailLine(message.title)}`;
			if (delivery === null) process.stderr.write(`would tell ${safeText(what, "terminal", 400)}\n${indented(mailText(message))}`);
			else say(delivery.sent ? `told ${what}` : `warning: ${what}: not told, and the next run tries again: ${delivery.why}`);
		}
	}
}

/** Tells of the findings that the store holds, and of exemptions that end soon. */
export async function tellFindings({ stack, store }: { stack: Stack; store: Store }, how: NonNullable<NotifyOption["notify"]>): Promise<void> {
	const at = Date.now();
	const findings = await store.findings({ systems: [...Object.keys(stack.systems), peopleSystem], states: ["new", "open", "reopened"] });
	await notifyChannels({ stack, store }, [findingsHappening({ tenant: stack.name, at, findings })], how);
	await notifyChannels({ stack, store }, [exemptionHappening({ stack, at })], how);
}

function indented(text: string): string {
	return text
		.trimEnd()
		.split("\n")
		.map((line) => `  ${safeText(line, "terminal", 400)}\n`)
		.join("");
}
