// The visitor's own line, without a browser: samples of the protocol go in, what it makes of them
// comes out. Reads {"line": path, "welcome": frame, "told": [frames]} on stdin, writes JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const given = JSON.parse(readFileSync(0, "utf8"));
/** Timers run when we say so. */
const timers = new Map();
let timer = 0;
globalThis.setTimeout = (act, after) => {
  timers.set(++timer, { act, after });
  return timer;
};
globalThis.clearTimeout = (number) => timers.delete(number);

/** A network in our hand. */
class Wire {
  constructor(address) {
    this.address = address;
    this.readyState = 1;
    this.sent = [];
    Wire.all.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
}
Wire.all = [];
globalThis.WebSocket = Wire;
const posted = [];
globalThis.fetch = (address, how) => {
  posted.push({ address, body: JSON.parse(how.body) });
  return new Promise(() => {});
};

const { Line } = await import(pathToFileURL(given.line));
const heard = [];
const names = ["link", "welcome", "message", "sent", "failed", "typing", "state", "slow", "turned",
  "refused", "promised", "unpromised"];
const listener = Object.fromEntries(names.map((name) => [name, (...told) => heard.push([name, ...told])]));

function opened() {
  const line = new Line("wss://chat.example/chat/v1/socket", "frame-token", listener);
  line.start({ crime: "", area: "", age: "" }, "en");
  const wire = Wire.all[Wire.all.length - 1];
  wire.onopen();
  const tell = (frame) => wire.onmessage({ data: JSON.stringify(frame) });
  tell(given.welcome);
  return { line, wire, tell };
}

// What it makes of each frame it may be told: nothing may throw.
const made = given.told.map((frame) => {
  const { line, tell } = opened();
  if (frame.client_id) line.pending.set(frame.client_id, { id: frame.client_id, text: "", failed: false, timer: 0 });
  if (frame.t === "promised") line.wishes.set(frame.id, {});
  if (frame.seq) line.cursor.seq = frame.seq - 1;
  heard.length = 0;
  tell(frame);
  return heard.slice();
});

// Everything it can say, once.
const { line, wire, tell } = opened();
line.say("hello? is anyone there?");
line.typing(true);
line.here(true);
line.speak("cy");
line.callBack({ number: "07700 900123", when: "evening", voicemail: false, say: "Maya", who: "me" });
const place = { conversation: given.welcome.conversation, epoch: given.welcome.epoch };
const start = line.cursor.seq;
tell({ t: "message", ...place, seq: start + 1, from: "advisor", text: "one", at: "" });
tell({ t: "message", ...place, seq: start + 3, from: "advisor", text: "three", at: "" });
for (const { act, after } of Array.from(timers.values())) if (after < 1000) act();
line.leave("exit");

// The first socket never answers: what is tried next?
const blocked = new Line("wss://chat.example/chat/v1/socket", "frame-token", listener);
blocked.start({ crime: "", area: "", age: "" }, "en");
Wire.all[Wire.all.length - 1].onclose({ code: 1006 });

process.stdout.write(JSON.stringify({ made, said: wire.sent, posted }));
