/** What became of sending one message. `why` is one sentence, without secrets. */
export type Delivery =
	| { sent: true; detail: string }
	/** `doubtful`: it may have arrived all the same. */
	| { sent: false; why: string; doubtful: boolean };

/** What sending needs of the world. */
export interface Sending {
	now(): number;
	/** Takes every secret of the channel out of a text. */
	redact(text: string): string;
	/** For tests: resolves after `ms`. */
	sleep?(ms: number): Promise<unknown>;
	/** For tests: a certificate authority that is trusted for mail beside the machine's own. */
	ca?: string;
	/** Ends what is under way. */
	signal?: AbortSignal | undefined;
}
