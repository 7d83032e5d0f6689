import { expect, test } from "vitest";
import { nearest } from "./nearest.js";

test.each([
	["enabeld", ["login", "enabled", "external"], "enabled"],
	["Enabled", ["login", "enabled"], "enabled"],
	["lastLogin", ["created", "lastActivity", "login"], "login"],
	["log", ["created", "login"], "login"],
	["critcal", ["low", "high", "critical"], "critical"],
	["xyz", ["enabled", "login"], null],
	["", ["a"], null],
	["zz", [], null],
])("%s of %j is %s", (name, candidates, expected) => {
	expect(nearest(name, candidates)).toBe(expected);
});
