import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { desiredMembers } from "../drift/drift.js";
import { readPlan } from "../plan/read-plan.js";
import type { Stack } from "../stack/stack.js";
import type { MembershipArgs, RemediationPlanArgs, SettingArgs } from "./dynamic.js";
import { memberInput } from "./membership.js";

/** A resource to declare: its name in the engine's state, and its inputs. */
export interface Declared<A> {
	name: string;
	args: A;
}

/** What a stack file declares, as resources. Names are made of immutable ids. */
export interface DeclaredResources {
	settings: Declared<SettingArgs>[];
	memberships: Declared<MembershipArgs>[];
	plans: Declared<RemediationPlanArgs>[];
	/** What is left out, and why, for people. */
	notes: string[];
}

/**
 * @param path the stack file as it is written into state
 * @throws DriftError for a member without a pinned id; an Error for a plan file that can't be read
 */
export async function declaredResources(stack: Stack, path: string, now: number): Promise<DeclaredResources> {
	const settings = Object.entries(stack.settings).map(([key, { name, mode, values, adopt }]) => ({
		name: key,
		args: { stack: path, key, mode, values, ...(name === null ? {} : { name }), ...(adopt === null ? {} : { adopt }) },
	}));
	const memberships = Object.entries(stack.memberships).map(([key, desired]) => {
		const { name, mode, adopt } = desired;
		const members = Object.fromEntries(desiredMembers(desired, now).map((member) => [member.id, memberInput(member)]));
		return { name: key, args: { stack: path, key, mode, members, ...(name === null ? {} : { name }), ...(adopt === null ? {} : { adopt }) } };
	});
	return { settings, memberships, ...(await declaredPlans(stack, path)) };
}

async function declaredPlans(stack: Stack, path: string): Promise<Pick<DeclaredResources, "plans" | "notes">> {
	const plans: Declared<RemediationPlanArgs>[] = [];
	const notes: string[] = [];
	const seen = new Map<string, string>();
	for (const file of await planFiles(stack.remediation.plans)) {
		const { plan, diagnostics } = await readPlan(join(stack.remediation.plans, file));
		if (!plan) throw new Error(`${file}: ${diagnostics[0]?.message ?? "it can't be read"}`);
		const twin = seen.get(plan.digest);
		if (plan.operator) notes.push(`${file} holds a person's own actions: keelson apply --operator makes them, Pulumi never`);
		else if (twin !== undefined) notes.push(`${file} is the same plan as ${twin}`);
		else
			plans.push({
				name: `plan-${plan.digest.slice(0, 16)}`,
				args: { stack: path, plan: file, digest: plan.digest, actions: Object.fromEntries(plan.actions.map(({ id, label }) => [id, label])) },
			});
		seen.set(plan.digest, file);
	}
	return { plans, notes };
}

async function planFiles(folder: string): Promise<string[]> {
	try {
		return (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
		throw error;
	}
}
