import { expect, test } from "vitest";
import { declarable } from "./declarable.js";

const flag = { type: "boolean" };
const closed = (properties: Record<string, unknown>) => ({ type: "object", additionalProperties: false, minProperties: 1, properties });

test("keeps what the schema lists, inside objects too, and every falsy value", () => {
	const schema = closed({ state: { type: "string" }, on: flag, inner: closed({ a: flag }), list: { type: "array" } });
	const live = { "@odata.type": "#x", id: "1", state: "", on: false, inner: { a: false, b: true }, list: [{ any: 1 }] };
	expect(declarable(live, schema)).toEqual({ state: "", on: false, inner: { a: false }, list: [{ any: 1 }] });
	expect(declarable({ state: null }, schema)).toEqual({ state: null });
});

test("leaves out an object of which nothing can be declared, and tells when that is all", () => {
	const schema = closed({ inner: closed({ a: flag }) });
	expect(declarable({ inner: { b: 1 } }, schema)).toBeNull();
	expect(declarable({}, schema)).toBeNull();
	expect(declarable({ constructor: 1 }, closed({}))).toBeNull();
});

test("changes nothing where other properties are allowed", () => {
	const live = { a: 1, b: { c: 2 } };
	expect(declarable(live, { type: "object" })).toEqual(live);
	expect(declarable(live, { type: "object", properties: { a: {} } })).toEqual(live);
});
