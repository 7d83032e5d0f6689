/**
 * A stand-in for the vendor's plugin `pulumi-resource-okta`, which can't be had where these tests run: it speaks the engine's provider
 * protocol, takes the same inputs and environment variables, and makes the same calls of Okta's API for four types of resources.
 * The engine starts it, reads a port from its first line, and is its only client.
 */
import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import { importPKCS8, SignJWT } from "jose";
import { kinds } from "./stand-in-kinds.js";

const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc = require("@grpc/grpc-js") as typeof Grpc;
const messages = require("@pulumi/pulumi/proto/provider_pb.js") as Record<string, new () => Message>;
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as { ResourceProviderService: Grpc.ServiceDefinition };
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js") as Record<string, new () => Message>;
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => Message };
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js") as { Struct: { fromJavaScript(value: object): unknown } };

type Values = Record<string, unknown>;
/** A protobuf message, whose accessors are named after its fields. */
type Message = Record<string, (...args: unknown[]) => unknown>;

let config: Values = {};
let access: Promise<string> | null = null;

const fields = (message: Message, name: string): Values => {
	const struct = message[`get${name}`]?.() as { toJavaScript(): Values } | undefined;
	return struct?.toJavaScript() ?? {};
};
const text = (message: Message, name: string): string => String(message[`get${name}`]?.() ?? "");
const filled = (message: Message, values: Values): Message => {
	for (const [name, value] of Object.entries(values)) message[`set${name}`]?.(value);
	return message;
};
const made = (type: string, values: Values): Message => {
	const Type = messages[type];
	if (!Type) throw new Error(`the protocol has no ${type}`);
	return filled(new Type(), values);
};
const struct = (values: Values): unknown => Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
const kindOf = (message: Message) => {
	const type = text(message, "Urn").split("::")[2] ?? "";
	const kind = kinds[type.split("$").at(-1) ?? ""];
	if (!kind) throw new Error(`the stand-in knows no ${type}`);
	return kind;
};

/** The vendor's plugin reads what it is not told from these variables. */
function credential(): Promise<string> {
	const { OKTA_API_TOKEN: token, OKTA_API_PRIVATE_KEY: key, OKTA_API_PRIVATE_KEY_ID: keyId, OKTA_API_CLIENT_ID: clientId } = process.env;
	if (token) return Promise.resolve(`SSWS ${token}`);
	if (!key) throw new Error("no credential: neither OKTA_API_TOKEN nor OKTA_API_PRIVATE_KEY is set");
	return signedIn(key, String(config.privateKeyId ?? keyId), String(config.clientId ?? clientId));
}

async function signedIn(key: string, kid: string, client: string): Promise<string> {
	const url = `${address()}/oauth2/v1/token`;
	const assertion = await new SignJWT({})
		.setProtectedHeader({ alg: "RS256", kid })
		.setIssuer(client)
		.setSubject(client)
		.setAudience(url)
		.setIssuedAt()
		.setExpirationTime("5m")
		.setJti(crypto.randomUUID())
		.sign(await importPKCS8(key, "RS256"));
	const body = new URLSearchParams({
		grant_type: "client_credentials",
		scope: (JSON.parse(String(config.scopes)) as string[]).join(" "),
		client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		client_assertion: assertion,
	});
	const answer = await fetch(url, { method: "POST", body });
	const { access_token, error_description } = (await answer.json()) as Record<string, string>;
	if (!access_token) throw new Error(`the org gives no token: ${error_description}`);
	return `Bearer ${access_token}`;
}

function address(): string {
	return String(config.httpProxy ?? `https://${config.orgName}.${config.baseUrl}`);
}

