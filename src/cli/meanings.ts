import type { Refusal } from "../apply/guardrails.js";
import type { CoverageCause } from "../model/snapshot.js";
import type { HttpErrorCause } from "../provider/http-error.js";
import type { exitCodes } from "./exit.js";

/** A word of the output: what it says, and what a person does about it. `docs/errors.md` is made from these. */
export interface Meaning {
	means: string;
	mend: string;
}

export const exitMeanings: Record<keyof typeof exitCodes, Meaning> = {
	fine: { means: "Done; nothing stands against it.", mend: "Nothing to do." },
	findings: {
		means: "A failing finding is at least as severe as `--fail-on`; or a policy's test failed; or a plan was applied in part.",
		mend: "Read the findings with `keelson explain`. After a partial apply run the same command again: what holds is not repeated.",
	},
	badInput: {
		means: "A file, an option, a credential or an address is wrong, or a system does not answer. The message says where.",
		mend: "Mend what the message names. `KEELSON_DEBUG=1` prints where in the code it came from.",
	},
	coverage: {
		means: "A collection was read worse than the stack file expects, or a declared object could not be read.",
		mend: "Run `keelson doctor`. If less is all right, say so under `systems.<name>.expect`.",
	},
	refused: { means: "A guardrail stood against the run. Nothing was written.", mend: "Read each line: it names the guardrail. See the table of guardrails." },
	drift: {
		means: "A declared setting or membership differs from the live one.",
		mend: "Change the stack file if the live state is right; else let `keelson up` mend it, or mend it by hand.",
	},
};

export const coverageMeanings: Record<CoverageCause, Meaning> = {
	scope: { means: "The credential lacks a scope.", mend: "Grant the scope that the line names to the app under `auth`." },
	role: { means: "The credential's administrator role does not let it see this.", mend: "Give the app the role that the provider's page asks for." },
	licence: {
		means: "The vendor does not offer this in your edition.",
		mend: "Nothing to mend; lower `expect` for this collection, so that it is no surprise.",
	},
	throttled: { means: "The vendor's rate limit was used up, also by others.", mend: "Scan at another time; look for another tool that uses the same limit." },
	"cut-off": { means: "The list ended before the vendor said that it ended.", mend: "Scan again. If it stays, give the request id to the vendor." },
	budget: {
		means: "The scan was allowed fewer requests for single accounts than there are accounts.",
		mend: "Scan again, which goes on with the rest; or raise `budget.perAccountRequests`.",
	},
	floor: {
		means: "Far fewer rows came than the last scan had, or fewer than there must be. It is not believed.",
		mend: "Check the credential's role. If the list really shrank, scan once with `--accept-shrink`.",
	},
	quarantine: {
		means: "Some records could not be understood and were set aside.",
		mend: "Report the first of them, as the line names it, and the record's kind: the reader has to learn it.",
	},
	depends: { means: "A collection that this one rests on was not read to the end.", mend: "Mend that one first; it is in the same list." },
	unsupported: { means: "The provider can't read this collection.", mend: "Nothing to mend; policies that need it stay unknown." },
	interrupted: { means: "The scan was stopped before the end.", mend: "Scan again." },
	error: { means: "The vendor answered something that can't be used.", mend: "Scan again. If it stays, give the request id to the vendor." },
};

export const guardrailMeanings: Record<Refusal["guardrail"], Meaning> = {
	tenant: {
		means: "The plan was made for another stack file, or names a system that this one does not have.",
		mend: "Use the stack file that the plan was made with.",
	},
	lease: { means: "Another run is writing to this tenant.", mend: "Wait for it. After a crash the lock ends by itself within two minutes." },
	freeze: { means: "Now lies in a time of `freeze`.", mend: "Wait, or shorten the freeze in a reviewed change of the stack file." },
	"plan-age": { means: "The plan is older than `maxPlanAge`, or comes from the future.", mend: "Run `keelson plan` again; check the clock." },
	"snapshot-age": { means: "The state that was read is older than `maxSnapshotAge` by now.", mend: "Run the same command again: it reads first and goes on." },
	operator: { means: "The plan holds changes that only a person may ask for.", mend: "Let a person run `keelson apply --operator`." },
	credential: { means: "The stack file has no `act` for this system.", mend: "Declare `systems.<name>.act` where plans are applied, and only there." },
	"other-store": {
		means: "The plan rests on a scan that is not in this store, so budgets and journal can't be trusted.",
		mend: "Apply with the store that the plan was made with, or plan anew.",
	},
	journal: { means: "The journal's chain of hashes is broken: an entry was changed.", mend: "Find out who changed the store. Restore it from a backup." },
	interrupted: {
		means: "An earlier plan was cut off in the middle of a change to the same target, and it can't be found out whether it was made.",
		mend: "Run `keelson apply` with that plan again, or once the vendor answers; else look by hand.",
	},
	approvals: {
		means: "Fewer people than `approvals` asks for are known to have approved the pull request that brought the plan file, as it was merged.",
		mend: "Merge the plan file through an approved pull request, and apply it in the pipeline, which can ask who approved. The line says what is missing.",
	},
	people: {
		means: "An emergency, protected or exempt entry has no pinned id, or its id and login disagree, or it can't be found.",
		mend: "Run `keelson pin`, or correct the entry at the line named.",
	},
	coverage: {
		means: "Accounts, role assignments or settings were not read whole. Who is an administrator must be known first.",
		mend: "Run `keelson doctor` and mend what it names.",
	},
	protected: {
		means: "The change is about an emergency account, a protected account or Keelson itself.",
		mend: "Change such accounts by hand, in the vendor's console.",
	},
	"own-client": {
		means: "The change is about the account, credential or app that Keelson signs in with.",
		mend: "Change it by hand, in the vendor's console.",
	},
	budget: {
		means:
			"More accounts would be touched, or settings changed, in the window than `maxAccounts`, `maxPercent` or `maxSettings` allows, plans before this one included; or who is in a group can't be said.",
		mend: "Make a smaller plan (`--policy`, `--finding`), wait, or raise the limit in review.",
	},
	"lock-out": {
		means: "Fewer administrators than `keepAdmins` would provably still get in.",
		mend: "Give one of those counted out what it lacks. The line says what it is for each.",
	},
};

export const httpMeanings: Record<HttpErrorCause, Meaning> = {
	scope: coverageMeanings.scope,
	role: coverageMeanings.role,
	licence: coverageMeanings.licence,
	throttled: coverageMeanings.throttled,
	"cut-off": {
		means: "No answer, or not all of it, after every retry that is safe. A write may have been done all the same, and is read back.",
		mend: "Check the network and the address; run it again.",
	},
	error: {
		means: "The vendor refused the request for another reason, which the line quotes.",
		mend: "Read the quoted code at the vendor, with the request id.",
	},
};
