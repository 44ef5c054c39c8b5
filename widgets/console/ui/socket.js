// The one line to the desk: ticket, hello, beat, and trying again. It knows nothing of the frames' meaning.

const BEAT = 15_000;
const LONGEST = 15_000;
/** The server beats every 15 s: after so long without a word the line is dead, though nobody said so. */
const SILENCE = 40_000;

/**
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./frames.js").Line} Line
 * @typedef {{ send: (frame: object) => boolean, tryNow: () => void, close: () => void }} Wire
 */

/**
 * Keeps one socket open for as long as the page lives. `moved` hears each change of the line.
 * @param {{ ticket: string, live: string, heard: (frame: Frame) => void, moved: (line: Line) => void }} options
 * @returns {Wire}
 */
export function openLine({ ticket, live, heard, moved }) {
  /** @type {WebSocket | null} */ let socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting;
  let tries = 0;
  let ready = false;
  let closed = false;
  let dropped = 0;
  let lastBeat = 0;
  let lastHeard = 0;
  let attempt = 0;

  /** @param {object} frame */
  function send(frame) {
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function beat() {
    if (ready && send({ t: "beat" })) lastBeat = Date.now();
  }

  // A tab out of sight has slow timers, but still hears the server: it answers then.
  function beatIfDue() {
    if (Date.now() - lastBeat >= BEAT - 1000) beat();
  }

  // A line through a net that swallows everything stays open for ever: nobody hears of its end.
  function letGoIfDead() {
    if (!ready || !socket || Date.now() - lastHeard < SILENCE) return;
    socket.onclose = null;
    socket.close();
    again();
  }

  function again() {
    if (closed) return;
    ready = false;
    socket = null;
    if (!dropped) dropped = Date.now();
    const wait = tries === 0 ? 0 : Math.min(LONGEST, 500 * 2 ** tries) * (0.6 + Math.random() * 0.4);
    tries += 1;
    moved({ state: "gone", since: dropped, again: Date.now() + wait });
    clearTimeout(waiting);
    waiting = setTimeout(connect, wait);
  }

  async function connect() {
    attempt += 1;
    const mine = attempt;
    /** @type {string} */ let key;
    try {
      const answer = await fetch(ticket, { method: "POST", credentials: "same-origin" });
      if (mine !== attempt || closed) return;
      if (answer.status === 401 || answer.status === 403) {
        dropped = dropped || Date.now();
        moved({ state: "signed out", since: dropped, again: 0 });
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      key = (await answer.json()).ticket;
    } catch {
      if (mine === attempt) again();
      return;
    }
    if (mine !== attempt || closed) return;
    const opening = new WebSocket(new URL(live, location.href.replace(/^http/u, "ws")));
    socket = opening;
    opening.onopen = () => send({ t: "hello", v: 1, ticket: key });
    opening.onmessage = (event) => {
      if (socket !== opening) return;
      lastHeard = Date.now();
      /** @type {Frame} */ let frame;
      try {
        frame = JSON.parse(event.data);
      } catch {
        return;
      }
      if (frame.t === "move") {
        setTimeout(() => {
          if (socket === opening) opening.close();
        }, frame.after * 1000);
        return;
      }
      if (!ready && frame.t !== "error") {
        ready = true;
        tries = 0;
        dropped = 0;
        moved({ state: "live", since: Date.now(), again: 0 });
        beat();
      }
      heard(frame);
      beatIfDue();
    };
    opening.onclose = () => {
      if (socket === opening) again();
    };
  }

  function tryNow() {
    if (ready || closed) return;
    clearTimeout(waiting);
    if (socket) {
      socket.onclose = null;
      socket.close();
    }
    socket = null;
    connect();
  }

  const pulse = setInterval(() => {
    beatIfDue();
    letGoIfDead();
  }, 1000);
  addEventListener("online", tryNow);
  moved({ state: "connecting", since: Date.now(), again: 0 });
  connect();
  return {
    send,
    tryNow,
    close() {
      closed = true;
      clearInterval(pulse);
      clearTimeout(waiting);
      removeEventListener("online", tryNow);
      socket?.close();
    },
  };
}
