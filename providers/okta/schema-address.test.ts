import { describe, expect, it } from "vitest";
import { decodeSetting, plainAddress } from "./schema-setting.js";
import { observedSpecs } from "./settings-observed.js";

describe("an address in a setting", () => {
	it.each([
		["https://fn.example/api/hook?code=s3cret&x=1", "https://fn.example/api/hook?code=***&x=***"],
		["https://user:pass@fn.example:8443/a", "https://***@fn.example:8443/a"],
		["https://a@b:c@fn.example/a?s3cret", "https://***@fn.example/a?***"],
		["HTTPS://fn.example?sig=a=b#s3cret", "HTTPS://fn.example?sig=***#***"],
		[" https://fn.example/?a=&&b=s3cret\n", " https://fn.example/?a=&&b=***"],
		["https://fn.example/plain/path", "https://fn.example/plain/path"],
		["why? because = yes", "why? because = yes"],
		["ana@acme.example", "ana@acme.example"],
	])("%j is kept as %j, and so is that", (text, kept) => {
		expect(plainAddress(text, "description")).toBe(kept);
		expect(plainAddress(kept, "description")).toBe(kept);
	});

	it("needs no scheme under a key that says what it is", () => {
		expect(plainAddress("u:p@fn.example/a?code=s3cret", "uri")).toBe("***@fn.example/a?code=***");
		expect(plainAddress("fn.example/a?code=s3cret", "callbackUrl")).toBe("fn.example/a?code=***");
	});

	it("keeps its secrets to itself in hooks and log streams, at any depth, and shows another place", () => {
		const hook = (uri: string) => {
			const found = decodeSetting(
				{ id: "h1", name: "hook", status: "ACTIVE", channel: { config: { uri, more: [uri] } }, settings: { host: uri, endpoint: `u:s3cret@x` } },
				"event-hook",
			);
			return "ok" in found ? found.ok.values : null;
		};
		const held = hook("https://u:s3cret@fn.example/a?code=s3cret");
		expect(JSON.stringify(held)).not.toContain("s3cret");
		expect(held).toMatchObject({ channel: { config: { uri: "https://***@fn.example/a?code=***" } } });
		expect(hook("https://u:other@fn.example/a?code=other")).toEqual(hook("https://u:s3cret@fn.example/a?code=s3cret"));
		expect(hook("https://evil.example/a?code=s3cret")).not.toEqual(held);
	});

	it("declared with its query is no difference from what is kept of the live one", () => {
		const spec = observedSpecs.find(({ kind }) => kind === "authenticator");
		const values = (uri: string) => ({ provider: { configuration: { uri } } });
		expect(spec?.canonical(values("https://fn.example/a?code=s3cret"))).toEqual(spec?.canonical(values("https://fn.example/a?code=***")));
		expect(spec?.canonical(values("https://fn.example/b"))).not.toEqual(spec?.canonical(values("https://fn.example/a")));
	});
});
