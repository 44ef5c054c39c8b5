// The browser phone of a rehearsal. There is no sound: the SDK cannot talk to the exchange. This
// browser is one of the phones on the rehearsal's table, and answers there.

const LATER = "The rehearsal's table is not on this address.";

/** @param {string} name @param {Record<string, string>} more */
function act(name, more) {
  fetch(`/rehearsal/acts/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ line: "", ...more }) }).catch(() => undefined);
}

/** @param {import("./softphone.js").Pass} pass @param {import("./softphone.js").Heard} heard @returns {Promise<import("./softphone.js").Made>} */
export function open(pass, heard) {
  const phone = `client:${pass.identity}`;
  const table = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/rehearsal/live`);
  let state = "";
  let closed = false;
  /** @param {string} now */
  const moved = (now) => {
    if (now === state) return;
    const before = state;
    state = now;
    if (now === "ringing") heard.rings();
    else if (now === "in call") heard.talks();
    else if (before) heard.over();
  };
  return new Promise((resolve, reject) => {
    table.addEventListener("message", (message) => {
      const first = !state;
      /** @type {{ number: string, state: string }[]} */
      const phones = JSON.parse(message.data).phones;
      const now = phones.find((each) => each.number === phone)?.state ?? "idle";
      if (first) {
        state = "idle";
        heard.ready();
        resolve({
          answer: () => act("answer", { phone }),
          decline: () => act("decline", { phone }),
          renew: () => undefined,
          output: () => undefined,
          input: () => undefined,
          close: () => {
            closed = true;
            table.close();
          },
        });
      }
      moved(now);
    });
    table.addEventListener("close", () => {
      if (!state) reject(new Error(LATER));
      else if (!closed) heard.lost("The rehearsal's table went away.");
    });
  });
}
