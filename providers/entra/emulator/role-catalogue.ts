import { stamp } from "./moment.js";
import { guid, type Raw, type State } from "./state.js";

/** Template id, name, and whether the vendor labels the role privileged. Custom roles are made beside them. */
const catalogue: readonly (readonly [string, string, boolean])[] = [
	["62e90394-69f5-4237-9190-012177145e10", "Global Administrator", true],
	["e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator", true],
	["7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator", true],
	["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", true],
	["158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator", true],
	["8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", true],
	["b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator", true],
	["194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator", true],
	["fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator", true],
	["c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator", true],
	["729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", true],
	["f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", true],
	["5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", true],
	["5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", "Security Operator", true],
	["3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator", true],
	["d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts", false],
	["9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers", true],
	["966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator", true],
	["29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator", false],
	["f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator", false],
	["69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator", false],
	["88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", false],
	["95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter", false],
	["fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", false],
	["4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", false],
	["b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator", false],
	["f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator", false],
];

/** Id of a built-in role by its name. */
export function roleNamed(name: string): string {
	const found = catalogue.find(([, one]) => one === name);
	if (!found) throw new Error(`There is no role named ${name}.`);
	return found[0];
}

const actions = (name: string): string[] =>
	name.startsWith("Global Administrator")
		? ["microsoft.directory/allEntities/allTasks"]
		: [`microsoft.directory/${name.split(" ")[0]?.toLowerCase()}/standard/read`];

/** Adds the built-in roles, and one of the company's own. */
export function addRoles(state: State, now: number): void {
	for (const [id, displayName, isPrivileged] of catalogue) {
		state.roleDefinitions.set(id, {
			...{
				id,
				templateId: id,
				displayName,
				description: `Built-in role ${displayName}.`,
				isBuiltIn: true,
				isEnabled: true,
				isPrivileged,
				version: "1",
				resourceScopes: ["/"],
			},
			rolePermissions: [{ allowedResourceActions: actions(displayName), condition: null }],
		});
		addRolePolicy(state, id, displayName, now);
	}
	const own = guid(state.seed, "custom role");
	state.roleDefinitions.set(own, {
		...{
			id: own,
			templateId: own,
			displayName: "Secret keeper",
			description: "Renews secrets of applications.",
			isBuiltIn: false,
			isEnabled: true,
			isPrivileged: true,
		},
		...{ version: "1", resourceScopes: ["/"] },
		rolePermissions: [{ allowedResourceActions: ["microsoft.directory/applications/credentials/update"], condition: null }],
	});
	addRolePolicy(state, own, "Secret keeper", now);
}

function addRolePolicy(state: State, role: string, name: string, now: number): void {
	const policy = rolePolicy(state, role, name, now);
	state.rolePolicies.set(String(policy.id).toLowerCase(), policy);
}

function rolePolicy(state: State, role: string, name: string, now: number): Raw {
	const target = (caller: string, level: string) => ({
		"@odata.type": "microsoft.graph.unifiedRoleManagementPolicyRuleTarget",
		...{ caller, operations: ["all"], level, inheritableSettings: [], enforcedSettings: [] },
	});
	const type = (word: string) => ({ "@odata.type": `#microsoft.graph.unifiedRoleManagementPolicy${word}Rule` });
	// The most powerful role can be made active without a second factor or a second pair of eyes.
	const careless = name === "Global Administrator";
	return {
		...{
			id: `DirectoryRole_${state.tenantId}_${guid(state.seed, "policy", role)}`,
			displayName: "DirectoryRole",
			description: "DirectoryRole",
			isOrganizationDefault: false,
		},
		...{
			scopeId: "/",
			scopeType: "DirectoryRole",
			lastModifiedDateTime: careless ? stamp(now - 90 * 86_400_000) : null,
			lastModifiedBy: { displayName: null, id: null },
		},
		roleDefinitionId: role,
		rules: [
			{
				...type("Expiration"),
				id: "Expiration_EndUser_Assignment",
				isExpirationRequired: true,
				maximumDuration: careless ? "P1D" : "PT8H",
				target: target("EndUser", "Assignment"),
			},
			{
				...type("Expiration"),
				id: "Expiration_Admin_Eligibility",
				isExpirationRequired: false,
				maximumDuration: "P365D",
				target: target("Admin", "Eligibility"),
			},
			{
				...type("Expiration"),
				id: "Expiration_Admin_Assignment",
				isExpirationRequired: false,
				maximumDuration: "P180D",
				target: target("Admin", "Assignment"),
			},
			{
				...{ ...type("Enablement"), id: "Enablement_EndUser_Assignment", target: target("EndUser", "Assignment") },
				enabledRules: careless ? ["Justification"] : ["MultiFactorAuthentication", "Justification"],
			},
			{
				...{ ...type("Approval"), id: "Approval_EndUser_Assignment", target: target("EndUser", "Assignment") },
				setting: {
					isApprovalRequired: false,
					isApprovalRequiredForExtension: false,
					isRequestorJustificationRequired: true,
					approvalMode: "SingleStage",
					approvalStages: [],
				},
			},
		],
	};
}

/** Gives a role for good. Ids of assignments are opaque texts. */
export function assign(state: State, principalId: string, role: string, scope = "/"): string {
	const id = `${Buffer.from(guid(state.seed, principalId, role, scope).replaceAll("-", ""), "hex").toString("base64url")}-1`;
	state.roleAssignments.set(id.toLowerCase(), { id, principalId, roleDefinitionId: role, directoryScopeId: scope });
	return id;
}

/** Makes somebody eligible. `days`: from `now` until the end; null for ever. */
export function makeEligible(state: State, principalId: string, role: string, now: number, days: number | null): void {
	const id = guid(state.seed, "eligible", principalId, role);
	const end = days === null ? null : now + days * 86_400_000;
	state.eligibilities.set(id, { id, principalId, target: role, directoryScopeId: "/", start: now - 100 * 86_400_000, end });
}
