import type { Grant } from "../drift/grants.js";
import type { Millis } from "../model/known.js";
import type { NotifyEvent } from "../stack/notify.js";
import type { Happening } from "./announce.js";
import { draft } from "./message.js";
import { line } from "./text.js";

export interface GrantNews {
	tenant: string;
	at: Millis;
	grants: readonly Grant[];
	/** Every access with an end was read: what is not among them any more is settled. */
	whole: boolean;
}

const titles: Partial<Record<NotifyEvent, [one: string, more: string]>> = {
	"grant-failed": ["access could not be given or ended", "accesses could not be given or ended"],
	"grant-overdue": ["access is past its end and still there", "accesses are past their end and still there"],
};

/** Accesses with an end whose last try failed, and those that outlived it. */
export function grantHappenings(news: GrantNews): Happening<Grant>[] {
	return [
		happening("grant-failed", { ...news, grants: news.grants.filter(({ state }) => state === "failed") }),
		happening("grant-overdue", { ...news, grants: news.grants.filter(({ overdue }) => overdue) }),
	];
}

function happening(event: NotifyEvent, { tenant, at, grants, whole }: GrantNews): Happening<Grant> {
	const [one, more] = titles[event] ?? ["", ""];
	const keyOf = ({ key, account, until }: Grant) => JSON.stringify([key, account, until]);
	return {
		event,
		items: grants,
		keyOf,
		message: (items, { names }) =>
			draft(
				{
					event,
					tenant,
					at,
					title: [`${items.length} ${items.length === 1 ? one : more}`],
					opening: [],
					items: items.map(({ key, name, account, login, until, detail }) => [
						...(names ? line`${login} in ${name ?? key}` : line`${account} in ${key}`),
						`, until ${new Date(until).toISOString().slice(0, 16)}Z`,
						...(names && detail !== null ? line`: ${detail}` : []),
					]),
					closing: [["keelson expire --list shows every access with an end."]],
					data: items.map(({ key, system, kind, target, account, login, until, state, overdue, detail }) => ({
						key,
						system,
						kind,
						target,
						account,
						until: new Date(until).toISOString(),
						state,
						overdue,
						...(names ? { login, detail } : {}),
					})),
					facts: {},
				},
				items.map(keyOf),
			),
		whole,
	};
}
