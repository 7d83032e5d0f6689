/** Exit code of a process that SIGINT or SIGTERM ended at once: 128 and the signal's number. */
const killed = { SIGINT: 130, SIGTERM: 143 } as const;

/** Hears SIGINT and SIGTERM: the first one aborts the signal that is handed out, the second ends the process at once. */
export function listenForStop(say: (line: string) => void): { signal: AbortSignal; end(): void } {
	const stop = new AbortController();
	const hear = (name: keyof typeof killed) => () => {
		if (stop.signal.aborted) process.exit(killed[name]);
		stop.abort(new Error(`stopped by ${name}`));
		say("stopping after the call that is under way; once more ends at once");
	};
	const heard = (["SIGINT", "SIGTERM"] as const).map((name) => ({ name, listener: hear(name) }));
	for (const { name, listener } of heard) process.on(name, listener);
	return {
		signal: stop.signal,
		end() {
			for (const { name, listener } of heard) process.off(name, listener);
		},
	};
}
