/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import type { PlanReport } from "../plan-report.js";
import { viewOf } from "../view.js";
import { moment } from "../words.js";
import { Accounts } from "./accounts.js";
import { Changes } from "./changes.js";
import { Coverage } from "./coverage.js";
import { Findings, shownFindings } from "./findings.js";
import { Exemptions, Glossary, Problems } from "./notes.js";
import { Text } from "./parts.js";
import { Planned } from "./plan.js";
import { Policies } from "./policies.js";
import { script } from "./script.js";
import { Steps } from "./steps.js";
import { style } from "./style.js";
import { Summary } from "./summary.js";
import { shownText } from "./text.js";

export interface PageProps {
	assessment: Assessment;
	title: string;
	/** Content security policy. */
	policy: string;
	/** Findings shown at most. */
	limit: number;
	plan?: PlanReport;
}

const contents = [
	["changes", "What changed"],
	["plan", "Plan"],
	["next", "What to do next"],
	["accounts", "Riskiest accounts"],
	["policies", "Policies"],
	["coverage", "What was read"],
	["findings", "Findings"],
	["words", "Words"],
] as const;

export function Page({ assessment, title, policy, limit, plan }: PageProps) {
	const view = viewOf(assessment);
	const shown = shownFindings(view, limit);
	return (
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta http-equiv="Content-Security-Policy" content={policy} />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="referrer" content="no-referrer" />
				<title>{shownText(title)}</title>
				<style dangerouslySetInnerHTML={{ __html: style }} />
			</head>
			<body>
				<header>
					<h1>
						<Text text={title} />
					</h1>
					<p class="quiet">As read on {moment(assessment.at)}</p>
					<nav aria-label="Contents">
						<ul>
							{contents
								.filter(([id]) => id !== "plan" || plan)
								.map(([id, label]) => (
									<li key={id}>
										<a href={`#${id}`}>{label}</a>
									</li>
								))}
						</ul>
					</nav>
				</header>
				<main>
					<Summary assessment={assessment} view={view} />
					<Changes assessment={assessment} view={view} shown={shown.ids} />
					{plan && <Planned report={plan} shown={shown.ids} />}
					<Steps assessment={assessment} />
					<Accounts view={view} shown={shown.ids} />
					<Policies view={view} />
					<Coverage assessment={assessment} />
					<Exemptions view={view} />
					<Problems assessment={assessment} />
					<Findings view={view} shown={shown} />
					<Glossary />
				</main>
				<script dangerouslySetInnerHTML={{ __html: script }} />
			</body>
		</html>
	);
}
