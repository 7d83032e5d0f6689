/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Assessment } from "../../model/assessment.js";
import type { ExceptedGroup, View } from "../view.js";
import { whole } from "../words.js";
import { Code, Section, Text } from "./parts.js";
import { longText } from "./text.js";

const listedExemptions = 100;
const listedProblems = 100;
const listedSubjects = 5;

export function Exemptions({ view }: { view: View }) {
	if (view.excepted.length === 0) return null;
	return (
		<Section id="exemptions" title="Exemptions in use">
			<section class="wide" aria-label="Table of exemptions">
				<table>
					<caption>Failures that somebody answers for, until a day</caption>
					<thead>
						<tr>
							<th scope="col">Policy</th>
							<th scope="col">Subject</th>
							<th scope="col">Until</th>
							<th scope="col">Owner</th>
							<th scope="col">Reason</th>
						</tr>
					</thead>
					<tbody>
						{view.excepted.slice(0, listedExemptions).map((group) => (
							<Exempted key={JSON.stringify([group.policy, group.exemption])} group={group} />
						))}
					</tbody>
				</table>
			</section>
			{view.excepted.length > listedExemptions && <p class="quiet">and {whole(view.excepted.length - listedExemptions)} more</p>}
		</Section>
	);
}

function Exempted({ group: { exemption, title, policy, findings } }: { group: ExceptedGroup }) {
	return (
		<tr>
			<th scope="row">
				<Text text={title} />
				<br />
				<Code text={policy} />
			</th>
			<td>
				{findings.slice(0, listedSubjects).map(({ id, subject }) => (
					<div key={id}>
						<Text text={subject.label} />
					</div>
				))}
				{findings.length > listedSubjects && <div class="quiet">and {whole(findings.length - listedSubjects)} more</div>}
			</td>
			<td>
				<time>
					<Text text={exemption.expires} />
				</time>
			</td>
			<td>
				<Text text={exemption.owner} />
			</td>
			<td>
				{exemption.source === "baseline" && <strong>Baseline: </strong>}
				<Text text={exemption.reason} limit={longText} />
				{exemption.ticket !== undefined && (
					<>
						{" "}
						(<Text text={exemption.ticket} />)
					</>
				)}
			</td>
		</tr>
	);
}

export function Problems({ assessment: { problems } }: { assessment: Assessment }) {
	if (problems.length === 0) return null;
	return (
		<Section id="problems" title="In the stack file">
			<ul class="lines">
				{problems.slice(0, listedProblems).map(({ path, line, message, blocksWrites }) => (
					<li key={`${path} ${line} ${message}`}>
						{line === null ? <Code text={path} /> : `Line ${line}`}: <Text text={message} limit={longText} />
						{blocksWrites && <strong> Nothing is written until this is mended.</strong>}
					</li>
				))}
			</ul>
			{problems.length > listedProblems && <p class="quiet">and {whole(problems.length - listedProblems)} more</p>}
		</Section>
	);
}

const glossary = [
	["Posture", "How much is in order, 0–100, higher is better: a mean over policies, weighted by severity and by how exposed each subject is."],
	["Risk", "How bad the open findings of one account are together, 0–100: low to 20, medium to 50, high to 75, critical above."],
	["Unknown", "Could not be read. Never counted as a pass nor as a failure; “up to” says what the number would be at worst, or for posture at best."],
	["Finding", "One subject that fails one policy. Its id stays the same over renames and runs."],
	["Excepted", "A failure under an exemption that has an owner, a reason and an end. It still counts against posture."],
	["To review", "A weak signal that a person should look at. It scores nothing."],
	["Privileged", "Holds, directly, through a group or by eligibility, a role on the vendor’s published list."],
	["Break-glass", "An emergency account: the last way in when everything else fails. Keelson never changes one."],
	["Phishing-resistant", "An authenticator that cannot be talked out of its owner: a passkey, a security key, a certificate."],
	["Exposure", "What makes a finding worse: privilege, being external, being reachable from anywhere, lying unused."],
] as const;

export function Glossary() {
	return (
		<Section id="words" title="Words">
			<dl>
				{glossary.map(([word, meaning]) => (
					<div key={word}>
						<dt>{word}</dt>
						<dd>{meaning}</dd>
					</div>
				))}
			</dl>
		</Section>
	);
}
