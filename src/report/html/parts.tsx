/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { Band, Finding, Severity } from "../../model/finding.js";
import { marksOf, sentenceOf, type View } from "../view.js";
import { longText, shownText } from "./text.js";

/** Text of a tenant, kept apart from what stands around it, whichever way it is written. */
export function Text({ text, limit }: { text: string; limit?: number }) {
	return <bdi>{shownText(text, limit)}</bdi>;
}

/** Text of a tenant as an identifier. */
export function Code({ text }: { text: string }) {
	return (
		<code>
			<Text text={text} />
		</code>
	);
}

export function Chip({ word }: { word: Severity | Band }) {
	return <span class={`chip ${word}`}>{word}</span>;
}

export function Mark({ children }: { children: ComponentChildren }) {
	return <span class="mark">{children}</span>;
}

export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
	return (
		<section id={id} aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>{title}</h2>
			{children}
		</section>
	);
}

/** Parts of a whole as one bar. `label` says in words what it shows. */
export function Bar({ parts, total, label }: { parts: { kind: string; value: number }[]; total: number; label: string }) {
	let x = 0;
	const placed = parts
		.filter(({ value }) => value > 0)
		.map(({ kind, value }) => {
			const width = total > 0 ? (value * 100) / total : 0;
			const part = { kind, x: round(x), width: round(width) };
			x += width;
			return part;
		});
	return (
		<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
			<rect class="track" x="0" y="0" width="100" height="10" />
			{placed.map((part) => (
				<rect key={part.kind} class={part.kind} x={part.x} y="0" width={part.width} height="10" />
			))}
		</svg>
	);
}

/** One finding in a list, with a link to where it is shown in full. */
export function FindingLine({ finding, view, shown }: { finding: Finding; view: View; shown: ReadonlySet<string> }) {
	const message = <Text text={sentenceOf(finding, view)} limit={longText} />;
	return (
		<>
			<Chip word={finding.severity} /> {shown.has(finding.id) ? <a href={`#${finding.id}`}>{message}</a> : message}
			{marksOf(finding, view)
				.filter((mark) => mark !== "new")
				.map((mark) => (
					<Mark key={mark}>{mark}</Mark>
				))}
		</>
	);
}

/** At most three decimals, so that the page stays small. */
export function round(value: number): number {
	return Math.round(value * 1000) / 1000;
}
