import { expect, it } from "vitest";
import { namesIn } from "./erase-names.js";

it("takes a subject's logins, addresses and names, and nobody else's", () => {
	const account = {
		id: "00u1",
		login: "ana.lopez@acme.example",
		displayName: "Ana Lopez",
		manager: "boss@acme.example",
		aliases: ["al@acme.example"],
		profile: { managerEmail: "boss@acme.example", secondEmail: "ana@home.example" },
		title: "Engineer",
	};
	expect(namesIn([account])).toEqual({ texts: ["ana.lopez@acme.example", "Ana Lopez", "al@acme.example", "ana@home.example"], common: [] });
});

it("tells apart what would be met everywhere", () => {
	expect(
		namesIn([
			{ login: "octocat", displayName: "Bo" },
			{ login: "ana-lopez", displayName: "Li Wu" },
		]),
	).toEqual({
		texts: ["ana-lopez", "Li Wu"],
		common: ["octocat", "Bo"],
	});
});