/** One call of the org's API; null: it has no such object. */
async function call(method: string, path: string, body?: object): Promise<Values | null> {
	access ??= credential();
	const headers = { authorization: await access, accept: "application/json", "content-type": "application/json" };
	const answer = await fetch(`${address()}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
	if (answer.status === 404) return null;
	const said = await answer.text();
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
	return said === "" ? {} : (JSON.parse(said) as Values);
}

/** Inputs that differ from what the state has; what is not given is not looked at. */
function changed(olds: Values, news: Values): string[] {
	return Object.keys(news).filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
}

const some = 2;
const none = 1;

const handlers: Record<string, (message: Message) => Promise<Message> | Message> = {
	getPluginInfo: () => filled(new (plugin.PluginInfo as new () => Message)(), { Version: "7.0.0" }),
	getSchema: () => made("GetSchemaResponse", { Schema: "{}" }),
	checkConfig: (message) => made("CheckResponse", { Inputs: message.getNews?.() }),
	diffConfig: (message) => made("DiffResponse", { Changes: changed(fields(message, "Olds"), fields(message, "News")).length > 0 ? some : none }),
	configure(message) {
		config = fields(message, "Args");
		return made("ConfigureResponse", { Acceptsecrets: false, Supportspreview: true, Acceptresources: false });
	},
	check: (message) => made("CheckResponse", { Inputs: struct({ ...kindOf(message).defaults, ...fields(message, "News") }) }),
	diff(message) {
		const kind = kindOf(message);
		const keys = changed(fields(message, "Olds"), fields(message, "News"));
		const replaces = keys.filter((key) => kind.fixed.includes(key));
		return made("DiffResponse", { Changes: keys.length > 0 ? some : none, DiffsList: keys, ReplacesList: replaces, Deletebeforereplace: false });
	},
	async create(message) {
		const inputs = fields(message, "Properties");
		if (message.getPreview?.()) return made("CreateResponse", { Id: "", Properties: struct(inputs) });
		const kind = kindOf(message);
		const object = await call("POST", kind.path(inputs), kind.body(inputs));
		return made("CreateResponse", { Id: String(object?.id), Properties: struct({ ...inputs, ...kind.inputs(object ?? {}) }) });
	},
	async read(message) {
		const kind = kindOf(message);
		const state = fields(message, "Properties");
		const id = text(message, "Id");
		const object = await call("GET", `${kind.path(state)}/${id}`);
		if (object === null) return made("ReadResponse", { Id: "" });
		const live = kind.inputs(object);
		const inputs = fields(message, "Inputs");
		const kept = Object.keys(inputs).length === 0 ? live : Object.fromEntries(Object.keys(inputs).map((key) => [key, live[key] ?? inputs[key]]));
		return made("ReadResponse", { Id: id, Properties: struct({ ...state, ...live }), Inputs: struct(kept) });
	},
	async update(message) {
		const news = fields(message, "News");
		if (message.getPreview?.()) return made("UpdateResponse", { Properties: struct(news) });
		const kind = kindOf(message);
		const object = await call("PUT", `${kind.path(news)}/${text(message, "Id")}`, { ...kind.body(news), id: text(message, "Id") });
		return made("UpdateResponse", { Properties: struct({ ...news, ...kind.inputs(object ?? {}) }) });
	},
	async delete(message) {
		const kind = kindOf(message);
		await call("DELETE", `${kind.path(fields(message, "Properties"))}/${text(message, "Id")}`);
		return new Empty();
	},
	cancel: () => new Empty(),
	attach: () => new Empty(),
};

const served = Object.fromEntries(
	Object.entries(handlers).map(([name, handler]) => [
		name,
		(request: { request: Message }, answer: (error: object | null, message?: Message) => void) => {
			Promise.resolve()
				.then(() => handler(request.request))
				.then(
					(message) => answer(null, message),
					(error: Error) => answer({ code: grpc.status.UNKNOWN, message: error.message }),
				);
		},
	]),
);
const server = new grpc.Server();
server.addService(ResourceProviderService, served as unknown as Grpc.UntypedServiceImplementation);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
	if (error) throw error;
	process.stdout.write(`${port}\n`);
});
