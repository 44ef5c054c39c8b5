// The browser phone on a real account, by the carrier's Voice SDK. This file, and the SDK with it,
// is fetched only when the browser is chosen for calls.
import { Device } from "/vendor/voice.js";

/** No sound is fetched from elsewhere: we ring ourselves, and the rest is silence. */
const QUIET = Object.fromEntries(
  ["incoming", "outgoing", "disconnect", "dtmfh", "dtmfs", ...Array.from({ length: 10 }, (_, n) => `dtmf${n}`)].map((name) => [name, "/console/ui/quiet.wav"]),
);

/** @type {Record<number, string>} */
const WHY = {
  20101: "The carrier does not know this browser any more.",
  20104: "The pass of this browser ran out.",
  31005: "The carrier's line to this browser broke.",
  31009: "The carrier cannot be reached from this network.",
  31401: "The browser may not use the microphone.",
  31402: "No microphone was found.",
};

/** @param {import("./softphone.js").Pass} pass @param {import("./softphone.js").Heard} heard @param {{ output: string, input: string }} chosen @returns {Promise<import("./softphone.js").Made>} */
export async function open(pass, heard, chosen) {
  const device = new Device(pass.token, { sounds: QUIET, logLevel: "silent", closeProtection: false, codecPreferences: ["opus", "pcmu"] });
  /** @type {import("/vendor/voice.js").Call | null} */
  let call = null;
  const over = () => {
    call = null;
    heard.over();
  };
  device.on("registered", () => heard.ready());
  device.on("unregistered", () => heard.lost("The carrier's line to this browser closed."));
  device.on("tokenWillExpire", () => heard.expires());
  device.on("error", ({ code }) => {
    // What goes wrong in a call shows on the call; only a device that cannot be rung is lost.
    if (!call) heard.lost(WHY[code] ?? "The browser phone stopped.");
  });
  device.on("incoming", (rung) => {
    call = rung;
    rung.on("cancel", over);
    rung.on("disconnect", over);
    rung.on("reject", over);
    rung.on("error", ({ code }) => {
      if (code === 31401 || code === 31402) heard.lost(WHY[code]);
    });
    rung.on("accept", () => heard.talks());
    heard.rings();
  });
  device.audio?.incoming(false);
  const output = (/** @type {string} */ id) => {
    device.audio?.speakerDevices.set([id || "default"]).catch(() => undefined);
  };
  const input = (/** @type {string} */ id) => {
    if (id) device.audio?.setInputDevice(id).catch(() => undefined);
  };
  output(chosen.output);
  input(chosen.input);
  await device.register();
  return {
    answer: () => call?.accept(),
    decline: () => call?.reject(),
    renew: (next) => device.updateToken(next.token),
    output,
    input,
    close: () => device.destroy(),
  };
}
