// The list of promises is fetched again when something moved; a number goes when its permit ends.
// Both pages work without.

document.getElementById("problem")?.focus();

/**
 * The page as a document, parsed by the browser: no words of it ever pass as markup here.
 * @returns {Promise<Document | null>}
 */
function fetched() {
  return new Promise((done) => {
    const ask = new XMLHttpRequest();
    ask.open("GET", "/console/promises/now");
    ask.responseType = "document";
    ask.onload = () => done(ask.status === 200 ? ask.responseXML : null);
    ask.onerror = () => done(null);
    ask.send();
  });
}

/** Puts the new list in place of the old one; whoever stands on a button stays on it. */
async function refresh() {
  const here = document.getElementById("live");
  const there = (await fetched())?.getElementById("live");
  if (!here || !there || here.isEqualNode(there)) return;
  const at = document.activeElement?.id;
  const inside = here.contains(document.activeElement);
  here.replaceWith(document.adoptNode(there));
  if (inside && at) document.getElementById(at)?.focus();
  if (here.dataset.late !== there.dataset.late || here.dataset.all !== there.dataset.all) {
    const news = document.getElementById("news");
    if (news) news.textContent = `${there.dataset.all} call-backs, ${there.dataset.late} late.`;
  }
}

const list = document.getElementById("live");
if (list?.dataset.news) {
  const news = new EventSource(list.dataset.news);
  news.addEventListener("moved", refresh);
  // A lost hint, or a time that passes, costs at most this long.
  setInterval(() => { if (!document.hidden) refresh(); }, 30_000);
}

const permit = document.getElementById("permit");
if (permit?.dataset.seconds) {
  // Counted from the load: this machine's clock may be wrong, but it runs on while a laptop sleeps.
  const until = Date.now() + Number(permit.dataset.seconds) * 1000;
  const look = setInterval(() => {
    if (Date.now() < until) return;
    clearInterval(look);
    permit.remove();
    const over = document.getElementById("over");
    if (over) over.hidden = false;
    document.getElementById("over-h")?.focus();
  }, 1000);
}
