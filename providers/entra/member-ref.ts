import type { HttpRequest } from "../../src/provider/http.js";

/**
 * The only place where a request that changes a group's members is made. `DELETE …/members/{id}` without `/$ref` deletes the user itself
 * (microsoftgraph/msgraph-sdk-dotnet#1106), so that the end of the path is no parameter of anything.
 */
export function memberRef(change: "add" | "remove", base: string, groupId: string, memberId: string): HttpRequest {
	if (change === "remove") return { method: "DELETE", path: "/v1.0/groups/{groupId}/members/{memberId}/$ref", params: { groupId, memberId } };
	const body = { "@odata.id": `${base.replace(/\/+$/, "")}/v1.0/directoryObjects/${encodeURIComponent(memberId)}` };
	return { method: "POST", path: "/v1.0/groups/{groupId}/members/$ref", params: { groupId }, body };
}
