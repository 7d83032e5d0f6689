import { idOf, prefixes } from "./gen-ids.js";

export const acmeDomain = "acme.example";

/** Login of a person of the story: a bare name stands for an account at Acme's own domain. */
export function acmeLogin(name: string): string {
	return name.includes("@") ? name : `${name}@${acmeDomain}`;
}

/** Id of an Acme user. Ids follow from names alone, so they are the same at every start and can be pinned in a stack file. */
export function acmeUserId(name: string): string {
	return idOf(prefixes.user, `acme/${acmeLogin(name)}`);
}

/** Id of any other object of Acme's, by its kind and a name that is unique within the kind. */
export function acmeId(kind: Exclude<keyof typeof prefixes, "user">, name: string): string {
	return idOf(prefixes[kind], `acme/${kind}/${name}`);
}
