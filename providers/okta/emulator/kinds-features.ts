import { type Call, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, notFound } from "./errors.js";
import { type Kind, kindRoutes, objectAt, type Raw, show } from "./kinds.js";
import { link } from "./render.js";
import { logEvent, target } from "./syslog.js";
import { put, type Tenant } from "./tenant.js";

const FEATURES: Kind = {
	base: "/api/v1/features",
	resource: "features",
	type: "Feature",
	id: "featureId",
	of: (t) => t.state.features,
	allow: ["GET", "POST"],
	render: (tenant, feature) => {
		const { dependencies: _, ...shown } = feature;
		const path = `/api/v1/features/${String(feature.id)}`;
		const links = {
			self: link(tenant, path, "GET", "POST"),
			dependents: link(tenant, `${path}/dependents`),
			dependencies: link(tenant, `${path}/dependencies`),
		};
		return { ...shown, _links: links };
	},
};

const idsOf = (feature: Raw): string[] => (Array.isArray(feature.dependencies) ? feature.dependencies.map(String) : []);

/** Features this one needs, or those that need it. */
function related(tenant: Tenant, feature: Raw & { id: string }, which: "dependencies" | "dependents"): Raw[] {
	const all = [...(tenant.state.features?.values() ?? [])];
	return all.filter((other) => (which === "dependencies" ? idsOf(feature).includes(String(other.id)) : idsOf(other).includes(feature.id)));
}

function listRelated(call: Call, which: "dependencies" | "dependents"): Reply {
	const items = related(call.tenant, objectAt(call, FEATURES), which).map((feature) => show(call.tenant, FEATURES, feature));
	return { status: 200, list: { items } };
}

/** POST …/{enable|disable}. `mode=force` carries related features along. */
function move(call: Call): Reply {
	const { tenant } = call;
	const verb = param(call, "lifecycle").toLowerCase();
	const feature = objectAt(call, FEATURES);
	if (verb !== "enable" && verb !== "disable") throw notFound(verb, "FeatureLifecycle");
	const status = verb === "enable" ? "ENABLED" : "DISABLED";
	const behind = related(tenant, feature, verb === "enable" ? "dependencies" : "dependents").filter((other) => other.status !== status);
	if (behind.length > 0 && call.query.get("mode") !== "force")
		throw apiError("E0000001", "lifecycle", [`lifecycle: ${behind.map((other) => String(other.name)).join(", ")} must be ${status.toLowerCase()} first.`]);
	for (const one of [...behind, feature]) {
		const id = String(one.id);
		if (tenant.state.features) put(tenant, tenant.state.features, id, { ...one, status });
		logEvent(tenant, call, `system.feature.${verb}`, `Feature ${verb}d`, [target(id, "Feature", one.name)]);
	}
	return ok(show(tenant, FEATURES, objectAt(call, FEATURES)));
}

const one = "/api/v1/features/{featureId}";

export const featureRoutes: Route[] = [
	...kindRoutes(FEATURES),
	route("GET", `${one}/dependencies`, "features", (call) => listRelated(call, "dependencies")),
	route("GET", `${one}/dependents`, "features", (call) => listRelated(call, "dependents")),
	route("POST", `${one}/{lifecycle}`, "features", move),
];
