import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import type { Authority } from "./auth.js";
import { makeCertificate } from "./certificate.js";
import { addApp } from "./gen-apps.js";
import { assign, roleNamed } from "./role-catalogue.js";
import type { Client } from "./state.js";
import type { Tenant } from "./tenant.js";
import { secretOf } from "./truth.js";

export type Credential = "client-secret" | "certificate" | "workload-identity";

/** Everything a reader could want, each permission as narrow as the vendor has it. */
export const readScopes: readonly string[] = [
	...["User.Read.All", "GroupMember.Read.All", "Device.Read.All", "Application.Read.All", "RoleManagement.Read.Directory", "Policy.Read.All"],
	...[
		"AuditLog.Read.All",
		"UserAuthenticationMethod.Read.All",
		"IdentityRiskyUser.Read.All",
		"IdentityRiskEvent.Read.All",
		"IdentityRiskyServicePrincipal.Read.All",
	],
	...["SecurityEvents.Read.All", "AccessReview.Read.All", "Organization.Read.All", "Domain.Read.All", "DirectoryRecommendations.Read.All"],
	...["PrivilegedEligibilitySchedule.Read.AzureADGroup", "PrivilegedAssignmentSchedule.Read.AzureADGroup"],
];

/** What the acting credential may besides. */
export const writeScopes: readonly string[] = [
	...[
		"Directory.Read.All",
		"User.ReadWrite.All",
		"User.EnableDisableAccount.All",
		"User.RevokeSessions.All",
		"User.DeleteRestore.All",
		"GroupMember.ReadWrite.All",
	],
	...[
		"Group.ReadWrite.All",
		"Application.ReadWrite.All",
		"AppRoleAssignment.ReadWrite.All",
		"DelegatedPermissionGrant.ReadWrite.All",
		"RoleManagement.ReadWrite.Directory",
	],
	...[
		"UserAuthenticationMethod.ReadWrite.All",
		"Policy.ReadWrite.ConditionalAccess",
		"Policy.ReadWrite.Authorization",
		"Policy.ReadWrite.AuthenticationMethod",
	],
	...[
		"Policy.ReadWrite.SecurityDefaults",
		"Policy.ReadWrite.ConsentRequest",
		"Policy.ReadWrite.CrossTenantAccess",
		"IdentityRiskyUser.ReadWrite.All",
		"Domain.ReadWrite.All",
	],
	...["AccessReview.ReadWrite.All", "PrivilegedAccess.ReadWrite.AzureADGroup"],
];

const issuer = "https://token.actions.githubusercontent.com";

export interface Clients {
	reader: Client;
	auth: Record<string, unknown>;
	act: Record<string, unknown>;
	secrets: string[];
}

interface ClientPlan {
	scopes: readonly string[];
	role: string | null;
	credential: Credential;
	now: number;
}

/** Registers the two credentials as applications of the tenant, as a customer would. */
export async function addClients(tenant: Tenant, authority: Authority, plan: ClientPlan): Promise<Clients> {
	const secrets: string[] = [];
	const keys = plan.credential === "workload-identity" ? await generateKeyPair("RS256") : undefined;
	const foreign: Record<string, JSONWebKeySet> = keys ? { [issuer]: { keys: [{ ...(await exportJWK(keys.publicKey)), alg: "RS256", kty: "RSA" }] } } : {};

	async function one(name: string, scopes: readonly string[]): Promise<{ client: Client; block: Record<string, unknown> }> {
		const { state } = tenant;
		const subject = `repo:corp/posture:environment:${name.split(" ").at(-1)}`;
		const made = addApp(
			state,
			{
				name,
				permissions: scopes,
				used: 0.1,
				...(plan.credential === "client-secret" && { secrets: [{ ends: 150, began: 30, used: 0.1 }] }),
				...(keys && { federated: [{ name: "posture", issuer, subject }] }),
			},
			plan.now,
		);
		const client: Client = { appId: made.appId, principal: made.principal, scopes: new Set(scopes) };
		const federations = () =>
			(state.federated.get(made.app) ?? []).map((row) => ({ issuer: row.issuer ?? "", subject: row.subject ?? "", audiences: row.audiences ?? [] }));
		const own = { tenantId: state.tenantId, clientId: made.appId };
		if (keys) {
			const token = await new SignJWT({})
				.setProtectedHeader({ alg: "RS256" })
				.setIssuer(issuer)
				.setSubject(subject)
				.setAudience("api://AzureADTokenExchange")
				.setIssuedAt(Math.floor(plan.now / 1000))
				.setExpirationTime(Math.floor(plan.now / 1000) + 30 * 86_400)
				.sign(keys.privateKey);
			secrets.push(token);
			authority.clients.set(made.appId, { client, proof: { secrets: [], keys: { certificates: [], federations, foreign } } });
			return { client, block: { method: "workload-identity", ...own, token } };
		}
		if (plan.credential === "certificate") {
			const { certificate, privateKey } = makeCertificate(name, plan.now);
			secrets.push(privateKey);
			authority.clients.set(made.appId, { client, proof: { secrets: [], keys: { certificates: [certificate], federations, foreign } } });
			return { client, block: { method: "certificate", ...own, privateKey, certificate } };
		}
		const text = secretOf(state.seed, name);
		secrets.push(text);
		authority.clients.set(made.appId, {
			client,
			proof: { secrets: [{ text, end: plan.now + 150 * 86_400_000 }], keys: { certificates: [], federations, foreign } },
		});
		return { client, block: { method: "client-secret", ...own, clientSecret: text } };
	}

	const reading = await one("Posture reader", plan.scopes);
	const acting = await one("Posture actor", [...new Set([...plan.scopes, ...writeScopes])]);
	if (plan.role !== null) assign(tenant.state, acting.client.principal, roleNamed(plan.role));
	return { reader: reading.client, auth: reading.block, act: acting.block, secrets };
}
