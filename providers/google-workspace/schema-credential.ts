import type { Known, Millis } from "../../src/model/known.js";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import { type Decoded, flag, identified, known, object, word } from "../../src/provider/decode.js";
import { int64, textsOrNone } from "./schema.js";

/** What of a user a credential's id names. Ids are `<user>/token/<client>` and `<user>/app-password/<code>`. */
export interface CredentialName {
	user: string;
	kind: "token" | "app-password";
	/** Client id, or the code's number. */
	part: string;
}

export function credentialName(id: string): CredentialName | null {
	const match = /^([^/]+)\/(token|app-password)\/(.+)$/.exec(id);
	return match?.[1] && match[3] ? { user: match[1], kind: match[2] === "token" ? "token" : "app-password", part: match[3] } : null;
}

/** `GET …/tokens` item → what a user has granted to an application. Google tells neither when nor whether it is used. */
export function decodeToken(item: unknown, user: string): Decoded<CredentialRecord> {
	const found = identified(item, "token", "clientId");
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<CredentialRecord>({
			id: `${user}/token/${id}`,
			kind: "oauth-grant",
			name: word(raw.displayText) ?? id,
			owner: user,
			app: id,
			scopes: textsOrNone(raw.scopes),
			active: true,
		}),
	};
}

/** The application itself, as far as a grant to it tells. */
export function decodeApp(item: unknown): AppRecord | null {
	const raw = object(item);
	const id = word(raw?.clientId);
	if (!raw || !id) return null;
	const native = flag(raw.nativeApp);
	return {
		id,
		name: word(raw.displayText) ?? id,
		type: native === undefined ? "oauth-client" : native ? "native" : "web",
		active: true,
		nonHuman: false,
		clientId: id,
	};
}

/** `GET …/asps` item. */
export function decodeAppPassword(item: unknown, user: string): Decoded<CredentialRecord> {
	const raw = object(item);
	const code = int64(raw?.codeId);
	if (!raw || code === undefined) return { bad: "an app password has no number", id: null };
	const used = unixTime(raw.lastTimeUsed);
	return {
		ok: known<CredentialRecord>({
			id: `${user}/app-password/${code}`,
			kind: "app-password",
			name: word(raw.name) ?? `app password ${code}`,
			owner: user,
			created: unixTime(raw.creationTime) || undefined,
			lastUsed: used === 0 ? null : used,
			expires: null,
			active: true,
		}),
	};
}

/** Documented as seconds; Google's own examples are milliseconds. Anything past the year 5138 in seconds is milliseconds. */
function unixTime(value: unknown): Known<Millis> {
	const given = int64(value);
	return given === undefined ? undefined : given < 100_000_000_000 ? given * 1000 : given;
}
