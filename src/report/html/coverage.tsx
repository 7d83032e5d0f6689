/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { AssessedSystem, Assessment } from "../../model/assessment.js";
import type { Coverage as Collection } from "../../model/snapshot.js";
import { collectionWords, contents, counted, coverageReasons, coverageShare, moment, whole } from "../words.js";
import { Section, Text } from "./parts.js";
import { longText } from "./text.js";

const listedDetails = 10;

export function Coverage({ assessment }: { assessment: Assessment }) {
	return (
		<Section id="coverage" title="What was read">
			<p class="quiet">What could not be read is unknown: it counts neither as a pass nor as a failure.</p>
			{assessment.systems.map((system) => (
				<System key={system.system} system={system} />
			))}
		</Section>
	);
}

function System({ system }: { system: AssessedSystem }) {
	const complete = system.coverage.filter(({ state }) => state === "complete");
	const gaps = system.coverage.filter(({ state }) => state !== "complete");
	return (
		<>
			<h3>
				<Text text={system.system} />{" "}
				<span class="quiet">
					<Text text={system.provider} />
				</span>
			</h3>
			<p>
				{contents(system)}. {system.interrupted ? "The read was interrupted" : "Read"}
				{system.finished === null ? " and has not finished" : ` on ${moment(system.finished)}`}, with {counted(system.requests, "request")}.
			</p>
			{complete.length > 0 && <p>Read whole: {complete.map(({ collection, known }) => `${collectionWords[collection]} (${whole(known)})`).join(", ")}.</p>}
			{gaps.length > 0 && (
				<table class="gaps">
					<caption>
						Not read whole in <Text text={system.system} />
					</caption>
					<thead>
						<tr>
							<th scope="col">What</th>
							<th scope="col">State</th>
							<th scope="col">Why</th>
						</tr>
					</thead>
					<tbody>
						{gaps.map((gap) => (
							<Gap key={gap.collection} gap={gap} />
						))}
					</tbody>
				</table>
			)}
		</>
	);
}

function Gap({ gap }: { gap: Collection }) {
	const reasons = coverageReasons(gap);
	const details = reasons.flatMap((reason) => reason.details);
	return (
		<tr>
			<th scope="row">{collectionWords[gap.collection]}</th>
			<td>
				{gap.state}
				<br />
				<span class="quiet">{coverageShare(gap)}</span>
			</td>
			<td>
				{reasons.length === 0 ? "no reason was given" : <Text text={reasons.map(({ words }) => words).join("; ")} limit={longText} />}
				{details.length > 0 && (
					<details>
						<summary>What the system said</summary>
						<ul>
							{details.slice(0, listedDetails).map((detail) => (
								<li key={detail}>
									<Text text={detail} limit={longText} />
								</li>
							))}
							{details.length > listedDetails && <li>and {whole(details.length - listedDetails)} more</li>}
						</ul>
					</details>
				)}
			</td>
		</tr>
	);
}
