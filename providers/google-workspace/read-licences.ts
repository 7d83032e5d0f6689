import type { Millis } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { at, word } from "../../src/provider/decode.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { keptJson } from "./events.js";
import { lists } from "./lists.js";
import { isGone, list, one, scoped } from "./read.js";
import { readScope } from "./scopes.js";
import type { Tally } from "./tally.js";

const scope = readScope.licensing;
const cursor = "google.licences";
/** So long licences that were read once are not taken for gone without another look. Milliseconds. */
const remembered: Millis = 30 * 86_400_000;
/** Refusals of one who left licences out: the scope, the administrator's privilege, the API in the project. */
const leftOut = new Set(["scope", "role", "licence"]);

/** Whose licences the API gives out. https://developers.google.com/workspace/admin/licensing/v1/how-tos/products */
export const products = [
	...["Google-Apps", "Google-Vault", "Google-Drive-storage", "Google-Chrome-Device-Management"],
	...["101001", "101005", "101031", "101033", "101034", "101035", "101036", "101037", "101038", "101039", "101040", "101047"],
];

interface Memory {
	/** When licences were last read whole. */
	at: Millis;
	/** Products of which some were assigned. */
	products: string[];
}

interface Sku {
	name: string;
	productName: string | undefined;
	assigned: number;
}

/**
 * How many of each licence are assigned; how many were bought no API tells. The scope has no read-only twin, so that it may be left out: then it
 * is said that licences are not read. Where they were read before, settings are not whole without them for a month.
 */
export async function* licences(connection: GoogleConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	const memory = await keptJson<Memory>(context, cursor);
	const fresh = memory !== null && memory.products.length > 0 && memory.at + remembered > context.scanStarted;
	const keep = async (): Promise<void> => (memory ? context.setCursor(cursor, JSON.stringify(memory)) : undefined);
	const refused = (error: HttpError): void => {
		const reason = scoped(error, scope);
		if (fresh || !leftOut.has(error.cause)) failures.add(error, scope);
		else failures.note({ ...reason, detail: `licences are not read, and may be left out: ${reason.detail}` });
	};
	const customerId = await customerOf(connection, context);
	if (customerId instanceof HttpError) {
		refused(customerId);
		return keep();
	}
	const before = failures.failed();
	const found: string[] = [];
	let answered = 0;
	let odd = false;
	for (const productId of products) {
		const skus = new Map<string, Sku>();
		const request = {
			method: "GET" as const,
			path: "/apps/licensing/v1/product/{productId}/users",
			params: { productId },
			query: { customerId, maxResults: 1000 },
		};
		for await (const page of list(connection, request, { shape: lists.licences, scope, signal: context.signal })) {
			const quarantined = [...page.quarantined, ...page.items.flatMap((item) => count(skus, item))];
			odd ||= quarantined.length > 0;
			if (quarantined.length > 0) yield { records: [], request: page.request, quarantined };
			if (!page.end) continue;
			const { error } = page.end;
			// A product that the customer never had is refused as an invalid one.
			const never = error && (error.status === 400 || isGone(error)) && skus.size === 0 && !(fresh && memory.products.includes(productId));
			if (never) continue;
			if (error) refused(error);
			else failures.end(page.end, scope);
			// What was counted of a list that was cut off is no count.
			if (!page.end.closed || odd) return keep();
			answered += 1;
			if (skus.size > 0) found.push(productId);
			yield { records: [...skus].map(([skuId, sku]) => record(productId, skuId, sku)), request: page.request };
		}
	}
	if (answered === 0) failures.fail({ cause: "error", detail: `the licensing API knows none of its products for the customer ${customerId}` });
	else if (found.length === 0 && fresh && failures.failed() === before)
		failures.fail({ cause: "floor", detail: "no licence is assigned to anybody, and some were before: this administrator may not see them any more" });
	if (failures.failed() > before) return keep();
	await context.setCursor(cursor, JSON.stringify({ at: context.scanStarted, products: found } satisfies Memory));
}

/** This API does not understand `my_customer`. A token is asked for first: without the scope nothing else need be. */
async function customerOf(connection: GoogleConnection, context: ReadContext): Promise<string | HttpError> {
	const { customer, http } = connection;
	try {
		await http.tokens.of(scope);
	} catch (error) {
		if (error instanceof HttpError) return error;
		throw error;
	}
	if (customer !== "my_customer") return customer;
	const request = {
		method: "GET" as const,
		path: "/admin/directory/v1/users/{userKey}",
		params: { userKey: http.signer.subject },
		query: { fields: "customerId" },
	};
	const me = await one(connection, request, context.signal);
	if ("error" in me) return me.error;
	return word(at(me.body, "customerId")) ?? customer;
}

function count(skus: Map<string, Sku>, item: object): { id: string | null; why: string }[] {
	const [skuId, user] = [word(at(item, "skuId")), word(at(item, "userId"))];
	if (skuId === undefined || user === undefined) return [{ id: skuId ?? null, why: "an assigned licence tells no SKU or no user" }];
	const sku = skus.get(skuId) ?? { name: word(at(item, "skuName")) ?? skuId, productName: word(at(item, "productName")), assigned: 0 };
	sku.assigned += 1;
	skus.set(skuId, sku);
	return [];
}

function record(productId: string, skuId: string, { name, productName, assigned }: Sku): { id: string; body: SettingRecord } {
	const id = `licence/${productId}/${skuId}`;
	const values = { productId, skuId, assigned, ...(productName !== undefined && { productName }) };
	return { id, body: { id, kind: "licence", name, active: true, builtIn: false, priority: null, parent: null, session: null, signIn: null, values } };
}
