import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderHtml } from "../../src/report/html.js";
import { testAssessment } from "../../src/report/test-assessment.js";
import { hostile } from "../../src/report/test-hostile.js";

const executable = process.env.KEELSON_CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executable);
const suite = present ? "the report page in Chromium" : `the report page in Chromium (skipped: there is none at ${executable}; set KEELSON_CHROMIUM)`;
/** Chromium's own traffic is not the page's. */
const args = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

describe.skipIf(!present)(suite, () => {
	let browser: Browser;
	let folder: string;

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-page-"));
		browser = await chromium.launch({ executablePath: executable, args });
	});
	afterAll(async () => {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	});

	async function open(
		html: string,
		options: { javaScriptEnabled?: boolean; colorScheme?: "light" | "dark"; width?: number } = {},
	): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
		const file = join(folder, "report.html");
		writeFileSync(file, html);
		const { width = 1280, ...rest } = options;
		const page = await (await browser.newContext({ ...rest, viewport: { width, height: 900 } })).newPage();
		const requests: string[] = [];
		const complaints: string[] = [];
		page.on("request", (request) => requests.push(request.url()));
		page.on("console", (message) => complaints.push(message.text()));
		page.on("pageerror", (error) => complaints.push(String(error)));
		await page.goto(pathToFileURL(file).href, { waitUntil: "networkidle" });
		return { page, requests, complaints };
	}

	it("asks for nothing, complains of nothing, and shows what matters", async () => {
		const { page, requests, complaints } = await open(renderHtml(testAssessment()));
		expect(requests).toHaveLength(1);
		expect(complaints).toEqual([]);
		for (const text of ["Identity posture of tenant number 0", "Riskiest accounts", "What to do next", "Exemptions in use", "message number 0"])
			expect(await page.getByText(text).first().isVisible()).toBe(true);
		expect(await page.locator(".posture .figure").textContent()).toBe("54 of 100");
	});

	it("filters findings by text and severity", async () => {
		const { page } = await open(renderHtml(testAssessment()));
		const count = page.locator("#filter-count");
		expect(await count.textContent()).toBe("15 of 15 shown");
		await page.getByLabel("Severity").selectOption("high");
		expect(await count.textContent()).toBe("3 of 15 shown");
		await page.getByRole("searchbox").fill("MESSAGE number 11");
		expect(await page.locator(".finding:visible").allInnerTexts()).toEqual([expect.stringContaining("message number 11")]);
	});

	it("opens the finding that a link names", async () => {
		const { page, complaints } = await open(renderHtml(testAssessment()));
		const finding = page.locator("#f_00000000000000000000");
		expect(await finding.getByText("What it rests on").isVisible()).toBe(false);
		await page.locator('#accounts a[href="#f_00000000000000000000"]').click();
		expect(await finding.getByText("What it rests on").isVisible()).toBe(true);
		expect(complaints).toEqual([]);
	});

	it("reads fully without scripts", async () => {
		const { page } = await open(renderHtml(testAssessment()), { javaScriptEnabled: false });
		expect(await page.locator("#filter").isVisible()).toBe(false);
		expect(await page.locator(".finding:visible").count()).toBe(15);
		await page.locator(".finding summary").first().click();
		expect(await page.locator(".finding").first().getByText("What it rests on").isVisible()).toBe(true);
	});

	it("takes no element and runs no script from a tenant's texts", async () => {
		const benign = await open(renderHtml(testAssessment((field, number) => (/^(id|policy|key)$/.test(field) ? `plain text ${number}` : "plain text"))));
		const expected = await shape(benign.page);
		for (const text of hostile.filter((candidate) => /[<>"'&]/.test(candidate) && candidate.includes(" "))) {
			const { page, requests, complaints } = await open(
				renderHtml(testAssessment((field, number) => (/^(id|policy|key)$/.test(field) ? `${text} ${number}` : text))),
			);
			expect(await shape(page)).toEqual(expected);
			expect([requests.length, complaints]).toEqual([1, []]);
		}
	});

	it.each(["light", "dark"] as const)("has enough contrast in the %s scheme", async (colorScheme) => {
		const { page } = await open(renderHtml(testAssessment()), { colorScheme });
		expect(await page.evaluate(contrasts)).toEqual([]);
	});

	it("fits a phone without scrolling sideways", async () => {
		const { page } = await open(renderHtml(testAssessment((field, number) => (field === "login" ? `${"x".repeat(120)}${number}` : `${field} ${number}`))), {
			width: 360,
		});
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
	});

	it("has a heading order without gaps, and a caption on each table", async () => {
		const { page } = await open(renderHtml(testAssessment()));
		const levels = await page.locator("h1, h2, h3, h4").evaluateAll((headings) => headings.map((heading) => Number(heading.tagName[1])));
		for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
		expect(await page.locator("table:not(:has(caption))").count()).toBe(0);
		expect(await page.locator('svg[role="img"]:not([aria-label])').count()).toBe(0);
	});
});

/** Every element with its attributes' names, as the browser parsed them. */
function shape(page: Page): Promise<string[]> {
	return page.evaluate(() => Array.from(document.querySelectorAll("*"), (element) => `${element.tagName} ${element.getAttributeNames().join(" ")}`));
}

/** Texts whose colour stands out by less than 4.5 from what is behind them (WCAG 2.2, 1.4.3). Runs in the page. */
function contrasts(): string[] {
	const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
	const light = (colour: string) => {
		const [r = 0, g = 0, b = 0] = parse(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (element: Element | null): string => {
		if (!element) return "rgb(255, 255, 255)";
		const colour = getComputedStyle(element).backgroundColor;
		return (parse(colour)[3] ?? 1) === 0 ? behind(element.parentElement) : colour;
	};
	const poor: string[] = [];
	for (const element of Array.from(document.querySelectorAll("body *:not(script):not(svg):not(svg *)"))) {
		if (!Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())) continue;
		const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
	}
	return [...new Set(poor)];
}
