import pc from "picocolors";
import type { Grant } from "../drift/grants.js";
import { safeText } from "../report/sanitise.js";

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")}Z`;
const clean = (text: string) => safeText(text, "terminal", 400);

/** A grant as JSON; times are RFC 3339. */
export function grantJson(grant: Grant): object {
	return { ...grant, since: iso(grant.since), until: iso(grant.until) };
}

/** One access a line, with what was asked for and what is. */
export function grantLines(grants: Grant[], color: boolean): string[] {
	const c = pc.createColors(color);
	const bad = new Set<Grant["state"]>(["overdue", "failed"]);
	return grants.length === 0
		? ["no access is declared with an end"]
		: grants.flatMap((grant) => {
				const { state, login, name, key, until, since, endedBy, reason, detail, overdue } = grant;
				const word = bad.has(state) ? c.red(state) : state === "ending" || state === "unknown" ? c.yellow(state) : state;
				const given = since === null ? "" : `, given ${minute(since)}`;
				const by = endedBy === null ? "" : `, ended by ${endedBy === "vendor" ? "the vendor itself" : endedBy}`;
				const why = reason === null ? "" : `: ${clean(reason)}`;
				const line = `  ${word}  ${clean(login)} in ${clean(name ?? key)} until ${minute(until)}${given}${by}${c.dim(`  ${clean(key)}`)}${why}`;
				return [line, ...(detail === null ? [] : [`      ${overdue && state === "failed" ? "overdue; " : ""}${clean(detail)}`])];
			});
}
