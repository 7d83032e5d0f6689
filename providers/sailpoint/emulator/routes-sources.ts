import { notFound } from "./errors.js";
import type { Fields } from "./filter.js";
import { answerList, type Collection } from "./page.js";
import { renderSource, sourceStatus } from "./render.js";
import { all, everywhere, named, notBeta, routes } from "./route.js";
import type { Activity, SailRoute, Source, Task, Tenant } from "./state.js";
import { KEPT, renderActivity, renderTask } from "./tasks.js";

const fields: Fields<Source> = {
	id: { ops: "eq in ge gt le lt ne isnull sw", get: (source) => source.id },
	name: { ops: "co eq in sw ge gt ne isnull", get: (source) => source.name },
	type: { ops: "eq in ge gt ne isnull sw", get: (source) => source.type },
	"owner.id": { ops: "eq in ge gt le lt ne isnull sw", get: (source) => source.owner },
	features: { ops: "ca co", get: (source) => source.features },
	created: { ops: "eq ge gt in le lt ne isnull", get: (source) => source.created },
	modified: { ops: "eq ge gt in le lt ne isnull", get: (source) => source.modified },
	description: { ops: "eq sw", get: (source) => source.description },
	authoritative: { ops: "eq ne isnull", get: (source) => source.authoritative },
	healthy: { ops: "isnull", get: (source) => source.healthy },
	status: { ops: "eq in ge gt le lt ne isnull sw", get: sourceStatus },
	connectionType: { ops: "eq ge gt in le lt ne isnull sw", get: (source) => source.connectionType },
	connectorName: { ops: "eq ge gt in ne isnull sw", get: (source) => source.connectorName },
};
const sources: Collection<Source> = {
	fields,
	sorters: Object.fromEntries(
		["type", "created", "modified", "name", "healthy", "status", "id", "description", "owner.id", "authoritative", "connectorName", "connectionType"].map(
			(name) => [name, fields[name]?.get ?? (() => undefined)],
		),
	),
	strictEnd: true,
};

const tasks: Collection<Task> = {
	fields: {
		id: { ops: "eq in", get: (task) => task.id },
		sourceId: { ops: "eq in", get: (task) => (task.target?.type === "APPLICATION" ? task.target.id : null) },
		completionStatus: { ops: "eq in isnull", get: (task) => task.status },
		type: { ops: "eq in", get: (task) => task.kind },
		launcher: { ops: "eq in", get: (task) => task.launcher },
	},
	sorters: { created: (task) => task.created },
};

const activities: Collection<Activity> = {
	fields: {
		type: { ops: "eq in ge le lt ne isnull sw", get: (activity) => activity.type },
		created: { ops: "gt lt ge le eq in ne isnull", get: (activity) => activity.created },
		modified: { ops: "gt lt ge le eq in ne isnull", get: (activity) => activity.completed ?? activity.created },
	},
	sorters: { type: (activity) => activity.type, created: (activity) => activity.created, modified: (activity) => activity.completed ?? activity.created },
};

/** Sources, and the ends of what was begun on them: tasks and account activities. */
export function sourceRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const read = { scopes: "sources:read sources:manage", levels: "ORG_ADMIN SOURCE_ADMIN SOURCE_SUBADMIN ROLE_SUBADMIN" };
	const followed = {
		scopes: "task-management:read task-management:write",
		levels: "ORG_ADMIN HELPDESK CERT_ADMIN REPORT_ADMIN ROLE_ADMIN ROLE_SUBADMIN SOURCE_ADMIN SOURCE_SUBADMIN",
	};
	const kept = () => all(world, tenant.tasks).filter((task) => task.created > world.now() - KEPT);
	return [
		...routes(
			everywhere,
			"GET /sources",
			read,
			() => (call) => answerList(call, all(world, tenant.sources), sources, (source) => renderSource(tenant, source)),
		),
		...routes(everywhere, "GET /sources/{id}", read, () => (call) => ({ status: 200, body: renderSource(tenant, named(world, call, tenant.sources)) })),
		...routes(notBeta, "GET /sources/{id}/source-health", { scopes: "sources:read sources:manage" }, () => (call) => {
			const source = named(world, call, tenant.sources);
			const { id, name, type, authoritative } = source;
			const where = { org: tenant.name, isAuthoritative: authoritative, isCluster: false, hostname: "emulated", pod: "emulated", iqServiceVersion: null };
			return { status: 200, body: { id, type, name, ...where, status: sourceStatus(source) } };
		}),
		...routes(everywhere, "GET /task-status", followed, () => (call) => answerList(call, kept(), tasks, renderTask)),
		...routes(
			["beta", "v2024", "v2025"],
			"GET /task-status/pending-tasks",
			followed,
			() => (call) =>
				answerList(
					call,
					kept().filter((task) => task.completed === null),
					{},
					renderTask,
				),
		),
		...routes(everywhere, "GET /task-status/{id}", followed, () => (call) => {
			const task = named(world, call, tenant.tasks);
			if (task.created <= world.now() - KEPT) throw notFound(call);
			return { status: 200, body: renderTask(task) };
		}),
		...routes(everywhere, "GET /account-activities", {}, () => (call) => {
			const wanted = (name: string) => call.query.get(name);
			const shown = all(world, tenant.activities).filter(
				({ requester, target }) =>
					[null, target].includes(wanted("requested-for")) &&
					[null, requester].includes(wanted("requested-by")) &&
					(wanted("regarding-identity") === null || [requester, target].includes(wanted("regarding-identity"))),
			);
			return answerList(call, shown, activities, (activity) => renderActivity(tenant, activity));
		}),
		...routes(everywhere, "GET /account-activities/{id}", {}, () => (call) => ({
			status: 200,
			body: renderActivity(tenant, named(world, call, tenant.activities)),
		})),
	];
}
