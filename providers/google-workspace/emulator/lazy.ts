import { hash, random } from "../../../src/emulate/random.js";
import { etag, letters } from "./ids.js";
import type { AspBody, Person, Tenant, TokenBody } from "./types.js";

const day = 86_400_000;
const auth = "https://www.googleapis.com/auth/";
const apps: readonly [string, readonly string[], boolean][] = [
	["Mail Merge Helper", ["https://mail.google.com/", `${auth}spreadsheets`], false],
	["Board Planner", ["openid", `${auth}userinfo.email`, `${auth}userinfo.profile`], false],
	["Drive Backup", [`${auth}drive`], false],
	["Meeting Notes", [`${auth}calendar.readonly`, `${auth}userinfo.email`], false],
	["Phone Mail", ["https://mail.google.com/", `${auth}contacts`, `${auth}calendar`], true],
	["Survey Tool", [`${auth}userinfo.email`], false],
	["Directory Sync", [`${auth}admin.directory.user.readonly`, `${auth}admin.directory.group`], false],
];

/** A grant that an application holds of a user. */
export function makeToken(userKey: string, name: string, scopes: readonly string[], nativeApp = false): TokenBody {
	const clientId = `${100_000_000_000 + hash(name)}-${letters(`client/${name}`, 32)}.apps.googleusercontent.com`;
	return {
		kind: "admin#directory#token",
		etag: etag(`token/${userKey}/${clientId}`, 1),
		clientId,
		displayText: name,
		anonymous: false,
		nativeApp,
		userKey,
		scopes: [...scopes],
	};
}

export function makeAsp(userKey: string, codeId: number, name: string, created: number, used: number | null): AspBody {
	return {
		kind: "admin#directory#asp",
		etag: etag(`asp/${userKey}/${codeId}`, 1),
		codeId,
		name,
		creationTime: String(created),
		// Zero where it was never used.
		lastTimeUsed: String(used ?? 0),
		userKey,
	};
}

/** Grants of a user, made when first asked for. */
export function tokens(tenant: Tenant, person: Person): TokenBody[] {
	const kept = tenant.world.seen(tenant.state.tokens, person.id);
	if (kept) return kept;
	const from = hash(`${tenant.seed}/tokens/${person.id}`);
	return Array.from({ length: Math.min(person.apps, apps.length) }, (_, at) => {
		const [name, scopes, native] = apps[(from + at) % apps.length] ?? ["App", [], false];
		return makeToken(person.id, name, scopes, native);
	});
}

/** App passwords of a user, made when first asked for. */
export function asps(tenant: Tenant, person: Person): AspBody[] {
	const kept = tenant.world.seen(tenant.state.asps, person.id);
	if (kept) return kept;
	const draw = random(`${tenant.seed}/asps/${person.id}`);
	return Array.from({ length: person.appPasswords }, (_, at) => {
		const created = person.created + draw.int(100) * day;
		return makeAsp(person.id, at, draw.pick(["Mail on phone", "Scanner", "Old calendar client"]), created, draw.chance(0.3) ? null : created + 20 * day);
	});
}

/** Backup codes left: only of who is enrolled and has made some. */
export function codes(tenant: Tenant, person: Person): string[] {
	const kept = tenant.world.seen(tenant.state.codes, person.id);
	if (kept) return kept;
	const draw = random(`${tenant.seed}/codes/${person.id}`);
	if (!person.body.isEnrolledIn2Sv || draw.chance(0.5)) return [];
	return newCodes(`${tenant.seed}/${person.id}`);
}

export function newCodes(key: string): string[] {
	return Array.from({ length: 10 }, (_, at) => String(10_000_000 + (hash(`${key}/${at}`) % 90_000_000)));
}
