// @ts-check
/**
 * A line for networks that let no websocket through: frames go out by post, and answers come back
 * on a post that the server holds. To whoever holds it, it looks like a socket.
 */
const HELD = 40000;
/** As many of the longest messages as fit into one post. */
const AT_ONCE = 8;

export class Poll {
  /** @param {string} address where the socket would be */
  constructor(address) {
    this.address = address.replace(/^ws/, "http").replace(/socket$/, "poll");
    this.readyState = 1;
    this.line = "";
    this.n = 0;
    this.flying = 0;
    /** @type {object[]} */
    this.waiting = [];
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    /** @type {((event: {data: unknown}) => void) | null} */
    this.onmessage = null;
    /** @type {((event: {code: number}) => void) | null} */
    this.onclose = null;
    /** @type {AbortController | null} */
    this.held = null;
  }

  send(/** @type {object} */ frame) {
    this.waiting.push(frame);
    this.post();
  }

  close() {
    this.post();
    this.onclose = null;
    this.lost(0);
  }

  /** One that waits and one that speaks: never more, so that nothing overtakes. */
  post() {
    const most = this.line && this.waiting.length ? 2 : 1;
    if (this.readyState !== 1 || this.flying >= most) return;
    this.flying += 1;
    this.n += 1;
    const frames = this.waiting.splice(0, AT_ONCE);
    const late = setTimeout(() => this.lost(0), HELD);
    const stop = new AbortController();
    if (!frames.length) this.held = stop;
    const answer = fetch(this.address, {
      method: "POST", credentials: "omit", cache: "no-store", signal: stop.signal,
      body: JSON.stringify({ line: this.line, n: this.n, frames }),
    }).then((told) => told.ok ? told.json() : Promise.reject());
    this.turn = Promise.all([answer, this.turn]).then(([told]) => {
      clearTimeout(late);
      this.flying -= 1;
      this.line = told.line;
      for (const frame of told.frames) if (this.onmessage && this.readyState === 1) this.onmessage({ data: frame });
      if (told.close) this.lost(told.close);
      else this.post();
    });
    this.turn.catch(() => {
      clearTimeout(late);
      this.lost(0);
    });
  }

  lost(/** @type {number} */ code) {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    if (this.held) this.held.abort();
    if (this.onclose) this.onclose({ code });
  }
}
