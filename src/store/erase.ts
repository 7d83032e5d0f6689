/** Everything that names one subject, an account or a worker. */
export interface EraseInput {
	tenant: string;
	system: string;
	/** The vendor's immutable id. */
	id: string;
	/** Logins, addresses and names by which it is known: they go out of what is past of others too, whatever the case of their letters. */
	texts: string[];
	/** Counts, and changes nothing. */
	dryRun: boolean;
}

export interface Erased {
	/**
	 * Values of records that are no longer true, and, of a subject that is gone at the vendor, its last ones. Others' past values that named it are
	 * counted too: they stay without the names, for a missing one would be told as an object that was gone.
	 */
	versions: number;
	findings: number;
	/** Keys of the journal: without them its personal facts are noise. */
	keys: number;
	/** The newest scan has the subject: what is true of it now stays. */
	isCurrent: boolean;
	/** What still holds one of the texts: records that are true now, and findings that are open. */
	left: { records: number; findings: number };
}

/** Under this cursor a store remembers until when a collection's history was taken out, as milliseconds. */
export function pruned(collection: string): string {
	return `pruned/${collection}`;
}

/** What stands where a name was. */
export const erasedWord = "(erased)";

/** Looks for a subject's logins, addresses and names in JSON texts. */
export interface Naming {
	/** For each text a piece of ASCII that whatever holds it has, in some case: to look through rows fast. Null: every row has to be looked at. */
	sieves: string[] | null;
	isIn(json: string): boolean;
	/** The JSON text without them; null where none is in it. */
	without(json: string): string | null;
}

/** Writing without spaces between words: there, a letter beside a name says nothing. */
const unspaced = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const open = new RegExp(`[${unspaced}]`, "u");
const literal = /"(?:[^"\\]|\\.)*"/g;

/** Only whole names and addresses are met: `ana@acme.example` is not within `johanna@acme.example`, who is somebody else. */
export function namingOf(texts: readonly string[]): Naming {
	const patterns = [...new Set(texts)].filter((text) => text !== "").map(patternOf);
	if (patterns.length === 0) return { sieves: [], isIn: () => false, without: () => null };
	const any = new RegExp(patterns.join("|"), "giu");
	const pieces = texts.map(longestPiece);
	const without = (json: string) => {
		let met = false;
		const kept = json.replace(literal, (part) => {
			const text: string = JSON.parse(part);
			const rest = text.replace(any, erasedWord);
			if (rest === text) return part;
			met = true;
			return JSON.stringify(rest);
		});
		return met ? kept : null;
	};
	return { sieves: pieces.some(({ length }) => length < 3) ? null : pieces, isIn: (json) => without(json) !== null, without };
}

function patternOf(text: string): string {
	const [first = "", last = ""] = [[...text][0], [...text].at(-1)];
	const before = open.test(first) ? "" : "(?<![\\p{L}\\p{N}_.+-])";
	const after = open.test(last) ? "" : "(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])";
	return `${before}${text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}${after}`;
}

/** Of characters that stand in JSON as they are, and have no other case outside of ASCII. */
function longestPiece(text: string): string {
	return text
		.split(/[^A-Za-z0-9 @._+-]/)
		.reduce((a, b) => (b.length > a.length ? b : a), "")
		.toLowerCase();
}

/** How a finding's body names its subject. */
export function subjectIn(body: string): string | null {
	const { subject } = JSON.parse(body) as { subject?: { key?: string } };
	return subject?.key ?? null;
}
