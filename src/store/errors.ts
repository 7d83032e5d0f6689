/** Something the user can mend about the store: its location, its file, its version, another process. The message says what and how; it holds no secret. */
export class StoreError extends Error {
	override readonly name = "StoreError";
}
