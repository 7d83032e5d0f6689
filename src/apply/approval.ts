/** Who agreed to what is applied, as git and the forge say. A list that could not be read is null, never empty. */
export interface Approval {
	/** The commit that last changed the file, where the checkout holds the file as it is in git; null: not known. */
	commit: string | null;
	/** The merged pull request that brought the commit; null: there is none, or it is not known. */
	pullRequest: { number: number; url: string; author: string | null; mergeCommit: string | null } | null;
	/** Who approved the pull request as it was merged, its author left out; null: not known. */
	approvedBy: string[] | null;
	/** Why something of this is not known; null: all of it is. */
	unknown: string | null;
}

export const nothingKnown = (why: string): Approval => ({ commit: null, pullRequest: null, approvedBy: null, unknown: why });
