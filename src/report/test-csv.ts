/** A reader of RFC 4180, strict: CRLF, every cell quoted. @throws Error where the text is anything else */
export function csvRows(text: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	const cell = /"((?:[^"]|"")*)"(,|\r\n)/y;
	while (cell.lastIndex < text.length) {
		const start = cell.lastIndex;
		const match = cell.exec(text);
		if (!match) throw new Error(`not RFC 4180 at ${start}`);
		row.push((match[1] ?? "").replaceAll('""', '"'));
		if (match[2] === ",") continue;
		rows.push(row);
		row = [];
	}
	if (row.length > 0) throw new Error("the last row has no end");
	return rows;
}
