import type { World } from "../../../src/emulate/world.js";
import type { Choices } from "./choices.js";

/** A SaaS application under posture management, as it is sent. */
export interface App {
	app_id: string;
	type: string;
	name: string;
	[field: string]: unknown;
}

/** A scanned configuration of an application: the vendor's finding, as it is sent. */
export interface Config {
	id: string;
	config_id: string;
	app_id: string;
	status: string;
	tickets: ConfigTicket[];
	[field: string]: unknown;
}

export interface ConfigTicket {
	type: "JIRA_TICKETING";
	tenant: string;
	integrationId: string;
	ticketKey: string;
	ticketUrl: string;
	summary: string;
	createdAt: string;
}

/** An account in a SaaS application. Times in milliseconds, lists as lists; null for what the vendor has no value of. */
export interface Account {
	id: string;
	saasProviderId: string;
	accountType: string;
	accountName: string;
	email: string | null;
	isLocal: boolean;
	isOrphaned: boolean;
	isElevated: boolean;
	isNonHuman: boolean;
	roles: string[];
	creator: string | null;
	linkedHumanAccounts: string[];
	saasProviderNhiName: string | null;
	created: number;
	lastLogin: number | null;
	lastModified: number;
	rotated: number | null;
	rotatedBy: string | null;
	expires: number | null;
	githubOrgName: string | null;
}

/** One SaaS application seen by the identity calls, with its accounts. */
export interface Instance {
	saasInstanceId: string;
	displayName: string;
	appType: string;
	appId: string;
	accounts: Map<string, Account>;
}

export interface Idp {
	idpId: string;
	displayName: string;
	appType: string;
	designated: boolean;
	/** People with an account there. */
	people: IdpPerson[];
}

export interface IdpPerson {
	userId: string;
	email: string;
	fullName: string;
	admin: boolean;
	factors: string[];
	/** Milliseconds; null for never: such a person has no activity at all. */
	lastSignIn: number | null;
	active: boolean;
}

/** A ticket of the identity calls. */
export interface Ticket {
	id: string;
	saasInstanceId: string;
	resourceIds: string[];
	feature: string;
	users: string[];
	integrationId: string;
	type: string;
	ticketKey: string;
	ticketUrl: string;
	summary: string;
	created: number;
}

export interface Batch {
	id: string;
	idpId: string;
	started: number;
	users: { user: string; status: "PENDING" | "SUCCESS" | "FAILED"; details?: string }[];
}

/** A third-party app or extension, as it is sent. */
export interface Plugin {
	id: string;
	third_party_app_id: string;
	third_party_app_name: string;
	app_type: string;
	app_id: string;
	[field: string]: unknown;
}

/** Somebody who let plugins in. */
export interface PluginUser {
	id: string;
	email: string;
	full_names: string[];
	/** Ids of plugins at the level of a user. */
	plugins: string[];
}

/** A report somebody asked for: the vendor mails it to the address given. */
export interface CsvReport {
	path: string;
	userEmail: string;
	userFullName: string;
	service: string;
	at: number;
}

/** What one tenant holds. */
export interface State {
	apps: Map<string, App>;
	/** By application. */
	configs: Map<string, Config[]>;
	instances: Map<string, Instance>;
	idps: Map<string, Idp>;
	tickets: Map<string, Ticket>;
	batches: Map<string, Batch>;
	reports: Map<string, CsvReport>;
	plugins: Map<string, Plugin>;
	pluginUsers: Map<string, PluginUser>;
}

/** A tenant with its clock and the vendor's habits it shows. */
export interface Tenant {
	world: World;
	choices: Choices;
	state: State;
	/** Value of `tenant` in every object. */
	name: string;
	/** Ten digits. */
	tsgId: string;
	/** The ticketing integration that is set up. */
	integrationId: string;
	/** Counts changes, so that a sorted list is made once and not once a page. */
	version: number;
}
