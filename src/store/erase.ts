/** Everything that names one subject, an account or a worker. */
export interface EraseInput {
	tenant: string;
	system: string;
	/** The vendor's immutable id. */
	id: string;
	/** Logins, addresses and names by which it is known: what is past and holds one of them goes too, whatever the case of its letters. */
	texts: string[];
	/** Counts, and changes nothing. */
	dryRun: boolean;
}

export interface Erased {
	/** Values of records that are no longer true, and, of a subject that is gone at the vendor, its last ones. */
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

/** A text as it stands within a JSON string. */
export function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}
