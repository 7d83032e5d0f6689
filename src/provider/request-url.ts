import type { HttpRequest } from "./http.js";

/** Loopback hosts may be spoken to without TLS (emulators); nothing else may. */
export function isLoopback(url: URL): boolean {
	return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}

/** The address of a system. Throws an `Error` that says what is wrong with it. */
export function parseBaseUrl(text: string, where = "url"): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null) throw new Error(`${where} is not an address; write it like https://acme.okta.com`);
	if (url.username !== "" || url.password !== "") throw new Error(`${where} must not hold a user name or password`);
	if (url.search !== "" || url.hash !== "") throw new Error(`${where} must end with its path, without ? and #`);
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
		throw new Error(`${where} must begin with https://: without TLS the credential could be read on the way`);
	}
	return url;
}

/** The absolute URL of a request that does not bring its own. Throws an `Error` for a parameter that is missing or would change the path. */
export function templateUrl(base: URL, request: HttpRequest): URL {
	const path = request.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
		const value = request.params?.[name];
		if (value === undefined || value === "") throw new Error(`${request.method} ${request.path}: parameter ${name} is missing`);
		// A dot segment would be resolved away and name another object.
		if (value === "." || value === "..") throw new Error(`${request.method} ${request.path}: parameter ${name} is not an id`);
		return encodeURIComponent(value);
	});
	const url = new URL(base.href.replace(/\/+$/, "") + path);
	for (const [name, value] of Object.entries(request.query ?? {})) {
		if (value !== undefined) url.searchParams.set(name, String(value));
	}
	return url;
}
