import { membershipDrift } from "../drift/drift.js";
import type { LiveMembership } from "../drift/live.js";
import { mendMembership } from "../drift/mend.js";
import { readMembership } from "../drift/read-live.js";
import { endText, untilText } from "../provider/grants.js";
import type { DesiredMember, DesiredMembership } from "../stack/stack.js";
import { declaredLifecycle } from "./declared.js";
import type { MembershipArgs } from "./dynamic.js";
import { adoptOf, asRecord, modeOf, nameOf, splitKey } from "./props.js";

/** Who is in one group or holds one role. Inputs: `stack`, `key`, `name`, `mode`, `members` (id → login), `adopt`. */
export const lifecycle = declaredLifecycle<DesiredMembership, LiveMembership>({
	declares: "members",
	desired(props) {
		const { system, rest } = splitKey(props);
		const kind = rest.startsWith("role/") ? "role" : "group";
		const members = Object.entries(asRecord(props.members)).map(([id, member]) => ({ ...memberOf(member), id, reason: null, path: String(props.key) }));
		return {
			system,
			kind,
			target: rest.slice(kind.length + 1),
			name: nameOf(props),
			mode: modeOf(props),
			members,
			adopt: adoptOf(props),
			path: String(props.key),
		};
	},
	live: async (session, desired) => readMembership(await session.reader(desired.system), desired),
	drift: membershipDrift,
	mend: mendMembership,
	async asLive(session, desired, drift) {
		const members = new Map<string, MemberInput>(desired.members.map((member) => [member.id ?? "", memberInput(member)]));
		for (const { id, until } of desired.members) if (until !== null && until <= session.now()) members.delete(id ?? "");
		for (const { id, live } of drift.ends ?? []) {
			const member = desired.members.find((one) => one.id === id);
			if (member) members.set(id, memberInput({ ...member, until: live, endBy: "vendor" }));
		}
		for (const id of drift.missing) members.delete(id);
		const names = await session.logins(desired.system, drift.extra);
		for (const id of drift.extra) members.set(id, names.get(id) ?? drift.outside[id] ?? id);
		return Object.fromEntries([...members].sort(([a], [b]) => (a < b ? -1 : 1)));
	},
	async lines(session, desired, drift) {
		if (!drift.exists) return ["the vendor has no such object"];
		const names = await session.logins(desired.system, [...drift.missing, ...drift.extra]);
		const who = (id: string): string => {
			const name = names.get(id) ?? drift.outside[id];
			return name ? `${name} (${id})` : id;
		};
		const named = drift.misnamed === null ? [] : [`it is named ${JSON.stringify(drift.name)}`];
		return [
			...named,
			...drift.missing.map((id) => `+ ${who(id)} is declared and not there`),
			...drift.extra.map((id) => `- ${who(id)} is there and not declared`),
			...(drift.ends ?? []).map(
				({ id, desired: until, live }) => `~ ${who(id)} ends at ${live === null ? "no time" : untilText(live)}, declared ${endText(until)}`,
			),
		];
	},
});

/** A member as an input: the login, and where the access ends, when and by whom. */
type MemberInput = MembershipArgs["members"][string];

export function memberInput({ login, until, endBy }: Pick<DesiredMember, "login" | "until" | "endBy">): MemberInput {
	return until === null ? login : { login, until: untilText(until), ...(endBy && { endBy }) };
}

function memberOf(input: unknown): Pick<DesiredMember, "login" | "until" | "endBy"> {
	const { login, until, endBy } = asRecord(input);
	if (typeof input === "string" || typeof until !== "string") return { login: String(login ?? input), until: null };
	return { login: String(login), until: Date.parse(until), ...((endBy === "vendor" || endBy === "keelson") && { endBy }) };
}
