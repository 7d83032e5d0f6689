import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { repository } from "./generate.js";

/** Makes the pictures of README.md from a real run of the demo: `npx tsx tools/pictures.ts`, with Debian's chromium and `script`. */
const columns = 112;
const colours: Record<string, string> = { "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff" };
const args = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The colours that the command line uses, as HTML: bold, dim, four colours, reset. */
function asHtml(text: string): string {
	let [bold, dim, colour] = [false, false, ""];
	return text
		.split(/\u001b\[(\d+)m/)
		.map((part, index) => {
			if (index % 2 === 0)
				return part && `<span style="${bold ? "font-weight:700;" : ""}${dim ? "opacity:.6;" : ""}${colour ? `color:${colour}` : ""}">${escaped(part)}</span>`;
			if (part === "1") bold = true;
			else if (part === "2") dim = true;
			else if (part === "22") bold = dim = false;
			else colour = colours[part] ?? "";
			return "";
		})
		.join("");
}

function page(lines: string[]): string {
	return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 14px; width: max-content }
main { background: #0d1117; border-radius: 10px; overflow: hidden; box-shadow: 0 4px 18px #0004 }
header { background: #21262d; padding: 11px 14px; display: flex; gap: 8px } i { width: 12px; height: 12px; border-radius: 50%; background: #484f58 }
pre { margin: 0; padding: 16px 22px 18px; color: #e6edf3; font: 14px/1.42 "DejaVu Sans Mono", monospace; max-width: ${columns}ch }
pre div { white-space: pre-wrap; padding-left: 6ch; text-indent: -6ch; min-height: 1.42em }
</style><main><header><i></i><i></i><i></i></header><pre>${lines.map((line) => `<div>${asHtml(line)}</div>`).join("")}</pre></main>`;
}

async function shoot(browser: Browser, html: string, path: string): Promise<void> {
	const sheet = await (await browser.newContext({ deviceScaleFactor: 2, viewport: { width: 1100, height: 600 } })).newPage();
	await sheet.setContent(html);
	await sheet.locator("body").screenshot({ path: join(repository, path), omitBackground: true });
	console.log(path);
}

/** Lines from the one that begins with `from`, colours apart, to the one before `to`. */
function between(lines: string[], from: string, to: string): string[] {
	const plain = lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ""));
	const start = plain.findIndex((line) => line.startsWith(from));
	const end = plain.findIndex((line, index) => index > start && line.startsWith(to));
	if (start < 0 || end < 0) throw new Error(`the demo prints no ${start < 0 ? from : to}`);
	return lines.slice(start, end);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const folder = mkdtempSync(join(tmpdir(), "keelson-pictures-"));
	const browser = await chromium.launch({ executablePath: process.env.KEELSON_CHROMIUM ?? "/usr/bin/chromium", args });
	try {
		const demo = `stty cols ${columns} rows 50; exec node --import tsx src/cli/main.ts demo --keep ${join(folder, "demo")}`;
		const output = execFileSync("script", ["-qec", demo, "/dev/null"], { cwd: repository, env: { ...process.env, FORCE_COLOR: "1" }, maxBuffer: 1 << 24 });
		const lines = output.toString("utf8").replaceAll("\r\n", "\n").split("\n");
		await shoot(
			browser,
			page(["\u001b[1m\u001b[36m$ keelson scan\u001b[39m\u001b[22m", "", ...between(lines, "acme 2", "✗ critical No sign-on"), "\u001b[2m…\u001b[22m"]),
			"docs/images/scan.png",
		);
		await shoot(browser, page([...between(lines, "Touches", "Not planned"), ...between(lines, "Who still gets in", "Written to")]), "docs/images/plan.png");
		const report = await (await browser.newContext({ deviceScaleFactor: 1.5, viewport: { width: 1180, height: 980 }, colorScheme: "light" })).newPage();
		await report.goto(pathToFileURL(join(folder, "demo", "report.html")).href);
		await report.screenshot({ path: join(repository, "docs/images/report.png") });
		console.log("docs/images/report.png");
	} finally {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
