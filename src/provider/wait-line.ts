/** A queue of which any member may leave at any time, in constant time: 100,000 may wait, and a `Set` walks over those that left. */
export interface WaitLine<T extends object> {
	size(): number;
	add(member: T): void;
	leave(member: T): void;
	/** Takes the longest waiting out. */
	next(): T | undefined;
	members(): T[];
}

export function createWaitLine<T extends object>(): WaitLine<T> {
	let line: (T | null)[] = [];
	let head = 0;
	const places = new Map<T, number>();

	function compact(): void {
		if (head < 1024 || head * 2 < line.length) return;
		line = line.slice(head);
		head = 0;
		line.forEach((member, index) => {
			if (member) places.set(member, index);
		});
	}

	return {
		size: () => places.size,
		add(member) {
			places.set(member, line.push(member) - 1);
		},
		leave(member) {
			const place = places.get(member);
			if (place === undefined) return;
			places.delete(member);
			line[place] = null;
		},
		next() {
			while (head < line.length) {
				const member = line[head++];
				if (!member) continue;
				places.delete(member);
				compact();
				return member;
			}
			line = [];
			head = 0;
			return undefined;
		},
		members: () => [...places.keys()],
	};
}
