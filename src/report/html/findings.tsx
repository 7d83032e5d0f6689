/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { type Evidence, type Finding, severities } from "../../model/finding.js";
import { differencesOf, sideWords } from "../differences.js";
import { canonical } from "../json.js";
import { fairShare, marksOf, sentenceOf, type View } from "../view.js";
import { date, moment, whole } from "../words.js";
import { Chip, Code, Mark, Section, Text } from "./parts.js";
import { longText } from "./text.js";

const shownFacts = 20;
const shownControls = 20;

/** The findings that the page shows in full, by policy, and how many each policy has. */
export interface Shown {
	groups: { policy: string; title: string; findings: Finding[]; all: number }[];
	/** Ids that links may name. */
	ids: ReadonlySet<string>;
	count: number;
	all: number;
}

/** Spreads `limit` over the policies, so that one with thousands does not crowd the others out. */
export function shownFindings(view: View, limit: number): Shown {
	const byPolicy = [...view.byPolicy.values()];
	const shares = fairShare(
		byPolicy.map((findings) => findings.length),
		limit,
	);
	const groups = byPolicy.map((findings, index) => {
		const [first] = findings as [Finding];
		return { policy: first.policy, title: first.title, findings: findings.slice(0, shares[index]), all: findings.length };
	});
	const shown = groups.flatMap(({ findings }) => findings);
	// An id is put into the page's own namespace only when it is plainly one of ours.
	const ids = new Set(shown.map(({ id }) => id).filter((id) => /^f_[0-9a-f]{1,64}$/.test(id)));
	return { groups, ids, count: shown.length, all: view.open.length };
}

export function Findings({ view, shown }: { view: View; shown: Shown }) {
	return (
		<Section id="findings" title="Findings">
			{shown.all === 0 ? <p>No finding is open.</p> : <p>{sizeSentence(shown)}</p>}
			{shown.all > 0 && (
				<form id="filter" hidden aria-label="Filter findings">
					<label>
						Find <input type="search" id="filter-text" autocomplete="off" placeholder="name, policy, id" />
					</label>
					<label>
						Severity{" "}
						<select id="filter-severity">
							<option value="">all</option>
							{severities.toReversed().map((severity) => (
								<option key={severity}>{severity}</option>
							))}
						</select>
					</label>
					<output id="filter-count" for="filter-text filter-severity" aria-live="polite" />
				</form>
			)}
			{shown.groups.map(({ policy, title, findings, all }) => (
				<div key={policy} class="group">
					<h3>
						<Text text={title} /> <span class="quiet">{all > findings.length ? `${whole(findings.length)} of ${whole(all)}` : whole(all)}</span>
					</h3>
					{findings.map((finding) => (
						<FindingItem key={finding.id} finding={finding} view={view} linked={shown.ids.has(finding.id)} />
					))}
				</div>
			))}
		</Section>
	);
}

function sizeSentence({ count, all }: Shown): string {
	const every = `${whole(all)} open, those of the riskiest first.`;
	return count === all
		? every
		: `${every} ${whole(count)} are shown here; ${whole(all - count)} are left out to keep the page small: keelson report --format csv or json has all of them.`;
}

function FindingItem({ finding, view, linked }: { finding: Finding; view: View; linked: boolean }) {
	return (
		<details class="finding" {...(linked ? { id: finding.id } : {})} data-severity={finding.severity}>
			<summary>
				<Chip word={finding.severity} /> <Text text={sentenceOf(finding, view)} limit={longText} />
				{marksOf(finding, view).map((mark) => (
					<Mark key={mark}>{mark}</Mark>
				))}
			</summary>
			<p class="quiet">
				<Code text={finding.id} /> · <Code text={finding.policy} /> · in <Text text={finding.system} /> · <Code text={finding.subject.key} /> · first seen{" "}
				{date(finding.firstSeen)}
			</p>
			<Facts evidence={finding.evidence} />
			{finding.remediation.length > 0 && (
				<>
					<h4>Mend</h4>
					<ul>
						{finding.remediation.map((step) => (
							<li key={step}>{step.includes(" ") ? <Text text={step} limit={longText} /> : <Code text={step} />}</li>
						))}
					</ul>
				</>
			)}
			{finding.controls.length > 0 && (
				<p class="quiet">
					Controls: <Text text={finding.controls.slice(0, shownControls).join(", ")} limit={longText} />
				</p>
			)}
		</details>
	);
}

function Facts({ evidence }: { evidence: Evidence[] }) {
	if (evidence.length === 0) return null;
	return (
		<table class="facts">
			<caption>What it rests on</caption>
			<thead>
				<tr>
					<th scope="col">Field</th>
					<th scope="col">Value</th>
					<th scope="col">From</th>
				</tr>
			</thead>
			<tbody>
				{evidence.slice(0, shownFacts).map((fact) => (
					<tr key={fact.field}>
						<th scope="row">
							<Code text={fact.field} />
						</th>
						<td>
							<Value fact={fact} />
						</td>
						<td>
							<Text text={fact.call} />
							{fact.requestId !== null && (
								<>
									{" "}
									<Code text={fact.requestId} />
								</>
							)}
							{fact.observedAt !== null && <span class="quiet"> {moment(fact.observedAt)}</span>}
						</td>
					</tr>
				))}
				{evidence.length > shownFacts && (
					<tr>
						<td colSpan={3}>and {whole(evidence.length - shownFacts)} more</td>
					</tr>
				)}
			</tbody>
		</table>
	);
}

function Value({ fact }: { fact: Evidence }) {
	if (fact.unknown || fact.value === undefined) return <em>unknown</em>;
	const differences = differencesOf(fact);
	if (!differences) return <Text text={JSON.stringify(canonical(fact.value)) ?? ""} limit={longText} />;
	const { parts, more } = differences;
	return (
		<ul class="differences">
			{parts.slice(0, shownFacts).map(({ path, desired, live }) => (
				<li key={path}>
					<Code text={path} />
					<br />
					<span class="quiet">live</span> <Text text={sideWords(live)} limit={longText} />
					<br />
					<span class="quiet">declared</span> <Text text={sideWords(desired)} limit={longText} />
				</li>
			))}
			{parts.length > shownFacts && <li class="quiet">and {whole(parts.length - shownFacts)} more</li>}
			{more && <li class="quiet">and maybe more: not all of it was read</li>}
		</ul>
	);
}
