import fc from "fast-check";
import { expect, test } from "vitest";
import { nextLink, parseLinks } from "./link-header.js";

const next = "https://acme.okta.com/api/v1/users?after=100u65xtp32NovHoPx0g3&limit=2";

test("several header lines", () => {
	const headers = new Headers();
	headers.append("link", '<https://acme.okta.com/api/v1/users?limit=2>; rel="self"');
	headers.append("link", `<${next}>; rel="next"`);
	expect(nextLink(headers)).toBe(next);
});

test.each([
	['<a>; rel="self", <b>; rel="next"', "b"],
	["<b>; rel=next", "b"],
	['<b>; REL="Next"', "b"],
	['<b>; title="x, y; rel=prev"; rel="next"', "b"],
	['<b>; rel="prev next"', "b"],
	['<b?q=a,b;c>;rel="next"', "b?q=a,b;c"],
	['<b>; title="a \\" b"; rel="next"', "b"],
	['<a>; rel="self" , <b> ; rel = "next"', "b"],
	['<b>; rel="next"; rel="prev"', "b"],
	['<a>; rel="prev"; rel="next"', null],
	['<a>; rel="nextish"', null],
	["<b", null],
	["", null],
])("%s", (header, expected) => {
	expect(nextLink(new Headers(header === "" ? {} : { link: header }))).toBe(expected);
});

test("what was written is read, in order", () => {
	const address = fc.stringMatching(/^https:\/\/a\.example\/[a-z,;="?&%]{0,12}$/);
	const quoted = fc.stringMatching(/^[ !#-[\]-~]{0,12}$/).map((text) => text.replaceAll('"', ""));
	const link = fc.record({ address, rel: fc.constantFrom("next", "self", "prev"), title: fc.option(quoted), bare: fc.boolean() });
	fc.assert(
		fc.property(fc.array(link, { maxLength: 6 }), fc.constantFrom(",", ", ", " , "), (links, comma) => {
			const header = links
				.map((one) => `<${one.address}>${one.title === null ? "" : `; title="${one.title}"`}; rel=${one.bare ? one.rel : `"${one.rel}"`}`)
				.join(comma);
			expect(parseLinks(header)).toEqual(links.map((one) => ({ url: one.address, rel: [one.rel] })));
		}),
	);
});

test("no text makes it fail or hang", () => {
	fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>;,="\\ a-z]{0,60}$/)), (text) => Array.isArray(parseLinks(text))));
	expect(parseLinks(`<a>${";".repeat(200_000)}`)).toEqual([{ url: "a", rel: [] }]);
});
