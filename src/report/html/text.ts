import { safeText } from "../sanitise.js";

/** Characters of tenant text shown where more than a name is. */
export const longText = 600;

/** Tenant text with what is hidden in it made visible. The template escapes it once more, for HTML. */
export function shownText(text: string, limit?: number): string {
	return safeText(text, "json", limit);
}
