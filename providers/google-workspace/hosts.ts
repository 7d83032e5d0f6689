import { isLoopback, parseBaseUrl } from "../../src/provider/request-url.js";

/** Services that are called, each at a host of its own. */
export type Service = "admin" | "reports" | "groupSettings" | "licensing" | "identity";

interface Hosts {
	service: Record<Service, URL>;
	token: string;
	credentials: string;
}

const known: Hosts = {
	service: {
		admin: new URL("https://admin.googleapis.com"),
		reports: new URL("https://admin.googleapis.com"),
		groupSettings: new URL("https://www.googleapis.com"),
		licensing: new URL("https://licensing.googleapis.com"),
		identity: new URL("https://cloudidentity.googleapis.com"),
	},
	token: "https://oauth2.googleapis.com/token",
	credentials: "https://iamcredentials.googleapis.com",
};

/** Where each service lives: Google's own hosts, or all of them under one address (an emulator). @throws Error for a bad address */
export function hostsOf(url: string, where: string): Hosts {
	const base = parseBaseUrl(url, where);
	if (base.host === known.service.admin.host) return known;
	// The signed assertion would go there: nowhere but Google or this machine.
	if (!isLoopback(base)) throw new Error(`${where} must be https://admin.googleapis.com`);
	const here = base.href.replace(/\/+$/, "");
	return { service: { admin: base, reports: base, groupSettings: base, licensing: base, identity: base }, token: `${here}/token`, credentials: here };
}

/** The service that a path belongs to. */
export function serviceOf(path: string): Service {
	if (path.startsWith("/admin/reports/")) return "reports";
	if (path.startsWith("/admin/")) return "admin";
	if (path.startsWith("/apps/licensing/")) return "licensing";
	return path.startsWith("/groups/v1/") ? "groupSettings" : "identity";
}
