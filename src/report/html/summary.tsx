/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import { severities } from "../../model/finding.js";
import type { View } from "../view.js";
import { baselineWords, counted, dataShare, trendWords, whole } from "../words.js";
import { Bar, Chip, Text } from "./parts.js";

const bands = ["critical", "high", "medium", "low", "unknown"] as const;

/** Where the tenant stands, on one screen. */
export function Summary({ assessment, view }: { assessment: Assessment; view: View }) {
	const { posture } = assessment;
	const known = posture.posture === null ? null : Math.round(posture.posture);
	const max = posture.postureMax === null ? null : Math.round(posture.postureMax);
	const failures = view.open.filter(({ outcome }) => outcome === "fail");
	const accounts = bands.reduce((sum, band) => sum + assessment.bands[band], 0);
	const change = trendWords(assessment);
	return (
		<section aria-labelledby="posture-title" class="summary">
			<div class="card posture">
				<h2 id="posture-title">Posture</h2>
				<p class="figure">{known === null ? <strong class="word">unknown</strong> : [<strong key="value">{known}</strong>, <span key="of"> of 100</span>]}</p>
				<Bar
					parts={[
						{ kind: "known", value: known ?? 0 },
						{ kind: "possible", value: Math.max(0, (max ?? 0) - (known ?? 0)) },
					]}
					total={100}
					label={known === null ? `Posture is unknown${max === null ? "" : `, at most ${max}`}` : `Posture ${known} of 100, at most ${max ?? known}`}
				/>
				<p>
					Higher is better. {rangeSentence(known, max)} {posture.coverage !== null && `${dataShare(posture)}. `}
					{posture.cappedBy !== null && (
						<>
							Open findings of <Text text={posture.cappedBy} /> hold it down.
						</>
					)}
				</p>
				{change !== "" && <p class="change">{change}</p>}
			</div>
			<div class="card">
				<h2>Open findings</h2>
				<p class="figure">
					<strong>{whole(failures.length)}</strong>
				</p>
				<ul class="counts">
					{severities.toReversed().map((severity) => (
						<Count key={severity} word={severity} count={failures.filter((finding) => finding.severity === severity).length} />
					))}
				</ul>
				<p class="quiet">{beside(view)}</p>
				{assessment.baseline && <p class="quiet">Baseline: {baselineWords(assessment)}.</p>}
			</div>
			<div class="card">
				<h2>Accounts by risk</h2>
				<p class="figure">
					<strong>{whole(accounts)}</strong>
				</p>
				<ul class="counts">
					{bands.map((band) => (
						<Count key={band} word={band} count={assessment.bands[band]} />
					))}
				</ul>
				{assessment.bands.unknown > 0 && <p class="quiet">Unknown: nothing could be read that the risk would rest on.</p>}
			</div>
		</section>
	);
}

function Count({ word, count }: { word: Parameters<typeof Chip>[0]["word"]; count: number }) {
	return count === 0 ? null : (
		<li>
			<span class="number">{whole(count)}</span> <Chip word={word} />
		</li>
	);
}

function rangeSentence(known: number | null, max: number | null): string {
	if (max === null) return "No policy applies to anything here.";
	if (known === null) return `Nothing is known yet; it is at most ${max}.`;
	return max === known ? "" : `It would be ${max} were everything in order that could not be read.`;
}

function beside(view: View): string {
	const reviews = view.open.filter(({ outcome }) => outcome === "review").length;
	const excepted = view.excepted.reduce((sum, { findings }) => sum + findings.length, 0);
	const parts = [
		view.firstRun ? "" : `${whole(view.fresh.length)} new and ${whole(view.fixed.length)} fixed since the run before.`,
		reviews > 0 ? `${counted(reviews, "more is", "more are")} to review: a weak signal that a person should look at.` : "",
		excepted > 0 ? `${counted(excepted, "more is", "more are")} under an exemption.` : "",
	];
	return parts.filter(Boolean).join(" ");
}
