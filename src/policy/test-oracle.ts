import { type CelInput, CelScalar, celEnv, isCelError, mapType, parse, plan } from "@bufbuild/cel";

const env = celEnv({ variables: { account: mapType(CelScalar.STRING, CelScalar.DYN), now: CelScalar.DYN } });
const timestampOf = plan(celEnv({ variables: { text: CelScalar.STRING } }), parse("timestamp(text)"));

/** Fields that hold times. */
const timeFields = new Set(["created", "lastActivity"]);

/** Our text as plain CEL: `days(n)` is a duration, `has(x)` asks whether the vendor said something. */
export function plainCel(text: string): string {
	return text.replace(/days\((\d+)\)/g, (_, days: string) => `duration('${Number(days) * 24}h')`).replace(/has\(([\w.]+)\)/g, "($1 != null)");
}

/** A second implementation's opinion: `@bufbuild/cel` on an account with every field known. A runtime error is the string "error". */
export function oracle(text: string): (account: Record<string, unknown>, now: number) => unknown {
	const run = plan(env, parse(plainCel(text)));
	return (account, now) => {
		const value = run({ account: toCel(account) as Record<string, CelInput>, now: toCel(now, true) });
		return isCelError(value) ? "error" : value;
	};
}

function toCel(value: unknown, isTime = false): CelInput {
	if (typeof value === "number") return isTime ? (timestampOf({ text: new Date(value).toISOString() }) as CelInput) : BigInt(value);
	if (Array.isArray(value)) return value.map((item) => toCel(item));
	if (typeof value !== "object" || value === null) return value as CelInput;
	return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, toCel(v, timeFields.has(key))]));
}
