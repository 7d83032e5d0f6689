import { type Asked, badRequest } from "./errors.js";

/** How one field of a list's rows is read for filters and sorting. */
export type Fields<T> = Readonly<Record<string, (row: T) => string | number | boolean | readonly string[] | null | undefined>>;

interface Condition {
	field: string;
	values: string[];
}

/** `FIELD:VALUE1|VALUE2,FIELD2:…`. The documents say nothing of escaping, so a value has no comma or bar. @throws Refusal 400 */
export function conditions<T>(call: Asked, text: string | null, fields: Fields<T>): Condition[] {
	if (text === null || text === "") return [];
	return text.split(",").map((part) => {
		const at = part.indexOf(":");
		const field = part.slice(0, at).trim();
		if (at < 1 || part.length === at + 1) throw badRequest(call, `"filter" is malformed at "${part}"`);
		if (!(field in fields)) throw badRequest(call, `"filter" by "${field}" is not supported`);
		return { field, values: part.slice(at + 1).split("|") };
	});
}

export function fits<T>(row: T, wanted: Condition[], fields: Fields<T>): boolean {
	return wanted.every(({ field, values }) => {
		const value = fields[field]?.(row);
		const own = Array.isArray(value) ? value.map(String) : [String(value ?? "")];
		return own.some((one) => values.some((wish) => wish.toLowerCase() === one.toLowerCase()));
	});
}

/** `FIELD:asc|FIELD:desc`; the specification separates by a bar in one place and by a comma in another. @throws Refusal 400 */
export function order<T>(call: Asked, param: string, text: string | null, fields: Fields<T>): ((a: T, b: T) => number) | null {
	if (text === null || text === "") return null;
	const steps = text.split(/[|,]/).map((part) => {
		const [field = "", direction = "asc"] = part.split(":");
		const read = fields[field];
		if (!read || !/^(asc|desc)$/i.test(direction)) throw badRequest(call, `"${param}" is not supported at "${part}"`);
		return { read, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
	});
	return (a, b) => {
		for (const { read, sign } of steps) {
			const [left, right] = [plain(read(a)), plain(read(b))];
			if (left !== right) return left < right ? -sign : sign;
		}
		return 0;
	};
}

function plain(value: ReturnType<Fields<unknown>[string]>): string | number {
	return typeof value === "number" ? value : String(value ?? "");
}
