// Your phone: by what calls come, whether the microphone hears you, and where it rings.
import { html, useEffect, useSignal } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { chooseLeg } from "./phone-acts.js";
import { chooseInput, chooseOutput, inputId, outputId, softphone, start } from "./softphone.js";
import { test } from "./sound.js";
import * as store from "./store.js";

const LISTENS = 6000;

/** @param {{ close: () => void }} props */
export function OwnPhone({ close }) {
  const { you } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const { phone } = you;
  const busy = !store.live.value || store.asking.value.has("leg");
  const { state, words } = softphone.value;
  const ways = [
    { key: "phone", first: "My own phone", words: phone.number ? `${phone.number}. Press 1 when it asks.` : "None is known. Your lead can add one.", may: Boolean(phone.number) },
    { key: "browser", first: "This browser", words: browserWords(phone), may: phone.browsers },
  ];
  return html`<h2 id="sheet-h">Your phone</h2>
    <fieldset class="ways"><legend class="label">Calls come to</legend><div>${ways.map((way) => html`<label key=${way.key} class=${phone.leg === way.key ? "on" : ""}><input type="radio" name="leg" value=${way.key} disabled=${busy || !way.may} checked=${phone.leg === way.key} onChange=${() => chooseLeg(/** @type {"phone" | "browser"} */ (way.key))} /><span><b>${way.first}</b><span class="soft">${way.words}</span></span></label>`)}</div></fieldset>
    ${phone.leg === "browser" && html`<p class=${state === "ready" || state === "talking" ? "phone-state ok" : "phone-state"} role="status"><${Icon} name=${state === "ready" || state === "talking" ? "tick" : state === "lost" ? "warn" : "clock"} /><span>${stateWords(state, words, you.on_duty)}</span>${state === "lost" && html`<button type="button" class="btn small" onClick=${() => start()}>Try now</button>`}</p>`}
    <${Sounds} />
    <div class="acts"><button type="button" class="btn go" autofocus onClick=${close}>Close</button></div>`;
}

/** @param {import("./frames.js").OwnPhone} phone */
function browserWords(phone) {
  if (!phone.browsers) return "This service has not set it up. It needs an API key of the carrier.";
  if (phone.rehearsed) return "In this rehearsal it rings and is answered, without sound.";
  return "With a headset. Keep this page open.";
}

/** @param {string} state @param {string} words @param {boolean} on */
function stateWords(state, words, on) {
  if (!on) return "It starts once you are on duty.";
  if (state === "ready") return "Ready. Calls ring here.";
  if (state === "talking" || state === "ringing") return "In use now.";
  if (state === "lost") return `${words} It is tried again by itself.`;
  return "Starting.";
}

/** The microphone and the output. Names of devices are known once the microphone was allowed. */
function Sounds() {
  const inputs = useSignal(/** @type {MediaDeviceInfo[]} */ ([]));
  const outputs = useSignal(/** @type {MediaDeviceInfo[]} */ ([]));
  const level = useSignal(0);
  const heard = useSignal(/** @type {"" | "listening" | "heard" | "nothing" | "refused"} */ (""));
  const look = async () => {
    const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    inputs.value = all.filter((one) => one.kind === "audioinput" && one.deviceId);
    outputs.value = all.filter((one) => one.kind === "audiooutput" && one.deviceId);
  };
  useEffect(() => {
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }, []);
  const listen = async () => {
    heard.value = "listening";
    try {
      const id = inputId.value;
      const stream = await navigator.mediaDevices.getUserMedia({ audio: id ? { deviceId: id } : true });
      await look();
      const most = await loudest(stream, (now) => { level.value = now; });
      heard.value = most > 0.02 ? "heard" : "nothing";
    } catch {
      heard.value = "refused";
    }
    level.value = 0;
  };
  const said = { "": "Speak for a moment, and see the bar move.", listening: "Speak now.", heard: "We hear you.", nothing: "Nothing heard. Choose another microphone, or look at its switch.", refused: "The browser does not let us listen. Allow the microphone for this page." }[heard.value];
  /** @param {string} label @param {string} id @param {MediaDeviceInfo[]} all @param {string} now @param {(id: string) => void} choose */
  const list = (label, id, all, now, choose) => html`<div class="field"><label for=${id}>${label}</label><select class="input" id=${id} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}><option value="" selected=${!now}>The usual one of this computer</option>${all.filter((one) => one.deviceId !== "default").map((one, at) => html`<option key=${one.deviceId} value=${one.deviceId} selected=${one.deviceId === now}>${one.label || `${label}, ${at + 1}`}</option>`)}</select></div>`;
  return html`<div class="lead-part"><h3>Microphone and ring</h3>
    ${list("Microphone", "phone-input", inputs.value, inputId.value, chooseInput)}
    <div class="mic"><button type="button" class="btn small" disabled=${heard.value === "listening"} onClick=${listen}><${Icon} name="mic" />Check it</button><meter min="0" max="1" low="0.02" value=${Math.min(1, level.value * 4)} aria-label="How loud you are"></meter><span class=${heard.value === "nothing" || heard.value === "refused" ? "small bad" : "small soft"} role="status">${said}</span></div>
    ${list("Rings on", "phone-output", outputs.value, outputId.value, chooseOutput)}
    <div class="mic"><button type="button" class="btn small" onClick=${test}><${Icon} name="bell" />Ring once</button><span class="small soft">Offers and calls ring there.</span></div></div>`;
}

/** Listens for a moment; nothing is kept or sent. @param {MediaStream} stream @param {(now: number) => void} show @returns {Promise<number>} the loudest, 0 to 1 */
async function loudest(stream, show) {
  const audio = new AudioContext();
  const meter = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(meter);
  const wave = new Float32Array(meter.fftSize);
  const until = performance.now() + LISTENS;
  let most = 0;
  while (performance.now() < until) {
    meter.getFloatTimeDomainData(wave);
    const now = Math.sqrt(wave.reduce((sum, each) => sum + each * each, 0) / wave.length);
    most = Math.max(most, now);
    show(now);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const track of stream.getTracks()) track.stop();
  await audio.close();
  return most;
}
