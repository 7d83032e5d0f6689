/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import { date, moment } from "../words.js";
import { round } from "./parts.js";

type Run = Assessment["trend"][number];
interface Point {
	x: number;
	y: number;
	comparable: boolean;
}

/** Posture over the runs as a line. Runs under other policies stand apart, and what is unknown leaves a gap. */
export function Trend({ runs }: { runs: Run[] }) {
	const [first, last] = [runs[0], runs.at(-1)];
	if (!first || !last || first === last) return null;
	const span = last.at - first.at || 1;
	const points = runs.map(({ at, posture, comparable }): Point | null =>
		posture === null ? null : { x: round(((at - first.at) * 100) / span), y: round(100 - posture), comparable },
	);
	const words = runs.map(({ at, posture }) => `${date(at)}: ${posture === null ? "unknown" : Math.round(posture)}`);
	return (
		<figure class="trend">
			<div class="chart">
				<div class="scale" aria-hidden="true">
					<span>100</span>
					<span>50</span>
					<span>0</span>
				</div>
				<svg viewBox="-1 -4 102 108" preserveAspectRatio="none" role="img" aria-label={`Posture over ${runs.length} runs. ${words.slice(-10).join(", ")}`}>
					{[0, 50, 100].map((y) => (
						<path key={y} class="grid" d={`M0 ${y}H100`} />
					))}
					<path class="line" d={lineOf(points)} />
					{points.map((point) => point && <path key={point.x} class={point.comparable ? "dot" : "dot other"} d={`M${point.x} ${point.y}h0`} />)}
				</svg>
			</div>
			<figcaption>
				<span>{date(first.at)}</span>
				<span>{runs.some(({ comparable }) => !comparable) ? "grey: under other policies, not comparable" : `posture over ${runs.length} runs`}</span>
				<span>{date(last.at)}</span>
			</figcaption>
			<details>
				<summary>The same as a table</summary>
				<table>
					<caption>Posture by run, newest first</caption>
					<thead>
						<tr>
							<th scope="col">Run</th>
							<th scope="col">Posture</th>
						</tr>
					</thead>
					<tbody>
						{runs.toReversed().map(({ at, posture, comparable }) => (
							<tr key={at}>
								<td>{moment(at)}</td>
								<td>
									{posture === null ? "unknown" : Math.round(posture)}
									{comparable ? "" : " (other policies)"}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</details>
		</figure>
	);
}

/** Joins neighbours that are both known and under the same policies as now. */
function lineOf(points: (Point | null)[]): string {
	let path = "";
	let joined = false;
	for (const point of points) {
		if (point?.comparable) path += `${joined ? "L" : "M"}${point.x} ${point.y}`;
		joined = point?.comparable ?? false;
	}
	return path || "M0 0";
}
