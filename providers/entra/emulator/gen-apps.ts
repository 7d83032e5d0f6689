import type { Application, PasswordCredential, ServicePrincipal } from "@microsoft/microsoft-graph-types";
import { day } from "../../../src/emulate/random.js";
import { graphAppId, microsoft } from "./build.js";
import { stamp } from "./moment.js";
import { guid, type Raw, type State, type Stored } from "./state.js";

const info = { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null };
const unverified = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

export interface AppPlan {
	name: string;
	/** Days from now to the end of each secret, negative when over, and since its start. */
	secrets?: { ends: number; began: number; used?: number | null }[];
	certificates?: { ends: number; began: number }[];
	owners?: readonly string[];
	/** Application permissions on the vendor's own interface. */
	permissions?: readonly string[];
	/** Delegated permissions that everybody has agreed to, or one user (`by`). */
	delegated?: { scope: string; by?: string };
	enabled?: boolean;
	/** Made by another organisation: there is no application object here. */
	foreign?: boolean;
	/** A workload of the vendor's cloud: no application object, keys the vendor renews. */
	managed?: boolean;
	/** Days since it was last used; null for never. */
	used?: number | null;
	federated?: { name: string; issuer: string; subject: string }[];
	anybody?: boolean;
	appId?: string;
}

/** Adds an application and its service principal. */
export function addApp(state: State, plan: AppPlan, now: number): { app: string; principal: string; appId: string } {
	const { seed } = state;
	const appId = plan.appId ?? guid(seed, "app", plan.name);
	const [app, principal] = [guid(seed, "application", plan.name), guid(seed, "principal", plan.name)];
	const made = stamp(now - 500 * day);
	const passwordCredentials = (plan.secrets ?? []).map((one, at): PasswordCredential => {
		const keyId = guid(seed, "secret", plan.name, at);
		if (one.used !== null && one.used !== undefined) state.used.set(keyId, now - one.used * day);
		return {
			customKeyIdentifier: null,
			displayName: `secret ${at + 1}`,
			startDateTime: stamp(now - one.began * day),
			endDateTime: stamp(now + one.ends * day),
			hint: keyId.slice(0, 3),
			keyId,
			secretText: null,
		};
	});
	const keyCredentials = (plan.certificates ?? []).map((one, at) => ({
		...{
			customKeyIdentifier: Buffer.from(guid("print", plan.name, at)).toString("base64"),
			displayName: `CN=${plan.name}`,
			key: null,
			keyId: guid(seed, "key", plan.name, at),
		},
		...{ type: "AsymmetricX509Cert", usage: "Verify", startDateTime: stamp(now - one.began * day), endDateTime: stamp(now + one.ends * day) },
	}));
	const audience = plan.anybody ? "AzureADMultipleOrgs" : "AzureADMyOrg";
	if (!plan.foreign && !plan.managed) {
		const application: Stored<Application> = {
			...{ id: app, appId, displayName: plan.name, createdDateTime: made, signInAudience: audience, publisherDomain: [...state.domains.keys()][1] ?? null },
			...{
				info,
				passwordCredentials,
				keyCredentials: keyCredentials as Application["keyCredentials"],
				verifiedPublisher: unverified,
				spa: { redirectUris: [] },
			},
			...{
				api: {
					acceptMappedClaims: null,
					knownClientApplications: [],
					requestedAccessTokenVersion: null,
					oauth2PermissionScopes: [],
					preAuthorizedApplications: [],
				},
			},
			...{ parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" }, publicClient: { redirectUris: [] } },
			web: {
				homePageUrl: null,
				logoutUrl: null,
				redirectUris: [],
				implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: plan.anybody ?? false },
				redirectUriSettings: [],
			},
		};
		state.applications.set(app, application);
		if (plan.owners && plan.owners.length > 0) state.owners.set(app, plan.owners);
	}
	const service: Stored<ServicePrincipal> & Raw = {
		...{
			id: principal,
			appId,
			displayName: plan.name,
			appDisplayName: plan.name,
			accountEnabled: plan.enabled ?? true,
			createdDateTime: made,
			info,
			verifiedPublisher: unverified,
		},
		...{
			appOwnerOrganizationId: plan.foreign ? guid("tenant of", plan.name) : state.tenantId,
			appRoleAssignmentRequired: false,
			signInAudience: plan.managed ? null : audience,
		},
		...{
			servicePrincipalType: plan.managed ? "ManagedIdentity" : "Application",
			servicePrincipalNames: [appId],
			tags: plan.managed ? [] : ["WindowsAzureActiveDirectoryIntegratedApp"],
		},
	};
	state.servicePrincipals.set(principal, service);
	if (plan.used !== null && plan.used !== undefined) state.used.set(principal, now - plan.used * day);
	if (plan.federated)
		state.federated.set(
			app,
			plan.federated.map((one) => ({ id: guid(seed, "federated", plan.name, one.name), description: null, audiences: ["api://AzureADTokenExchange"], ...one })),
		);
	for (const value of plan.permissions ?? []) grantPermission(state, principal, plan.name, value, now);
	if (plan.delegated) grantDelegated(state, principal, plan.delegated);
	return { app, principal, appId };
}

