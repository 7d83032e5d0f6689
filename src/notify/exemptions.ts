import type { Millis } from "../model/known.js";
import type { Stack } from "../stack/stack.js";
import type { Happening } from "./announce.js";
import { draft } from "./message.js";
import { line, type Span } from "./text.js";

/** An exemption, or what a baseline accepts until one day. */
interface Ending {
	policy: string | null;
	/** Whom it covers: a key, or how many. */
	subject: string;
	/** The same with a login. */
	named: string;
	owner: string;
	expires: Millis;
	expiresText: string;
}

const day = 86_400_000;

/** Exemptions that end soon, while there is time to mend what they cover or to agree on another day. */
export function exemptionHappening({ stack, at }: { stack: Pick<Stack, "name" | "exemptions" | "baseline">; at: Millis }): Happening<Ending> {
	const keyOf = ({ policy, subject, owner, expiresText }: Ending) => JSON.stringify(policy === null ? [owner, expiresText] : [policy, subject, expiresText]);
	return {
		event: "exemption-ending",
		items: endings(stack).filter(({ expires }) => expires > at),
		keyOf,
		fits: ({ expires }, { days }) => expires - at <= days * day,
		message: (items, { names }) =>
			draft(
				{
					event: "exemption-ending",
					tenant: stack.name,
					at,
					title: [items.length === 1 ? "1 exemption ends soon" : `${items.length} exemptions end soon`],
					opening: [],
					items: items.map((ending) => endingLine(ending, names)),
					closing: [["After its last day the finding is open again."]],
					data: items.map(({ policy, subject, named, owner, expiresText }) => ({
						policy,
						subject: names ? named : subject,
						expires: expiresText,
						...(names ? { owner } : {}),
					})),
					facts: {},
				},
				items.map(keyOf),
			),
		whole: true,
	};
}

function endings({ exemptions, baseline }: Pick<Stack, "exemptions" | "baseline">): Ending[] {
	const own = exemptions.map(({ policy, subject, owner, expires, expiresText }): Ending => {
		const key = "key" in subject ? subject.key : `${subject.system}/${subject.id ?? "(no id yet)"}`;
		return { policy, subject: key, named: "key" in subject ? key : `${subject.system}/${subject.login}`, owner, expires, expiresText };
	});
	const accepted = new Map<string, Omit<Ending, "subject" | "named"> & { count: number }>();
	for (const { owner, expires, expiresText, subjects } of baseline?.entries ?? []) {
		const key = `${expiresText} ${owner}`;
		accepted.set(key, { policy: null, owner, expires, expiresText, count: (accepted.get(key)?.count ?? 0) + subjects.length });
	}
	const together = [...accepted.values()].map(({ count, ...entry }): Ending => {
		const subject = `${count} findings of the baseline`;
		return { ...entry, subject, named: subject };
	});
	return [...own, ...together].sort((a, b) => a.expires - b.expires);
}

function endingLine({ policy, subject, named, owner, expiresText }: Ending, names: boolean): Span[] {
	return [...line`${expiresText}: ${names ? named : subject}`, ...(policy === null ? [] : line` from ${policy}`), ...(names ? line`, ${owner}` : [])];
}
