/** How every message begins that says that a policy stands against a change: `keelson preview` ends with 1 for it. */
export const desiredMark = "this change fails";
