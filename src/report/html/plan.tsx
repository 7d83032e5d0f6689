/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { PlannedAction } from "../../plan/plan.js";
import { effectOf, type PlanReport, placesBefore, risksOf, verdictOf, warningsOf } from "../plan-report.js";
import { groupBy } from "../view.js";
import { counted, moment, points, whole } from "../words.js";
import { Code, Mark, Section, Text } from "./parts.js";
import { longText } from "./text.js";

const listedActions = 200;
/** More than these stand behind a disclosure. */
const openActions = 12;
const listedRisks = 10;
const listedFindings = 3;
const listedGaps = 50;

/** A plan for review beside the findings that it answers. */
export function Planned({ report, shown }: { report: PlanReport; shown: ReadonlySet<string> }) {
	const { plan, proofs } = report;
	const { sentence, reasons } = verdictOf(report);
	const { blast, score, actions } = plan;
	return (
		<Section id="plan" title="Plan">
			<p class="quiet">
				<Code text={plan.digest.slice(0, 12)} />, made on {moment(plan.created)} for <Text text={plan.tenant} />
				{plan.undoes !== undefined && (
					<>
						; it takes back <Code text={plan.undoes.slice(0, 12)} />
					</>
				)}
			</p>
			{warningsOf(report).map((text) => (
				<p key={text} class="warning">
					<Text text={text} limit={longText} />
				</p>
			))}
			<div class="columns">
				<div class="card">
					<h3>What it touches</h3>
					<p>
						{counted(actions.length, "action")} on {counted(blast.accounts, "account")}, {whole(blast.privilegedAccounts)} of them privileged.
					</p>
					<ul>
						{Object.entries(blast.bySystem).map(([system, { accounts, enabledAccounts }]) => (
							<li key={system}>
								<Text text={system} />: {whole(accounts)} of {enabledAccounts === null ? "an unknown number" : whole(enabledAccounts)} that can sign in
							</li>
						))}
					</ul>
					<p>{blast.irreversible === 0 ? "All of it can be undone." : <strong>{whole(blast.irreversible)} cannot be undone.</strong>}</p>
				</div>
				<div class="card">
					<h3>When all hold</h3>
					<p>
						Posture <strong>{points(score.before)}</strong> → <strong>{points(score.after)}</strong>
					</p>
					<ul>
						{risksOf(plan)
							.slice(0, listedRisks)
							.map(({ key, label, before, after }) => (
								<li key={key}>
									<Text text={label} />: risk {before === null ? "unknown" : whole(before)} → {after === null ? "unknown" : whole(after)}
								</li>
							))}
					</ul>
				</div>
			</div>
			<p class={report.refusals?.length ? "warning" : ""}>{sentence}</p>
			{reasons.length > 0 && (
				<ul>
					{reasons.map((reason) => (
						<li key={reason}>
							<Text text={reason} limit={longText} />
						</li>
					))}
				</ul>
			)}
			{proofs.map(({ system, needed, witnesses }) => (
				<p key={system}>
					Who still gets in to <Text text={system} />: {counted(witnesses.length, "administrator")} by proof, {whole(needed)} needed.
				</p>
			))}
			{actions.length > 0 && (
				<dl>
					{[...groupBy(actions, ({ kind }) => kind)].map(([kind, list]) => (
						<div key={kind}>
							<dt>
								{whole(list.length)} × <Code text={kind} />
							</dt>
							<dd>
								<Text text={list[0]?.effect ?? ""} limit={longText} />
							</dd>
						</div>
					))}
				</dl>
			)}
			{actions.length > 0 && <Actions report={report} shown={shown} />}
			{plan.notPlanned.length > 0 && (
				<details>
					<summary>Not planned: {counted(plan.notPlanned.length, "finding or part of one", "findings or parts of them")}</summary>
					<ul>
						{plan.notPlanned.slice(0, listedGaps).map(({ finding, label, why }, index) => (
							<li key={`${finding} ${index}`}>
								<Text text={label} />: <Text text={why} limit={longText} />
							</li>
						))}
						{plan.notPlanned.length > listedGaps && <li class="quiet">and {whole(plan.notPlanned.length - listedGaps)} more</li>}
					</ul>
				</details>
			)}
		</Section>
	);
}

function Actions({ report, shown }: { report: PlanReport; shown: ReadonlySet<string> }) {
	const { actions } = report.plan;
	return (
		<details open={actions.length <= openActions}>
			<summary>The actions in their order: {whole(actions.length)}</summary>
			<table class="actions">
				<caption>Each answers findings of this report, or of the scan that the plan was made from</caption>
				<thead>
					<tr>
						<th scope="col">No.</th>
						<th scope="col">Change</th>
						<th scope="col">Undone by</th>
						<th scope="col">Answers</th>
					</tr>
				</thead>
				<tbody>
					{actions.slice(0, listedActions).map((action, index) => (
						<Action key={action.id} action={action} number={index + 1} report={report} shown={shown} />
					))}
				</tbody>
			</table>
			{actions.length > listedActions && <p class="quiet">and {whole(actions.length - listedActions)} more in the plan file</p>}
		</details>
	);
}

function Action({ action, number, report, shown }: { action: PlannedAction; number: number; report: PlanReport; shown: ReadonlySet<string> }) {
	const before = placesBefore(action, report.plan.actions);
	const effect = effectOf(action, report.plan.actions);
	const left = report.dropped.get(action.id);
	return (
		<tr>
			<td class="number">{number}</td>
			<th scope="row">
				<Code text={action.kind} />
				<br />
				<Text text={action.label} /> <span class="quiet">in</span> <Text text={action.system} />
				{effect !== null && (
					<p>
						<Text text={effect} limit={longText} />
					</p>
				)}
				{before.length > 0 && <span class="quiet"> After {before.join(", ")}.</span>}
				{left !== undefined && (
					<p>
						<Mark>would be left out</Mark> <Text text={left} limit={longText} />
					</p>
				)}
			</th>
			<td>{!action.reversible ? <strong>cannot be undone</strong> : action.inverse ? <Code text={action.inverse.kind} /> : "by hand"}</td>
			<td>
				{action.findings.length === 0 && "an operator's own action"}
				{action.findings.slice(0, listedFindings).map(({ id, message }) => (
					<div key={id}>
						{shown.has(id) ? (
							<a href={`#${id}`}>
								<Text text={message} limit={longText} />
							</a>
						) : (
							<Text text={message} limit={longText} />
						)}
					</div>
				))}
				{action.findings.length > listedFindings && <span class="quiet">and {whole(action.findings.length - listedFindings)} more</span>}
			</td>
		</tr>
	);
}
