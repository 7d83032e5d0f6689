/**
 * A field that may not have been read.
 *
 * `undefined` (a missing key) is *unknown*: never pass, never fail. `null` is what the vendor said: absent, or never.
 */
export type Known<T> = T | undefined;

/** Milliseconds since the Unix epoch, UTC. Times are numbers inside Keelson; reports print RFC 3339. */
export type Millis = number;

/**
 * A list that may lack elements because its collection was not read to the end.
 * `partial: true` means that the elements present are true and that others may exist.
 * In JSON (store, policy tests) a partial list is written `{ "$partial": [ … ] }`.
 */
export interface KnownList<T> extends Array<T> {
	partial?: true;
}
