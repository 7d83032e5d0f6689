import { severities } from "../model/finding.js";
import { notifyEvents, notifyRoles } from "./notify.js";
import { duration, list, named, optional, type Schema, section, text } from "./schema-parts.js";

const secret = "A secret: `${env:NAME}` or `${file:path}`.";

const address: Schema = { pattern: '^[^\\s@<>(),;:"\\\\]+@[^\\s@<>(),;:"\\\\]+$', "x-expected": "one plain mail address" };

const channel = section(
	"One receiver.",
	{
		kind: { enum: ["webhook", "slack", "mail"], description: "`slack`: an incoming webhook of Slack, Mattermost or Rocket.Chat." },
		events: list("What it is told of.", { enum: [...notifyEvents] }, { minItems: 1, uniqueItems: true }),
		severity: { enum: [...severities], description: "Findings at least as severe as this. [high]" },
		days: { type: "integer", minimum: 1, maximum: 365, description: "Exemptions that end within so many days. [14]" },
		names: { type: "boolean", description: "Whether logins and names may be shown; else ids stand for them. [false]" },
		url: text(`Of a webhook or slack: the address. ${secret}`),
		secret: text(`Of a webhook: signs every request as Standard Webhooks says. ${secret}`),
		host: text("Of mail: the server.", { pattern: "^[A-Za-z0-9.:-]+$", "x-expected": "a host's name" }),
		port: { type: "integer", minimum: 1, maximum: 65535, description: "Of mail: the port. [587; 465 with `tls: implicit`]" },
		tls: { enum: ["starttls", "implicit"], description: "Of mail: TLS after STARTTLS, or from the first byte. [starttls]" },
		user: text(`Of mail: the login. ${secret}`),
		password: text(`Of mail: its password. ${secret}`),
		from: text("Of mail: the sender.", address),
		to: list("Of mail: the receivers. For the event `notify` there are none: it goes to the person.", text("An address.", address)),
	},
	["kind", "events"],
);

/** The stack file's `notify`. */
export const notifySchema: Schema = optional(
	section("Who is told what, and by which way.", {
		who: list("Who is told before a planned change. [person]", { enum: [...notifyRoles] }, { minItems: 1, uniqueItems: true }),
		before: duration("A change is made this long after its notice was sent at the earliest. Without it: right after."),
		required: { type: "boolean", description: "Without a notice that was sent, the change is not made. [false]" },
		channels: optional(
			named("The receivers, by a name of your choice.", channel, {
				pattern: "^[a-z][a-z0-9_-]{0,62}$",
				"x-expected": "a name of small letters, digits, - and _",
			}),
		),
	}),
);
