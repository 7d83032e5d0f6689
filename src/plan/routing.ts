import type { Account } from "../model/account.js";
import { appliesFrom, type NetworkView, type Place } from "./networks.js";

/** Why it can't be shown that the account proves who it is at the vendor itself, in the routes' order; null = it does. */
export function routedAway(account: Account, place: Place, view: NetworkView): string | null {
	const { routes } = view.after;
	if (routes.length > 0 && account.login === undefined) return "its login is not known, and where it signs in may hang on it";
	for (const route of routes) {
		const facts = [route.record.active, route.concerns(account.login ?? ""), appliesFrom(route.record, place, view)];
		if (facts.includes(false)) continue;
		const certain = !facts.includes(undefined) && !route.otherConditions;
		const name = `routing rule ${route.record.name} of policy ${route.policy}`;
		// Where it may not apply, what comes after it must lead here as well.
		if (route.here !== true)
			return certain && route.here === false
				? `${name} sends it to another identity provider, which is not seen here`
				: `${name} may send it to another identity provider`;
		if (certain) return null;
	}
	return null;
}
