import * as membership from "./membership.js";
import * as remediation from "./remediation.js";
import type { Session } from "./session.js";
import * as setting from "./setting.js";

/**
 * The whole life of a declared object, with no word of Pulumi: every face of it (the dynamic provider, later a component provider) forwards here.
 * Values are plain JSON. Failures are `LifecycleError`s: one message for people.
 */
export type Kind = "Setting" | "Membership" | "RemediationPlan";

/** Inputs or state of an object. */
export type Props = Record<string, unknown>;

export interface Checked {
	inputs: Props;
	failures: { property: string; reason: string }[];
}

export interface Held {
	id: string;
	/** State: what the inputs say, as it is live, and what else is known. */
	props: Props;
	/** Inputs as they would be if the file said what is live: what differs from the file's is the drift. */
	inputs: Props;
}

export interface Lifecycle {
	/** `olds` is empty for an object that isn't managed yet. Taking over what differs is a failure unless the file adopts the difference. */
	check(session: Session, olds: Props, news: Props): Promise<Checked>;
	/** No network. */
	diff(olds: Props, news: Props): boolean;
	create(session: Session, inputs: Props): Promise<{ id: string; props: Props }>;
	/** @throws for what can't be read: absence is believed only when the vendor says it */
	read(session: Session, id: string, props: Props): Promise<Held>;
	update(session: Session, id: string, olds: Props, news: Props): Promise<Props>;
	/** What is said when the object is not managed any more. Nothing is written. */
	forget(id: string): string;
}

export const lifecycles: Record<Kind, Lifecycle> = { Setting: setting.lifecycle, Membership: membership.lifecycle, RemediationPlan: remediation.lifecycle };
