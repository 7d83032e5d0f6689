import { setMaxListeners } from "node:events";

/** One listener on a signal for all who want to hear it: Node walks a signal's listeners one by one at every change. */
export interface AbortGroup {
	/** Calls `onAbort` once, when the signal is aborted; must not be aborted yet. The result takes it back. */
	listen(signal: AbortSignal, onAbort: () => void): () => void;
}

export function createAbortGroup(): AbortGroup {
	const groups = new Map<AbortSignal, { callbacks: Set<() => void>; all(): void }>();
	return {
		listen(signal, onAbort) {
			let group = groups.get(signal);
			if (!group) {
				const callbacks = new Set<() => void>();
				const all = (): void => {
					groups.delete(signal);
					for (const callback of [...callbacks]) callback();
				};
				group = { callbacks, all };
				groups.set(signal, group);
				signal.addEventListener("abort", all, { once: true });
			}
			const mine = group;
			mine.callbacks.add(onAbort);
			return () => {
				mine.callbacks.delete(onAbort);
				if (mine.callbacks.size > 0 || groups.get(signal) !== mine) return;
				groups.delete(signal);
				signal.removeEventListener("abort", mine.all);
			};
		},
	};
}

/** Signals that are aborted with either of two, one for each pair: the same for all requests of a scan. */
export function createSignalLinks(closing: AbortSignal): (own: AbortSignal | undefined) => { signal: AbortSignal; release(): void } {
	const links = new Map<AbortSignal, { signal: AbortSignal; uses: number; end(): void }>();
	return (own) => {
		if (own === undefined) return { signal: closing, release: () => {} };
		let link = links.get(own);
		if (!link) {
			link = linkOf(closing, own);
			links.set(own, link);
		}
		const mine = link;
		mine.uses++;
		return {
			signal: mine.signal,
			release() {
				if (--mine.uses > 0) return;
				mine.end();
				links.delete(own);
			},
		};
	};
}

/** Not `AbortSignal.any`: in Node 20 that keeps memory on a signal that lives long. */
function linkOf(closing: AbortSignal, own: AbortSignal): { signal: AbortSignal; uses: number; end(): void } {
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	const onClosing = (): void => controller.abort(closing.reason);
	const onOwn = (): void => controller.abort(own.reason);
	if (closing.aborted) onClosing();
	if (own.aborted) onOwn();
	closing.addEventListener("abort", onClosing, { once: true });
	own.addEventListener("abort", onOwn, { once: true });
	return {
		signal: controller.signal,
		uses: 0,
		end() {
			closing.removeEventListener("abort", onClosing);
			own.removeEventListener("abort", onOwn);
		},
	};
}
