/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { PolicyCounts } from "../../model/finding.js";
import type { View } from "../view.js";
import { counted, denominator, tallyWords, unknownFields, whole } from "../words.js";
import { Bar, Chip, Code, Section, Text } from "./parts.js";

export function Policies({ view }: { view: View }) {
	const rows = [...view.failing, ...view.unknown, ...view.passing];
	return (
		<Section id="policies" title="Policies">
			{rows.length === 0 ? (
				<p>No policy applies to anything here.</p>
			) : (
				<>
					<ul class="legend" aria-label="Colours of the bars">
						{(["fail", "excepted", "review", "unknown", "pass"] as const).map((kind) => (
							<li key={kind}>
								<svg viewBox="0 0 10 10" aria-hidden="true">
									<rect class={kind} width="10" height="10" />
								</svg>
								{kind === "review" ? "to review" : kind}
							</li>
						))}
					</ul>
					<table class="policies">
						<caption>Each policy with how many of the subjects it applies to fail, are unknown, or pass</caption>
						<thead>
							<tr>
								<th scope="col">Policy</th>
								<th scope="col">Result</th>
							</tr>
						</thead>
						<tbody>
							{rows.map((counts) => (
								<Row key={counts.policy} counts={counts} />
							))}
						</tbody>
					</table>
				</>
			)}
			{view.silent.length > 0 && <p class="quiet">{counted(view.silent.length, "policy applies", "policies apply")} to nothing here.</p>}
		</Section>
	);
}

function Row({ counts }: { counts: PolicyCounts }) {
	const words = tallyWords(counts);
	const kinds = ["fail", "excepted", "review", "unknown", "pass"] as const;
	const fields = counts.unknown > 0 ? unknownFields(counts) : [];
	return (
		<tr>
			<th scope="row">
				<Text text={counts.title} /> <Chip word={counts.severity} />
				<br />
				<Code text={counts.policy} />
			</th>
			<td>
				<Bar parts={kinds.map((kind) => ({ kind, value: counts[kind] }))} total={denominator(counts)} label={`${words}, ${whole(counts.pass)} pass`} />
				{words}
				{fields.length > 0 && (
					<span class="quiet">
						{" "}
						(no data for <Text text={fields.slice(0, 3).join(", ")} />
						{fields.length > 3 && ` and ${counted(fields.length - 3, "other field")}`})
					</span>
				)}
			</td>
		</tr>
	);
}
