import { date, list, named, type Schema, section, text } from "./schema-parts.js";

/** Days that a baseline may accept a finding, from the run that it was accepted from. */
export const longestBaseline = 180;

const entry = section(
	"Findings of one policy that were accepted together.",
	{
		policy: text("The policy's id."),
		accepted: date("When the run ended whose findings these are. An RFC 3339 time."),
		run: named("The scan of each system that was judged, by its number in the store.", { type: "integer", minimum: 1 }),
		owner: text("Who answers for them: an address or a team."),
		reason: text("Why. Shown in every report."),
		expires: date(`The last day, UTC, at most ${longestBaseline} days after \`accepted\`. After it the findings are open again.`),
		subjects: list(
			"Whom it covers, by immutable id.",
			text("A subject's key: `<system>/<immutable id>`, or the system itself.", {
				pattern: "^[^/\\s]+(/\\S.*)?$",
				"x-expected": "`<system>/<immutable id>`, or the name of a system",
			}),
		),
	},
	["policy", "accepted", "owner", "reason", "expires", "subjects"],
);

/** JSON Schema (2020-12) of the file that a stack's `baseline` names. */
export const baselineSchema: Schema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	title: "Keelson baseline",
	...section("Findings that were open when a team started, accepted until a day.", { findings: list("What is accepted, by policy.", entry) }, ["findings"]),
};
