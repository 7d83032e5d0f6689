import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { encodeKnown } from "../../src/model/json.js";
import { type Json, object } from "./schema.js";

const flag = { type: "boolean" };
const values = (properties: Json): Json => ({
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	minProperties: 1,
	properties,
});
const inner = (properties: Json): Json => ({ type: "object", additionalProperties: false, minProperties: 1, properties });

/** Roles that a guest may have in the directory, the widest first: as members, the default, the narrowest. https://learn.microsoft.com/graph/api/resources/authorizationpolicy */
const guestRoles = ["a0b1b346-4d3e-4e8b-98f8-753987be4970", "10dae51f-b6af-4016-8d66-8c2a99b929b3", "2af84b1e-32c8-42b7-82bc-daa82404023b"];

const compared = { type: ["object", "null"], readOnly: true };

/** What of each kind can be declared; what is `readOnly` is compared and never changed: whom a policy is for and what it asks is decided at the vendor. */
export const schemas: Record<string, Json> = {
	conditionalAccessPolicy: values({
		state: { enum: ["enabled", "disabled", "enabledForReportingButNotEnforced"] },
		conditions: compared,
		grantControls: compared,
		sessionControls: compared,
	}),
	identitySecurityDefaultsEnforcementPolicy: values({ isEnabled: flag }),
	authorizationPolicy: values({
		allowInvitesFrom: { enum: ["none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"] },
		allowedToSignUpEmailBasedSubscriptions: flag,
		allowedToUseSSPR: flag,
		allowEmailVerifiedUsersToJoinOrganization: flag,
		allowUserConsentForRiskyApps: flag,
		blockMsolPowerShell: flag,
		guestUserRoleId: { enum: guestRoles },
		defaultUserRolePermissions: inner({
			allowedToCreateApps: flag,
			allowedToCreateSecurityGroups: flag,
			allowedToCreateTenants: flag,
			allowedToReadBitlockerKeysForOwnedDevice: flag,
			allowedToReadOtherUsers: flag,
			permissionGrantPoliciesAssigned: { type: "array", uniqueItems: true, items: { type: "string", pattern: "^[A-Za-z0-9_.:-]+$" } },
		}),
	}),
	authenticationMethodsPolicy: values({
		policyMigrationState: { enum: ["preMigration", "migrationInProgress", "migrationComplete"] },
		registrationEnforcement: inner({
			authenticationMethodsRegistrationCampaign: inner({
				snoozeDurationInDays: { type: "integer", minimum: 0, maximum: 14 },
				state: { enum: ["default", "enabled", "disabled"] },
			}),
		}),
	}),
	authenticationMethodConfiguration: values({ state: { enum: ["enabled", "disabled"] } }),
};

const ajv = new Ajv2020({ strict: false });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with declared values, one sentence; null = nothing. */
export function invalid(kind: string, declared: Json): string | null {
	const validate = compiled.get(kind) ?? ajv.compile(schemas[kind] ?? { type: "object" });
	compiled.set(kind, validate);
	if (validate(declared)) return null;
	const [first] = validate.errors ?? [];
	const path = (first?.instancePath ?? "").split("/").filter(Boolean);
	if (first?.keyword === "additionalProperties")
		return `${[...path, String(first.params.additionalProperty)].join(".")} is not a value that can be declared here`;
	return `${path.join(".") || "the setting"} ${first?.message ?? "is not as the schema asks"}`;
}

/** Made or kept by the server: nothing that could be declared. */
const servers = new Set([
	"id",
	"createdDateTime",
	"modifiedDateTime",
	"lastModifiedDateTime",
	"deletedDateTime",
	"templateId",
	"policyVersion",
	"partialEnablementStrategy",
]);
/** Ids are kept by the server in a case of its own. */
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The one form of values: lists are sets, null and a list of nothing are absent, what the server makes is left out. Idempotent. */
export function canonical(given: Json): Json {
	return inside(Object.fromEntries(Object.entries(given).filter(([key]) => !servers.has(key))));
}

function form(value: unknown): unknown {
	if (typeof value === "string") return guid.test(value) ? value.toLowerCase() : value;
	if (Array.isArray(value)) {
		const items = new Map(value.map((item) => form(item) ?? null).map((item) => [encodeKnown(item), item]));
		return items.size === 0 ? undefined : [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
	}
	const held = object(value);
	return held ? inside(held) : (value ?? undefined);
}

/** Ids inside an object say what it is about, and are kept. */
function inside(held: Json): Json {
	const formed = Object.entries(held).map(([key, value]): [string, unknown] => [key, form(value)]);
	return Object.fromEntries(formed.filter(([, value]) => value !== undefined));
}

/** `declared` laid over `live`, objects merged at every depth. */
export function merged(live: Json, declared: Json): Json {
	const laid = Object.entries(declared).map(([key, value]): [string, unknown] => {
		const [held, given] = [object(Object.hasOwn(live, key) ? live[key] : undefined), object(value)];
		return [key, held && given ? merged(held, given) : value];
	});
	return Object.fromEntries([...Object.entries(live), ...laid]);
}
