import * as pulumi from "@pulumi/pulumi";

/** `provider.ts` as the forwarder sees it. */
type Keelson = typeof import("./provider.js");

interface Forwarder extends pulumi.dynamic.ResourceProvider {
	settings?: { get(key: string): string | undefined };
	keelson(): Promise<Keelson>;
}

/**
 * Written into the state of every resource, and run from there by later versions: a format, not code to improve. It names the package and
 * nothing of this machine. `configure` may be overtaken by the first call, so it only keeps what it is given.
 */
const forwarder: Forwarder = {
	async configure(request) {
		this.settings = request.config;
	},
	async keelson() {
		const { createRequire } = await import("node:module");
		const { pathToFileURL } = await import("node:url");
		return import(pathToFileURL(createRequire(`${process.cwd()}/package.json`).resolve("keelson/provider")).href);
	},
	async check(olds, news) {
		return (await this.keelson()).check(this.settings, olds, news);
	},
	async diff(id, olds, news) {
		return (await this.keelson()).diff(this.settings, id, olds, news);
	},
	async create(inputs) {
		return (await this.keelson()).create(this.settings, inputs);
	},
	async read(id, props) {
		return (await this.keelson()).read(this.settings, id, props ?? {});
	},
	async update(id, olds, news) {
		return (await this.keelson()).update(this.settings, id, olds, news);
	},
	async delete(id, props) {
		return (await this.keelson()).remove(this.settings, id, props);
	},
};

export interface DeclaredArgs {
	/** Path of the stack file, from the project's folder. */
	stack: string;
	/** As in the stack file. */
	key: string;
	name?: string;
	mode: string;
	adopt?: string;
}

export interface SettingArgs extends DeclaredArgs {
	values: Record<string, unknown>;
}

export interface MembershipArgs extends DeclaredArgs {
	/** Account id → login, and where the access ends, when and by whom. */
	members: Record<string, string | { login: string; until: string; endBy?: string }>;
}

export interface RemediationPlanArgs {
	stack: string;
	/** The file's name in the folder of approved plans. */
	plan: string;
	digest: string;
	/** Action id → what it does, for the reader of a preview. */
	actions: Record<string, string>;
}

/** One configuration object that exists already, held to the stack file's values. Its outputs are its inputs as they are live. */
export class Setting extends pulumi.dynamic.Resource {
	constructor(name: string, args: SettingArgs, options?: pulumi.CustomResourceOptions) {
		super(forwarder, name, { exists: undefined, liveName: undefined, ...args }, options, "keelson", "Setting");
	}
}

/** Who is in one group or holds one role. */
export class Membership extends pulumi.dynamic.Resource {
	constructor(name: string, args: MembershipArgs, options?: pulumi.CustomResourceOptions) {
		super(forwarder, name, { exists: undefined, liveName: undefined, ...args }, options, "keelson", "Membership");
	}
}

/** One approved plan file, applied once, and gone on with until it is. */
export class RemediationPlan extends pulumi.dynamic.Resource {
	constructor(name: string, args: RemediationPlanArgs, options?: pulumi.CustomResourceOptions) {
		super(forwarder, name, { outcome: undefined, results: undefined, ...args }, options, "keelson", "RemediationPlan");
	}
}
