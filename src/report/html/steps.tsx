/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import { nextSteps, type Step } from "../steps.js";
import { counted, tallyWords } from "../words.js";
import { Chip, Code, Section, Text } from "./parts.js";
import { longText } from "./text.js";

const listed = 8;

export function Steps({ assessment }: { assessment: Assessment }) {
	const steps = nextSteps(assessment);
	return (
		<Section id="next" title="What to do next">
			{steps.length === 0 ? (
				<p>No policy has an open failure. What could not be read stands under “What was read”.</p>
			) : (
				<>
					<p class="quiet">
						What brings the most posture back comes first. The points are those of the mean over all policies; an open critical or high finding can hold the
						posture itself lower.
					</p>
					<ol class="steps">
						{steps.slice(0, listed).map((step) => (
							<li key={step.counts.policy} class="card">
								<StepItem step={step} />
							</li>
						))}
					</ol>
					{steps.length > listed && (
						<p class="quiet">{counted(steps.length - listed, "more policy has", "more policies have")} open failures: see “Policies”.</p>
					)}
				</>
			)}
		</Section>
	);
}

function StepItem({ step }: { step: Step }) {
	const { counts, gain, risk, accounts, advice, changes } = step;
	const brings = Math.round(gain) > 0 ? `up to +${Math.round(gain)} posture` : "less than 1 point of posture";
	return (
		<>
			<h3>
				<Text text={counts.title} />
			</h3>
			<p class="facts">
				<Chip word={counts.severity} /> <span>{tallyWords(counts)}</span> <strong>{brings}</strong>
				{risk > 0 && <span>{counted(risk, "risk point")} off accounts</span>}
				{accounts > 0 && <span>{counted(accounts, "account")} at high or critical risk</span>}
			</p>
			{counts.why !== undefined && (
				<p>
					<Text text={counts.why} limit={longText} />
				</p>
			)}
			{advice.map((sentence) => (
				<p key={sentence} class="advice">
					<Text text={sentence} limit={longText} />
				</p>
			))}
			{changes.length > 0 && (
				<p class="quiet">Keelson can plan: {changes.map((change, index) => [index > 0 ? ", " : "", <Code key={change} text={change} />])}</p>
			)}
		</>
	);
}
