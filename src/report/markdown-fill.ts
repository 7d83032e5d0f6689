/** A part of the report that may be shortened by whole rows. */
export interface Section {
	title: string;
	/** As the closing note names it, when rows are left out. */
	name: string;
	/** Text or table head before the rows. */
	head: string;
	rows: string[];
	/** Behind a disclosure. */
	folded?: boolean;
}

/** Kept free for the closing note. */
const noteRoom = 600;

/** Head, then as many rows of the sections, in their order, as fit into `limit` UTF-8 bytes, then what was left out. */
export function fill(head: string, sections: Section[], limit: number, command = "keelson report"): string {
	const left: string[] = [];
	let more = 0;
	let text = head;
	let used = bytes(head);
	const room = limit - noteRoom;
	if (used > room && (sections.length > 0 || used > limit)) return shortest(limit, command);
	for (const section of sections) {
		const [before, after] = frame(section);
		let rows = "";
		let taken = 0;
		let size = used + bytes(before) + bytes(after);
		for (const row of section.rows) {
			const next = bytes(row) + 1;
			if (size + next > room) break;
			size += next;
			rows += `${row}\n`;
			taken++;
		}
		more += section.rows.length - taken;
		if (taken < section.rows.length) left.push(`${taken === 0 ? "all" : section.rows.length - taken} of ${section.rows.length} ${section.name}`);
		if (taken === 0) continue;
		text += before + rows + after;
		used = size;
	}
	return left.length === 0 ? text : text + note(left, more, limit - used, command);
}

/** UTF-8 bytes: at least as many as characters, whichever of both a vendor counts. */
export function bytes(text: string): number {
	return Buffer.byteLength(text, "utf8");
}

function frame({ title, head, folded }: Section): [string, string] {
	const start = head === "" ? "" : `${head}\n`;
	return folded ? [`\n<details>\n<summary>${title}</summary>\n\n${start}`, "\n</details>\n"] : [`\n### ${title}\n\n${start}`, ""];
}

function note(left: string[], more: number, room: number, command: string): string {
	const full = `\n_Left out to stay within the length allowed here: ${left.join("; ")}. ${more} more in the artefact; ${command} has all of it._\n`;
	return bytes(full) <= room ? full : `\n_Shortened to the length allowed here: ${more} more in the artefact; ${command} has all of it._\n`;
}

/** Nothing of substance fits. */
function shortest(limit: number, command: string): string {
	return `This report does not fit into the length allowed here: run ${command}.\n`.slice(0, Math.max(0, Math.floor(limit)));
}
