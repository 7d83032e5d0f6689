import type { ProgressEvent } from "../sync/scan.js";

/** Progress on stderr: one line that moves on a terminal, one line per finished collection elsewhere; nothing when quiet. */
export function progressWriter(stream: NodeJS.WriteStream, quiet: boolean): (event: ProgressEvent) => void {
	if (quiet) return () => {};
	let last = 0;
	return (event) => {
		const { system, collection, records, total, requests, finished } = event;
		if (finished) {
			if (stream.isTTY) stream.write("\r\u001b[2K");
			const reason = finished.reasons[0]?.detail;
			stream.write(`  ${system}  ${collection.padEnd(15)} ${String(finished.known).padStart(8)}  ${finished.state}${reason ? ` (${reason})` : ""}\n`);
			return;
		}
		const now = Date.now();
		if (!stream.isTTY || now - last < 100) return;
		last = now;
		const share = total ? ` of ${total}` : "";
		stream.write(`\r\u001b[2K  ${system}  ${collection.padEnd(15)} ${String(records).padStart(8)}${share}  ${requests} requests`);
	};
}
