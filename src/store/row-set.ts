/** A set of row numbers, one bit each: a running scan remembers which of a million rows it met in 125 kB. */
export interface RowSet {
	add(row: number): void;
	has(row: number): boolean;
}

export function rowSet(): RowSet {
	let words = new Uint32Array(1024);
	return {
		add(row) {
			const word = Math.floor(row / 32);
			if (word >= words.length) {
				const grown = new Uint32Array(Math.max(word + 1, words.length * 2));
				grown.set(words);
				words = grown;
			}
			words[word] = (words[word] ?? 0) | (1 << (row % 32));
		},
		has: (row) => ((words[Math.floor(row / 32)] ?? 0) & (1 << (row % 32))) !== 0,
	};
}
