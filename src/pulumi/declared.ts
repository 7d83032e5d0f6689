import { type Drift, differs, driftDigest } from "../drift/drift.js";
import type { Mending } from "../drift/mend.js";
import { encodeKnown } from "../model/json.js";
import type { OwnershipMode } from "../stack/stack.js";
import { failuresOf, LifecycleError, PartialError } from "./errors.js";
import type { Lifecycle, Props } from "./lifecycle.js";
import type { Session } from "./session.js";

/** What settings and memberships do each in its own way. `D` is the declaration, `L` the live object. */
export interface Face<D, L> {
	/** The input that holds what is declared. */
	declares: "values" | "members";
	desired(props: Props): D & { system: string; mode: OwnershipMode; name: string | null; adopt: string | null };
	live(session: Session, desired: D): Promise<L & { exists: boolean; name: string | null }>;
	drift(key: string, desired: D, live: L, now: number): Drift;
	mend(drift: Drift, desired: D, live: L): Mending;
	/** The declared part as it is live; equal to the declared one where nothing differs. */
	asLive(session: Session, desired: D, drift: Drift, live: L): Promise<Props>;
	/** One line a difference. */
	lines(session: Session, desired: D, drift: Drift): Promise<string[]>;
}

const power: Record<OwnershipMode, number> = { observe: 0, additive: 1, authoritative: 2 };

/** The life of an object that exists already: compared, mended where its mode allows, never created and never deleted. */
export function declaredLifecycle<D, L>(face: Face<D, L>): Lifecycle {
	const look = async (session: Session, props: Props) => {
		const desired = face.desired(props);
		const key = String(props.key);
		const live = await face.live(session, desired);
		return { key, desired, live, drift: face.drift(key, desired, live, session.now()) };
	};
	type Look = Awaited<ReturnType<typeof look>>;

	const held = async (session: Session, props: Props, { desired, live, drift }: Look) => {
		const shown = !live.exists || desired.mode === "observe" ? props[face.declares] : await face.asLive(session, desired, drift, live);
		const inputs = { ...inputsOf(props), [face.declares]: shown };
		return { inputs, props: { ...inputs, exists: live.exists, liveName: live.name } };
	};

	/** Why the difference may not be taken over without being adopted; null = it may. */
	const unadopted = async (session: Session, { key, desired, drift }: Look): Promise<string | null> => {
		if (desired.mode === "observe" || !differs(drift) || desired.adopt === driftDigest(drift)) return null;
		const lines = await face.lines(session, desired, drift);
		const mend = drift.exists ? `; to take it over as declared write \`adopt: ${driftDigest(drift)}\` (keelson import ${key} does it)` : "";
		return `${key} differs from the stack file and is not managed in this mode yet: ${lines.join("; ")}${mend}`;
	};

	const bring = async (session: Session, id: string, props: Props, seen: Look): Promise<Props> => {
		const { changes, notHere } = face.mend(seen.drift, seen.desired, seen.live);
		const names = await session.logins(
			seen.desired.system,
			notHere.map((part) => part.id),
		);
		const stuck = notHere.map((part) => `${names.get(part.id) ?? part.id}: ${part.why}`);
		if (!seen.live.exists || seen.drift.misnamed !== null) throw new LifecycleError(`${seen.key}: ${stuck.join("; ")}`);
		const failures = changes.length === 0 ? [] : failuresOf(await session.mend(changes));
		const now = await held(session, props, await look(session, props));
		const reasons = [...failures, ...stuck];
		if (reasons.length > 0) throw new PartialError(`${seen.key} is not as declared`, id, now.props, reasons);
		return now.props;
	};

	return {
		async check(session, olds, news) {
			const mode = face.desired(news).mode;
			const managed = isMode(olds.mode) && power[olds.mode] >= power[mode];
			if (managed || mode === "observe") return { inputs: news, failures: [] };
			try {
				const why = await unadopted(session, await look(session, news));
				return { inputs: news, failures: why === null ? [] : [{ property: "adopt", reason: why }] };
			} catch (error) {
				return { inputs: news, failures: [{ property: "key", reason: error instanceof Error ? error.message : String(error) }] };
			}
		},
		diff(olds, news) {
			if (olds.exists === false || olds.mode !== news.mode || olds.stack !== news.stack) return true;
			if (typeof news.name === "string" && typeof olds.liveName === "string" && news.name !== olds.liveName) return true;
			return face.declares === "members"
				? encodeKnown(idsOf(olds.members)) !== encodeKnown(idsOf(news.members))
				: encodeKnown(olds.values ?? null) !== encodeKnown(news.values ?? null);
		},
		async create(session, inputs) {
			const id = String(inputs.key);
			const seen = await look(session, inputs);
			const why = await unadopted(session, seen);
			if (why !== null) throw new LifecycleError(why);
			const { mode } = seen.desired;
			if (mode === "observe" || !differs(seen.drift)) return { id, props: (await held(session, inputs, seen)).props };
			return { id, props: await bring(session, id, inputs, seen) };
		},
		async read(session, id, props) {
			// Without its system the stack file can say nothing of it: it is about to be forgotten.
			if (!Object.hasOwn(session.stack.systems, face.desired(props).system)) return { id, props, inputs: inputsOf(props) };
			return { id, ...(await held(session, props, await look(session, props))) };
		},
		async update(session, id, _olds, news) {
			const seen = await look(session, news);
			if (seen.desired.mode === "observe" || !differs(seen.drift)) return (await held(session, news, seen)).props;
			return bring(session, id, news, seen);
		},
		forget: (id) => `${id} is not managed any more and stays as it is: nothing was written`,
	};
}

/** State without what only state holds. */
function inputsOf({ exists: _exists, liveName: _liveName, ...inputs }: Props): Props {
	return inputs;
}

function isMode(value: unknown): value is OwnershipMode {
	return value === "authoritative" || value === "additive" || value === "observe";
}

/** Who is declared and until when; a login is for people. */
function idsOf(members: unknown): [string, unknown][] {
	const all = Object.entries(typeof members === "object" && members !== null ? members : {}).sort(([one], [other]) => (one < other ? -1 : 1));
	return all.map(([id, member]) => [id, typeof member === "object" && member !== null ? Reflect.get(member, "until") : null]);
}
