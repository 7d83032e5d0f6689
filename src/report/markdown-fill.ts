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
/** Of that, for the hidden line by which a posted text is found again. */
const markerRoom = 150;
/** Of the room, what each section may take before all have had that much: none is so long that those after it are left out whole. */
const firstShare = 10;

/** Head, then as many rows of the sections, in their order, as fit into `limit` UTF-8 bytes, then what was left out. */
export function fill(head: string, sections: Section[], limit: number, command = "keelson report"): string {
	const used = bytes(head);
	const room = limit - noteRoom;
	if (used > room && (sections.length > 0 || used > limit)) return shortest(limit, command);
	const { taken, size } = shares(sections, room - used);
	const left = new Map<string, { left: number; of: number }>();
	let text = head;
	for (const [index, section] of sections.entries()) {
		const count = taken[index] ?? 0;
		const { name, rows } = section;
		if (count < rows.length) {
			const earlier = left.get(name) ?? { left: 0, of: 0 };
			left.set(name, { left: earlier.left + rows.length - count, of: earlier.of + rows.length });
		}
		if (count === 0) continue;
		const [before, after] = frame(section);
		text += `${before}${rows.slice(0, count).join("\n")}\n${after}`;
	}
	return left.size === 0 ? text : text + note(left, Math.min(limit - used - size, noteRoom) - markerRoom, command);
}

/** How many rows of each section are shown, and the bytes that they take: first a share of each, then what is left in their order. */
function shares(sections: Section[], room: number): { taken: number[]; size: number } {
	const taken = sections.map(() => 0);
	const sizes = sections.map(() => 0);
	let size = 0;
	for (const most of [Math.floor(room / firstShare), room])
		for (const [index, section] of sections.entries()) {
			const { rows } = section;
			for (let at = taken[index] ?? 0; at < rows.length; at++) {
				const next = bytes(rows[at] ?? "") + 1 + (at === 0 ? bytes(frame(section).join("")) : 0);
				if (size + next > room || (sizes[index] ?? 0) + next > most) break;
				size += next;
				sizes[index] = (sizes[index] ?? 0) + next;
				taken[index] = at + 1;
			}
		}
	return { taken, size };
}

/** UTF-8 bytes: at least as many as characters, whichever of both a vendor counts. */
export function bytes(text: string): number {
	return Buffer.byteLength(text, "utf8");
}

function frame({ title, head, folded }: Section): [string, string] {
	const start = head === "" ? "" : `${head}\n`;
	return folded ? [`\n<details>\n<summary>${title}</summary>\n\n${start}`, "\n</details>\n"] : [`\n### ${title}\n\n${start}`, ""];
}

function note(left: Map<string, { left: number; of: number }>, room: number, command: string): string {
	const parts = [...left].map(([name, part]) => `${part.left === part.of ? "all" : part.left} of ${part.of} ${name}`);
	const more = [...left.values()].reduce((sum, part) => sum + part.left, 0);
	const full = `\n_Left out to stay within the length allowed here: ${parts.join("; ")}. ${more} more in the artefact; ${command} has all of it._\n`;
	return bytes(full) <= room ? full : `\n_Shortened to the length allowed here: ${more} more in the artefact; ${command} has all of it._\n`;
}

/** Nothing of substance fits. */
function shortest(limit: number, command: string): string {
	return `This report does not fit into the length allowed here: run ${command}.\n`.slice(0, Math.max(0, Math.floor(limit)));
}
