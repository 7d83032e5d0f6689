/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { AccountRisk } from "../../model/assessment.js";
import type { Contribution } from "../../model/finding.js";
import { accountName, type View } from "../view.js";
import { whole } from "../words.js";
import { Bar, Chip, Mark, Section, Text } from "./parts.js";

const listed = 20;
const reasons = 8;

export function Accounts({ view, shown }: { view: View; shown: ReadonlySet<string> }) {
	const { risky } = view;
	return (
		<Section id="accounts" title="Riskiest accounts">
			{risky.length === 0 ? (
				<p>No account is known to be above low risk.</p>
			) : (
				<>
					<p class="quiet">
						{risky.length > listed
							? `${listed} of ${whole(risky.length)} accounts above low risk, worst first.`
							: `All ${whole(risky.length)} accounts above low risk, worst first.`}{" "}
						The parts of each add up to its risk of 0–100.
					</p>
					<ol class="accounts">
						{risky.slice(0, listed).map((account) => (
							<li key={account.key} class="card">
								<Account account={account} view={view} shown={shown} />
							</li>
						))}
					</ol>
				</>
			)}
		</Section>
	);
}

function Account({ account, view, shown }: { account: AccountRisk; view: View; shown: ReadonlySet<string> }) {
	const { score, scoreMax, band, contributions, unknownPolicies, evaluatedPolicies } = account.risk;
	const parts = contributions.filter(({ points }) => points > 0);
	const [findings, exposures] = [sum(parts, "finding"), sum(parts, "exposure")];
	return (
		<>
			<p class="score">
				<strong>{score === null ? "unknown" : whole(score)}</strong>
				{score !== null && scoreMax > score && <span class="quiet"> up to {whole(scoreMax)}</span>}
			</p>
			<div>
				<h3>
					<Text text={accountName(account, view)} /> <Chip word={band} />
					{account.privileged && <Mark>privileged</Mark>}
					{account.breakGlass && <Mark>break-glass</Mark>}
					{account.kind !== "human" && (
						<Mark>
							<Text text={account.kind === "unknown" ? "kind unknown" : account.kind} />
						</Mark>
					)}
					<span class="then">
						<Text text={account.advice} />
					</span>
				</h3>
				<Bar
					parts={[
						{ kind: "fail", value: findings },
						{ kind: "exposure", value: exposures },
						{ kind: "unknown", value: Math.max(0, scoreMax - (score ?? 0)) },
					]}
					total={100}
					label={`Risk ${score ?? "unknown"} of 100: ${findings} by findings, ${exposures} by exposure, up to ${scoreMax} with what is unknown`}
				/>
				<ul class="parts">
					{parts.slice(0, reasons).map((part) => (
						<li key={part.id}>
							<span class="number">+{whole(part.points)}</span>{" "}
							{part.source === "finding" && shown.has(part.id) ? <a href={`#${part.id}`}>{<Text text={part.label} />}</a> : <Text text={part.label} />}
						</li>
					))}
					{parts.length > reasons && <li class="quiet">and {parts.length - reasons} more</li>}
				</ul>
				{unknownPolicies > 0 && (
					<p class="quiet">
						{whole(unknownPolicies)} of {whole(evaluatedPolicies)} checks have no data.
					</p>
				)}
			</div>
		</>
	);
}

function sum(parts: Contribution[], source: Contribution["source"]): number {
	return parts.filter((part) => part.source === source).reduce((total, { points }) => total + points, 0);
}
