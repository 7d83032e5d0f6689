/**
 * What `keelson init --provider <name>` writes for a system of this provider: `providers/<name>/example.ts` exports it as `example`.
 * It loads nothing of the provider.
 */
export interface ProviderExample {
	/** The system's name in the stack file. */
	system: string;
	/** Its entry, YAML with comments, secrets as `${env:NAME}`. */
	entry: string;
	/** Variables that hold the reading credential in a pipeline. */
	read: string[];
	/** Variables that hold the writing one. */
	act: string[];
	/** Its credential is the pipeline's own OIDC identity, or is got by it. */
	oidc?: boolean;
	/** Steps of a GitHub workflow that get the credential, before Keelson runs. */
	githubSteps?: { read: string; act: string };
}