const graphPrincipal = (state: State): string => guid(state.seed, "principal", "Microsoft Graph");

/** Permissions by name: an id of their own each. The published ids of those that matter most. */
const published: Readonly<Record<string, string>> = {
	"Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
	"RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
	"Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
	"AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
	"Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	"User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
	"Mail.Read": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
	"AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
};

/** Adds the vendor's own interface, which others have permissions on. */
export function addGraph(state: State, permissions: readonly string[]): void {
	const id = graphPrincipal(state);
	const names = [...new Set([...Object.keys(published), ...permissions])];
	const appRoles = names.map((value) => ({
		id: published[value] ?? guid("permission", value),
		value,
		displayName: value,
		description: value,
		isEnabled: true,
		allowedMemberTypes: ["Application"],
		origin: "Application",
	}));
	state.servicePrincipals.set(id, {
		...{
			id,
			appId: graphAppId,
			displayName: "Microsoft Graph",
			appDisplayName: "Microsoft Graph",
			accountEnabled: true,
			appOwnerOrganizationId: microsoft,
			appRoleAssignmentRequired: false,
		},
		...{
			servicePrincipalType: "Application",
			signInAudience: "AzureADMultipleOrgs",
			servicePrincipalNames: [graphAppId, "https://graph.microsoft.com"],
			info,
			verifiedPublisher: unverified,
			appRoles,
		},
		oauth2PermissionScopes: ["User.Read", "Mail.Read", "Files.ReadWrite.All", "Directory.AccessAsUser.All", "offline_access"].map((value) => ({
			...{
				id: guid("scope", value),
				value,
				type: "User",
				isEnabled: true,
				adminConsentDisplayName: value,
				adminConsentDescription: value,
				userConsentDisplayName: value,
				userConsentDescription: value,
			},
		})),
	});
}

export function grantPermission(state: State, principal: string, name: string, value: string, now: number): void {
	const resource = state.servicePrincipals.get(graphPrincipal(state));
	const role = resource?.appRoles?.find((one) => one.value === value);
	const id = Buffer.from(guid(state.seed, principal, value).replaceAll("-", ""), "hex").toString("base64url");
	state.appRoleAssignments.set(id.toLowerCase(), {
		...{
			id,
			deletedDateTime: null,
			appRoleId: role?.id ?? guid("permission", value),
			createdDateTime: stamp(now - 300 * day),
			principalDisplayName: name,
			principalId: principal,
		},
		...{ principalType: "ServicePrincipal", resourceDisplayName: "Microsoft Graph", resourceId: graphPrincipal(state) },
	});
}

function grantDelegated(state: State, clientId: string, { scope, by }: { scope: string; by?: string }): void {
	const id = Buffer.from(guid(state.seed, clientId, scope, by ?? "all").replaceAll("-", ""), "hex").toString("base64url");
	state.oauth2PermissionGrants.set(id.toLowerCase(), {
		id,
		clientId,
		consentType: by ? "Principal" : "AllPrincipals",
		principalId: by ?? null,
		resourceId: graphPrincipal(state),
		scope,
	});
}
