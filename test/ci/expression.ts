/** What `${{ … }}` can name: `github`, `inputs`, `steps`, `secrets`, `vars`, `env`, `runner`. */
export type Contexts = Record<string, unknown>;

/** GitHub's expressions as far as our workflows use them: names, quoted texts, `==`, `!=`, `!`, `&&`, `||`, brackets. */
export function evaluate(expression: string, contexts: Contexts): unknown {
	const parts = expression.match(/'(?:[^']|'')*'|[A-Za-z_][\w.-]*|==|!=|&&|\|\||[!()]|\d+|\s+|./g) ?? [];
	let at = 0;
	const skip = () => {
		while (/^\s+$/.test(parts[at] ?? "")) at++;
	};
	const next = (): string => {
		skip();
		return parts[at++] ?? "";
	};
	const sees = (text: string): boolean => {
		skip();
		if (parts[at] !== text) return false;
		at++;
		return true;
	};
	const value = (): unknown => {
		const part = next();
		if (part === "!") return !truth(value());
		if (part === "(") {
			const inner = either();
			if (next() !== ")") throw new Error(`unclosed bracket in ${expression}`);
			return inner;
		}
		if (part.startsWith("'")) return part.slice(1, -1).replaceAll("''", "'");
		if (/^\d+$/.test(part)) return Number(part);
		if (part === "true" || part === "false") return part === "true";
		if (!/^[A-Za-z_]/.test(part)) throw new Error(`${part} is not understood in ${expression}`);
		const [root = "", ...path] = part.split(".");
		if (!Object.hasOwn(contexts, root)) throw new Error(`${root} is no context, in ${expression}`);
		return path.reduce<unknown>((held, key) => (typeof held === "object" && held !== null ? (held as Contexts)[key] : undefined), contexts[root]);
	};
	const compared = (): unknown => {
		const left = value();
		if (sees("==")) return same(left, value());
		if (sees("!=")) return !same(left, value());
		return left;
	};
	const both = (): unknown => {
		let left = compared();
		while (sees("&&")) {
			const right = compared();
			left = truth(left) ? right : left;
		}
		return left;
	};
	function either(): unknown {
		let left = both();
		while (sees("||")) {
			const right = both();
			left = truth(left) ? left : right;
		}
		return left;
	}
	const result = either();
	skip();
	if (at < parts.length) throw new Error(`${parts.slice(at).join("")} is not understood in ${expression}`);
	return result;
}

/** A text with its expressions filled in. */
export function filled(text: string, contexts: Contexts): string {
	return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
		const value = evaluate(expression.trim(), contexts);
		return value === undefined || value === null ? "" : String(value);
	});
}

/** `if:` of a job or a step; without one it runs. */
export function holds(condition: unknown, contexts: Contexts): boolean {
	if (condition === undefined) return true;
	return truth(
		evaluate(
			String(condition)
				.replace(/^\$\{\{(.*)\}\}$/s, "$1")
				.trim(),
			contexts,
		),
	);
}

function truth(value: unknown): boolean {
	return value !== "" && Boolean(value);
}

function same(left: unknown, right: unknown): boolean {
	return String(left ?? "") === String(right ?? "");
}
