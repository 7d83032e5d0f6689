/** The candidate nearest to a mistyped name by edit distance (case aside), or null when none is near enough to be meant. */
export function nearest(name: string, candidates: string[]): string | null {
	if (name === "") return null;
	const wanted = name.toLowerCase();
	let best: string | null = null;
	let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
		const d = distance(wanted, candidate.toLowerCase());
		if (d < bestDistance) [best, bestDistance] = [candidate, d];
	}
	if (best !== null) return best;
	// A word left out or added (`lastLogin` for `lastLoginAt`) is far by distance, yet meant.
	return wanted.length < 3 ? null : (candidates.find((c) => c.toLowerCase().includes(wanted) || (c.length > 3 && wanted.includes(c.toLowerCase()))) ?? null);
}

/** Optimal string alignment distance: a swap of two neighbours counts as one edit. */
function distance(a: string, b: string): number {
	let twoAgo: number[] = [];
	let ago = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			let cell = Math.min(at(ago, j) + 1, at(row, j - 1) + 1, at(ago, j - 1) + same);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, at(twoAgo, j - 2) + 1);
			row.push(cell);
		}
		[twoAgo, ago] = [ago, row];
	}
	return at(ago, b.length);
}

function at(row: number[], index: number): number {
	return row[index] ?? 0;
}
