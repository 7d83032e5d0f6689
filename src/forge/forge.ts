import type { Approval } from "../apply/approval.js";

/** Where a repository's pull requests and issues are kept: GitHub or GitLab, as a pipeline knows it. */
export interface Forge {
	/** Writes the one comment that begins with `marker` on a pull request, or writes it anew over the one that is there. */
	comment(pullRequest: number, marker: string, body: string): Promise<Posted>;
	/** Keeps one open issue that begins with `marker`. */
	issue(issue: { marker: string; title: string; body: string }): Promise<Posted>;
	/** Closes the open issue that begins with `marker`, with a comment that says why; null: there is none. */
	closeIssue(marker: string, why: string): Promise<Posted | null>;
	/** Keeps one open pull request from `branch`, which is pushed already, into `base`. */
	pullRequest(request: { branch: string; base: string; title: string; body: string }): Promise<Posted>;
	/** Closes the open pull request from `branch`, with a comment that says why; null: there is none. */
	closePullRequest(branch: string, why: string): Promise<Posted | null>;
	/** Who approved the merged pull request that brought a commit into a branch. */
	approved(commit: string, branch: string): Promise<Approved>;
	/** Uploads a SARIF file to code scanning. Absent: this forge has none that takes SARIF. */
	codeScanning?(sarif: Buffer, commit: string, ref: string): Promise<Posted>;
}

export type Approved = Omit<Approval, "commit">;

/** Of a commit that no merged pull request brought into the branch. */
export const notMerged: Approved = { pullRequest: null, approvedBy: [], unknown: null };

export interface Posted {
	what: "created" | "updated" | "unchanged" | "closed";
	url: string;
}

/** The forge refused, or can't be reached: one sentence with the mend. */
export class ForgeError extends Error {
	override readonly name = "ForgeError";
}

/** Characters that a comment, an issue or a description takes (GitHub: "body is too long (maximum is 65536 characters)"; GitLab takes 1,000,000). */
export const maxBody = 65_536;

/** The hidden first line by which a text of ours is found again. */
export function markerOf(name: string, part: string): string {
	return `<!-- keelson:${part}=${name.replace(/[^\w.-]/g, "_")} -->`;
}

/** @throws ForgeError for a text that is too long */
export function marked(marker: string, body: string): string {
	const text = `${marker}\n${body.trimEnd()}\n`;
	if (text.length > maxBody) throw new ForgeError(`the text has ${text.length} characters, and at most ${maxBody} are taken: shorten it`);
	return text;
}
