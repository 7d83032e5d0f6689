/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import type { Finding } from "../../model/finding.js";
import type { View } from "../view.js";
import { earlierRuns, whole } from "../words.js";
import { FindingLine, Section } from "./parts.js";
import { Trend } from "./trend.js";

/** Findings listed as new, and as fixed. */
const listed = 10;

export function Changes({ assessment, view, shown }: { assessment: Assessment; view: View; shown: ReadonlySet<string> }) {
	const runs = [...earlierRuns(assessment), { at: assessment.at, posture: assessment.posture.posture, comparable: true }];
	return (
		<Section id="changes" title="What changed">
			{view.firstRun ? (
				<p>This is the first run: there is none before to compare with.</p>
			) : (
				<>
					<Trend runs={runs} />
					<div class="columns">
						<List title="New" findings={view.fresh} none="No finding is new." view={view} shown={shown} />
						<List title="Fixed" findings={view.fixed} none="No finding was fixed." view={view} shown={shown} />
					</div>
				</>
			)}
		</Section>
	);
}

function List({ title, findings, none, view, shown }: { title: string; findings: Finding[]; none: string; view: View; shown: ReadonlySet<string> }) {
	return (
		<div>
			<h3>
				{title} <span class="quiet">{whole(findings.length)}</span>
			</h3>
			{findings.length === 0 ? (
				<p class="quiet">{none}</p>
			) : (
				<ul class="lines">
					{findings.slice(0, listed).map((finding) => (
						<li key={finding.id}>
							<FindingLine finding={finding} view={view} shown={shown} />
						</li>
					))}
				</ul>
			)}
			{findings.length > listed && <p class="quiet">and {whole(findings.length - listed)} more</p>}
		</div>
	);
}
