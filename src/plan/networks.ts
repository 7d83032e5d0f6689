import type { Known } from "../model/known.js";
import type { SettingRecord } from "../model/objects.js";
import type { AddressRange, Network, SignInSurroundings } from "../provider/setting.js";

/** From where a sign-in is shown to work: anywhere that isn't turned away (`network` null), or within one network. */
export interface Place {
	network: Network | null;
}

/** The networks before and after a plan, and the ids of the settings it changes. */
export interface NetworkView {
	before: SignInSurroundings;
	after: SignInSurroundings;
	touched: ReadonlySet<string>;
}

/** The places that can be relied on, the widest first; none: it can't be said that anybody is let in from anywhere. */
export function placesOf(view: NetworkView): Place[] {
	const blocks = [...view.after.networks.values()].filter((network) => turnsAway(network) && network.empty !== true);
	const widened = blocks.filter((network) => isWidened(network, view));
	const places: Place[] = [];
	if (widened.length === 0 && !blocks.some(({ wide }) => wide) && !coversAll(blocks)) places.push({ network: null });
	for (const network of view.after.networks.values()) if (isUsable(network, blocks, widened, view)) places.push({ network });
	return places;
}

function turnsAway({ use, active }: Network): boolean {
	return use !== "rules" && active !== false;
}

/** It may turn away somebody after the plan whom it lets through now. */
function isWidened(after: Network, view: NetworkView): boolean {
	if (!isTouched(after.id, view)) return false;
	const before = view.before.networks.get(after.id);
	if (before?.use !== "blocks" || before.active !== true || !before.ranges || !after.ranges) return true;
	return minus(after.ranges, before.ranges).length > 0;
}

/** Somebody can be in it who isn't turned away for it, and the plan leaves it alone. */
function isUsable(network: Network, blocks: Network[], widened: Network[], view: NetworkView): boolean {
	if (network.use !== "rules" || network.active !== true || network.empty !== false || isTouched(network.id, view)) return false;
	const { ranges } = network;
	// Where addresses don't say it, no network is known to lie outside of what is turned away.
	if (!ranges) return blocks.length === 0;
	if (widened.some((block) => !block.ranges || overlap(ranges, block.ranges))) return false;
	// People's own networks are not taken for anonymising services.
	const others = blocks.filter(({ anonymisers }) => !anonymisers);
	if (others.some((block) => !block.ranges)) return false;
	return (
		minus(
			ranges,
			others.flatMap((block) => block.ranges ?? []),
		).length > 0
	);
}

function isTouched(network: string, { after, touched }: NetworkView): boolean {
	return touched.has(after.networks.get(network)?.setting ?? "");
}

/** Whether the rule applies to a sign-in from the place, wherever in it; undefined = can't be said. */
export function appliesFrom(rule: SettingRecord, place: Place, view: NetworkView): Known<boolean> {
	const condition = view.after.networksOf(rule);
	if (condition === undefined) return undefined;
	if (condition === "anywhere") return true;
	// Nobody is counted on for what the plan itself says of networks.
	if (place.network === null || view.touched.has(rule.id)) return undefined;
	const excluded = within(condition.exclude, place.network, view);
	if (excluded === true) return false;
	const included = condition.include.length === 0 ? true : within(condition.include, place.network, view);
	if (included === false) return false;
	return excluded === false && included === true ? true : undefined;
}

/** Whether all of the place lies within one of the networks (true), or outside of all (false). */
function within(ids: string[], place: Network, view: NetworkView): Known<boolean> {
	if (ids.includes(place.id)) return true;
	const apart = ids.every((id) => {
		const other = view.after.networks.get(id);
		return other?.ranges && place.ranges && !isTouched(id, view) && !overlap(place.ranges, other.ranges);
	});
	return apart ? false : undefined;
}

function overlap(a: AddressRange[], b: AddressRange[]): boolean {
	return a.some((one) => b.some((other) => one.family === other.family && one.first <= other.last && other.first <= one.last));
}

/** What is left of `from` without `taken`. */
function minus(from: AddressRange[], taken: AddressRange[]): AddressRange[] {
	let left = from;
	for (const { family, first, last } of taken)
		left = left.flatMap((range) => {
			if (range.family !== family || last < range.first || first > range.last) return [range];
			const parts: AddressRange[] = [];
			if (range.first < first) parts.push({ family, first: range.first, last: first - 1n });
			if (range.last > last) parts.push({ family, first: last + 1n, last: range.last });
			return parts;
		});
	return left;
}

/** Every IPv4 address is turned away: whoever has no other is kept out. */
function coversAll(blocks: Network[]): boolean {
	return (
		minus(
			[{ family: 4, first: 0n, last: 0xffff_ffffn }],
			blocks.flatMap(({ ranges }) => ranges ?? []),
		).length === 0
	);
}
