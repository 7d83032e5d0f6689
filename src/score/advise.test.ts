import fc from "fast-check";
import { expect, it } from "vitest";
import { type Advice, advices, advise } from "./advise.js";
import { riskScore } from "./risk.js";
import { failures, input, risk, unexposed } from "./test-fixtures.js";

const unknown = [{ policy: "mfa", label: "MFA", severity: "high", cause: "mfa" } as const];

it("follows the band", () => {
	const said = (["critical", "high", "medium", "low", "info"] as const).map((one) => advise(riskScore(risk(failures(one, 1))), unexposed, false));
	expect(said).toEqual(["act now", "plan this week", "schedule", "watch", "watch"]);
});

it("acts now on any critical finding of a top administrator", () => {
	const low = riskScore(risk(failures("low", 1)));
	expect(advise(low, { ...unexposed, topPrivilege: true }, true)).toBe("act now");
	expect(advise(low, { ...unexposed, topPrivilege: undefined }, true)).toBe("watch");
});

it("asks for data where a privileged identity looks quiet because something is unknown, or nothing is known", () => {
	const admin = { ...unexposed, privilege: true };
	expect(advise(riskScore(risk([], {}, unknown)), admin, false)).toBe("get data");
	expect(advise(riskScore(risk([], {}, unknown)), unexposed, false)).toBe("watch");
	expect(advise(riskScore(risk(failures("low", 1), { ...admin, dormant: undefined })), admin, false)).toBe("get data");
	expect(advise(riskScore({ ...risk([], {}, unknown), known: 0 }), unexposed, false)).toBe("get data");
	expect(advise(riskScore(risk(failures("high", 1), {}, unknown)), admin, false)).toBe("plan this week");
});

it("never grows less urgent by one more failure", () => {
	const urgency = (advice: Advice) => advices.indexOf(advice);
	fc.assert(
		fc.property(input, (one) => {
			const known = { ...one, known: one.known + 1, evaluated: one.evaluated + 1 };
			const worse = { ...known, failed: [...known.failed, ...failures("critical", 1)] };
			expect(urgency(advise(riskScore(worse), one.exposure, true))).toBeLessThanOrEqual(urgency(advise(riskScore(known), one.exposure, false)));
		}),
	);
});
