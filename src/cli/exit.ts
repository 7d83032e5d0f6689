/** Exit codes of every command. Several at once: 2, 4, 3, 5, 1 in this order of weight. */
export const exitCodes = { fine: 0, findings: 1, badInput: 2, coverage: 3, refused: 4, drift: 5 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const weight: ExitCode[] = [2, 4, 3, 5, 1, 0];

/** The one code that a run with several outcomes ends with. */
export function worst(codes: ExitCode[]): ExitCode {
	return weight.find((code) => codes.includes(code)) ?? 0;
}

/** A failure a person can mend: printed as it is, with no stack. */
export class CliError extends Error {
	override name = "CliError";
	constructor(
		message: string,
		readonly code: ExitCode = exitCodes.badInput,
	) {
		super(message);
	}
}
