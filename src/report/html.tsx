/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { createHash } from "node:crypto";
import { render } from "preact-render-to-string";
import type { Assessment } from "../model/assessment.js";
import { Page } from "./html/page.js";
import { script } from "./html/script.js";
import { style } from "./html/style.js";
import type { PlanReport } from "./plan-report.js";

export interface HtmlOptions {
	/** Findings shown in full, spread over policies [1,000]; the page says how many it leaves out. */
	findings?: number;
	/** A plan to show beside the findings. */
	plan?: PlanReport;
	/** The page's title [`Identity posture of <tenant>`]. */
	title?: string;
}

/**
 * The assessment as one page that needs nothing else: no request leaves it, which its content security policy enforces, and
 * it reads fully without scripts. The same input gives the same bytes.
 */
export function renderHtml(assessment: Assessment, options: HtmlOptions = {}): string {
	const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
	return `<!doctype html>\n${render(<Page assessment={assessment} title={options.title ?? `Identity posture of ${assessment.tenant}`} policy={policy} limit={options.findings ?? 1000} {...(options.plan ? { plan: options.plan } : {})} />)}\n`;
}

/** Source expression of an inline element (Content Security Policy Level 3, hash-source). */
function hash(text: string): string {
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
