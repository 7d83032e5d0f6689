/** East Asian wide characters and emoji take two columns of a terminal (Unicode Standard Annex 11). */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const combining = /\p{M}/u;

/** Columns that text takes in a terminal. */
export function columns(text: string): number {
	let count = 0;
	for (const char of text) count += combining.test(char) ? 0 : wide.test(char) ? 2 : 1;
	return count;
}

/** Breaks text into lines of at most `width` columns, between words where it can. Width `Infinity` gives one line. */
export function wrap(text: string, width: number): string[] {
	if (columns(text) <= width) return [text];
	const room = Math.max(width, 1);
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (columns(longer) <= room) {
			line = longer;
			continue;
		}
		if (line !== "") lines.push(line);
		const pieces = broken(word, room);
		lines.push(...pieces.slice(0, -1));
		line = pieces.at(-1) ?? "";
	}
	if (line !== "" || lines.length === 0) lines.push(line);
	return lines;
}

export function padEnd(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** A word cut into pieces that fit. */
function broken(word: string, room: number): string[] {
	const pieces: string[] = [];
	let piece = "";
	for (const char of word) {
		if (piece !== "" && columns(piece + char) > room) {
			pieces.push(piece);
			piece = "";
		}
		piece += char;
	}
	pieces.push(piece);
	return pieces;
}
