// @ts-check
/**
 * The loader saw a pixel or a replay script on the host page: the line is told its kind, and no
 * more. It is told from here, so that no policy of the host page is in the way.
 */
const site = location.pathname.split("/")[2];

window.addEventListener("message", (event) => {
  const said = event.data;
  if (event.source !== window.parent || !said || said.frontdoor !== "seen") return;
  fetch("/w/" + site + "/seen", {
    method: "POST", body: String(said.to).slice(0, 20), keepalive: true, mode: "no-cors", credentials: "omit",
    referrerPolicy: "no-referrer", cache: "no-store",
  }).catch(() => undefined);
});

/** The door is only a link to a page of its own: it says that it is there. */
if (document.body.dataset.face === "door") window.parent.postMessage({ frontdoor: "resize", to: "pill" }, "*");
