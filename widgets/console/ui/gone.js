// Four ways of being gone, told apart, each with the agreed next step. Nobody is rung or texted for it
// unless safe contact says yes: someone else may hold the device (S4, S5).

/** @type {Record<string, { head: string, next: string, icon: string }>} */
const GONE = {
  paused: {
    head: "Paused by the code phrase: someone may be there.",
    next: "Write nothing until they are back.",
    icon: "hide",
  },
  "left quickly": {
    head: "Left quickly, by the exit.",
    next: "Do not ring or text: someone may be beside them. If they come back, it is a new chat.",
    icon: "left",
  },
  "closed the page": {
    head: "Closed the page.",
    next: "Someone else may have closed it. Do not ring or text, unless safe contact says yes.",
    icon: "gone",
  },
  "lost signal": {
    head: "Lost signal.",
    next: "The place is kept for ten minutes. Write on: your words will be there. Do not ring, unless safe contact says yes.",
    icon: "gone",
  },
  ended: {
    head: "The chat has ended.",
    next: "Write down what was agreed. Ring or text only as safe contact says.",
    icon: "gone",
  },
};

/** How they went, or null while they are there. @param {string} visitor @param {boolean} [over] it has ended: nobody is waited for */
export function gone(visitor, over = false) {
  const how = GONE[visitor] ?? null;
  return how && over && visitor === "lost signal" ? { ...how, next: GONE.ended.next } : how;
}
