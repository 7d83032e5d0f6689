// Loaded before a command (`node --import`) so that its own clock is as far ahead as the emulated vendors' clocks.
const ahead = Number(process.env.MOVED_CLOCK_MS);
const Real = Date;

class Moved extends Real {
	constructor(...given) {
		if (given.length === 0) super(Moved.now());
		else super(...given);
	}
	static now() {
		return Real.now() + ahead;
	}
}

globalThis.Date = Moved;
