import type { ActionSpec, ActionTarget, Inspection } from "../../src/provider/action.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { text, word } from "../../src/provider/decode.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import type { SspmConnection } from "./connection.js";
import { readRole, writeRole } from "./dialect.js";
import { findConfig, type LiveConfig } from "./find-config.js";
import { losses } from "./read.js";
import { issueStates, jira, linkedTo } from "./ticket-state.js";
import { type Ticketing, ticketing } from "./ticketing.js";
import { issuesIn, type Ticket, ticketsOf, ticketsPath } from "./tickets.js";
import { saysPass, wanted } from "./verdict.js";

/** How summaries of Keelson's own tickets begin. */
const mark = "Keelson: ";

/** Milliseconds. How long a ticket that an interrupted call may have opened is looked for: the vendor says nothing of how soon a list shows it. */
const lateBudget = 15_000;

/** A configuration with its tickets. */
export interface Scene {
	live: LiveConfig;
	/** Tickets of the identity calls that name it. */
	own: Ticket[];
	/** Keys of the issues that are linked to it and not done; undefined where that can't be said. */
	open: string[] | undefined;
}

/** @throws HttpError, and ActionError where what was read is not whole */
export async function scene(connection: SspmConnection, target: ActionTarget): Promise<Scene | null> {
	const live = await findConfig(connection, needed(target, "setting"));
	if (!live) return null;
	const own = live.place ? await ownTickets(connection, live, live.place.id) : [];
	const named = issuesIn(live.raw);
	if (!named || live.place === undefined) return { live, own, open: undefined };
	// A ticket that may be linked to nothing counts here all the same: a second one would be one too many.
	const linked = await linkedTo(named, own, issueStates(connection, connection.config.signal));
	return { live, own, open: linked.filter(({ open }) => open).map(({ key }) => key) };
}

async function ownTickets(connection: SspmConnection, { id }: LiveConfig, place: string): Promise<Ticket[]> {
	const lost = losses();
	const { tickets } = await ticketsOf(connection, place, lost, connection.config.signal);
	if (!tickets) throw new ActionError(`the list of tickets could not be read whole: ${lost.end().reasons[0]?.detail}`);
	return tickets.filter(({ resources }) => resources.includes(id));
}

export const absent: Inspection = { exists: false, done: false, refused: "the vendor has no such configuration", facts: {}, request: null };

export function factsOf({ live, open }: Scene): Record<string, unknown> {
	return { status: word(live.raw.status) ?? null, ...(open && { tickets: open }) };
}

/** @throws ActionError with the credential that reads */
export function assertWriting({ config }: SspmConnection): void {
	if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
}

/** A Jira issue through the product's own integration, linked to the configuration. */
export const openTicket: ActionSpec<SspmConnection> = {
	kind: "open-ticket",
	scopes: [readRole, writeRole],
	reversible: true,
	operatorOnly: false,
	effect: "An issue is opened in Jira through the product's integration and linked to the configuration. Nothing changes in the app itself.",
	async inspect(connection, target, interrupted) {
		let found = await scene(connection, target);
		if (!found) return absent;
		if (interrupted && found.open?.length === 0) {
			await readBack(connection.config, () => lookForOpen(connection, target), lateBudget);
			found = (await scene(connection, target)) ?? found;
		}
		const done = (found.open?.length ?? 0) > 0;
		const goes = done ? null : await destination(connection, found);
		return { exists: true, done, refused: typeof goes === "string" ? goes : null, facts: factsOf(found), request: found.live.request };
	},
	async perform(connection, target) {
		assertWriting(connection);
		const found = await scene(connection, target);
		if (!found) throw new ActionError("the vendor has no such configuration");
		const { live, open } = found;
		// A second issue would be one too many.
		if (open && open.length > 0) return live.request;
		const goes = await destination(connection, found);
		if (typeof goes === "string" || !live.place) throw new ActionError(String(goes));
		const answer = await connection.send({ method: "POST", path: ticketsPath, params: { saasInstanceId: live.place.id }, body: bodyOf(live, goes) });
		return answer.request;
	},
	verify: (connection, target) => readBack(connection.config, () => lookForOpen(connection, target)),
	inverse: (target) => ({ kind: "close-ticket", target: { setting: needed(target, "setting") } }),
};

async function lookForOpen(connection: SspmConnection, target: ActionTarget): Promise<Look> {
	const found = await scene(connection, target);
	const keys = found?.open ?? [];
	const detail = keys.length > 0 ? `${keys.join(", ")} is linked to it` : "no open ticket is linked to it";
	return { holds: keys.length > 0, detail, request: found?.live.request ?? null };
}

async function destination(connection: SspmConnection, { live, own, open }: Scene): Promise<Ticketing | string> {
	const { app, place, raw } = live;
	if (place === null) return `the product reads no accounts of ${app.name}, and opens tickets only where it does: open one by hand`;
	if (place === undefined) return `it can't be said which SaaS instance ${app.name} is, and tickets are opened in instances: open one by hand`;
	if (open === undefined) return "it can't be said whether a ticket is open for it already";
	if (saysPass(raw)) return "the vendor says that it is as it should be: there is nothing to open a ticket for";
	return ticketing(connection, [...(issuesIn(raw) ?? []), ...own]);
}

function bodyOf(live: LiveConfig, { integration, project, issueType, feature }: Ticketing): Record<string, unknown> {
	const { id, app, raw } = live;
	const name = word(raw.name) ?? word(raw.config_id) ?? id;
	const said = (value: string | null | undefined): string => value ?? "not said";
	const console = word(raw.console_url);
	const lines = [
		`${name}, in ${app.name} (${app.type}).`,
		`It is: ${said(text(raw.current_value))}. It should be: ${said(wanted(raw))}.`,
		...(console === undefined ? [] : [`Mend it at ${console}.`]),
		"It counts as mended after the product's next scan.",
	];
	return {
		resourceIds: [id],
		feature,
		integrationId: integration,
		type: jira,
		issueTypeId: issueType,
		summary: oneLine(`${mark}${name} (${app.name})`),
		description: lines.join("\n"),
		settings: { projectKey: project },
	};
}

/** Jira takes 254 characters without a line break for a summary; cut between characters, not within one. */
function oneLine(summary: string): string {
	const plain = summary.replace(/\p{Cc}+/gu, " ");
	let cut = "";
	for (const character of plain) {
		if (cut.length + character.length > 254) break;
		cut += character;
	}
	return cut;
}

/** The ticket that is meant; null where it is not linked; a sentence where several could be meant. */
export function chosen({ own }: Scene, { ticket }: ActionTarget): Ticket | null | string {
	if (ticket !== undefined) return own.find(({ key }) => key === ticket) ?? null;
	const ours = own.filter(({ summary }) => summary?.startsWith(mark));
	return ours.length > 1
		? `several tickets of Keelson's are linked to it (${ours.map(({ key }) => key).join(", ")}): unlink them in the product`
		: (ours[0] ?? null);
}
