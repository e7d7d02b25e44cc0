// What every page of the preview does: its live parts follow the files, and keys act.

const root = document.documentElement;
root.classList.add("scripted");

// Live parts ---------------------------------------------------------------------------------------------------------

const status = document.getElementById("live");
let refreshing = false;
let again = false;
const meanwhile = []; // what else is fetched when a page is refreshed
const after = []; // what is done with the fresh page

// "Live", "Waiting for the preview", or how many errors there are, which leads to them.
function say(lost) {
  const errors = Number(root.dataset.errors);
  status.classList.toggle("lost", lost);
  status.classList.toggle("bad", !lost && errors > 0);
  const text = lost ? "Waiting for the preview" : errors ? `${errors} error${errors > 1 ? "s" : ""}` : "Live";
  if (status.textContent === text) return;
  if (lost || !errors) {
    status.textContent = text;
    return;
  }
  const link = document.createElement("a");
  link.href = "#problems";
  link.textContent = text;
  status.replaceChildren(link);
}

// Have something else fetched whenever the page is refreshed.
export function whileRefreshing(fetchMore) {
  meanwhile.push(fetchMore);
}

// Have something done with each fresh page, once its parts are shown.
export function onceRefreshed(act) {
  after.push(act);
}

export async function freshDocument(address, parser = new DOMParser()) {
  const response = await fetch(address, { cache: "no-store" });
  const page = parser.parseFromString(await response.text(), "text/html");
  return { page, found: response.ok };
}

// Put the parts of a fresh page in the place of those shown; scroll position, focus and what was typed stay.
export async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    do {
      again = false;
      if (document.querySelector("[data-reload]")) {
        location.reload(); // a page that was not there, or had failed
        return;
      }
      const [{ page, found }] = await Promise.all([freshDocument(location.href), ...meanwhile.map((fetchMore) => fetchMore())]);
      if (!found) {
        location.reload();
        return;
      }
      replaceParts(page);
      root.dataset.build = page.documentElement.dataset.build;
      root.dataset.errors = page.documentElement.dataset.errors;
      say(false);
    } while (again);
  } finally {
    refreshing = false;
  }
}

// Each live part as the preview last sent it: what scripts and readers did to it since does not count as a change.
const sent = new Map([...document.querySelectorAll("[data-live]")].map((part) => [part.id, part.outerHTML]));

// What is folded stays as somebody left it, wherever it then stands: by what it is about.
const unfolded = new WeakMap(); // by fold, whether it was sent open

function remember(part) {
  for (const one of part.querySelectorAll("details")) unfolded.set(one, one.open);
}

function about(fold) {
  const outer = fold.parentElement.closest("details, [data-slug], [data-about]");
  const summary = fold.querySelector("summary");
  const own = fold.dataset.about ?? fold.dataset.slug ?? (fold.id || summary.id || summary.textContent.trim());
  return outer ? `${about(outer)} / ${own}` : own;
}

// Of several that are about the same, the first, the second ...
function folds(part) {
  const found = new Map();
  for (const one of part.querySelectorAll("details")) {
    let key = about(one);
    while (found.has(key)) key += " again";
    found.set(key, one);
  }
  return found;
}

document.querySelectorAll("[data-live]").forEach(remember);

function replaceParts(page) {
  document.title = page.title;
  const focused = document.activeElement;
  const address = focused instanceof HTMLAnchorElement ? focused.getAttribute("href") : null;
  const name = focused ? focused.id : "";
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh) {
      location.reload();
      return;
    }
    if (sent.get(part.id) === fresh.outerHTML) continue;
    sent.set(part.id, fresh.outerHTML);
    for (const name of fresh.getAttributeNames()) if (name.startsWith("data-")) part.setAttribute(name, fresh.getAttribute(name));
    const open = new Map([...folds(part)].filter(([, one]) => one.open !== unfolded.get(one)).map(([key, one]) => [key, one.open]));
    part.replaceChildren(...fresh.childNodes);
    remember(part);
    for (const [key, one] of folds(part)) one.open = open.get(key) ?? one.open;
  }
  if (address && !focused.isConnected) {
    const same = [...document.links].find((link) => link.getAttribute("href") === address);
    if (same) same.focus({ preventScroll: true });
  } else if (name && !focused.isConnected) {
    document.getElementById(name)?.focus({ preventScroll: true });
  }
  for (const act of after) act(page);
}

async function arrived({ build, lost }) {
  if (!lost && build && build !== root.dataset.build) {
    try {
      await refresh();
    } catch {
      lost = true;
    }
  }
  say(lost);
}

// One tab listens to the preview and tells the others, for a browser keeps few connections open to one place.
function follow() {
  const ended = new AbortController();
  addEventListener("pagehide", () => ended.abort(), { once: true });
  if (!navigator.locks || !window.BroadcastChannel) {
    listen(arrived, ended.signal);
    return;
  }
  const channel = new BroadcastChannel("builds");
  let last = null; // what the listening tab knows
  channel.onmessage = ({ data }) => {
    if (data !== "?") arrived(data);
    else if (last) channel.postMessage(last);
  };
  channel.postMessage("?");
  const tell = (news) => {
    last = news;
    channel.postMessage(news);
    arrived(news);
  };
  navigator.locks
    .request("builds", { signal: ended.signal }, () => {
      listen(tell, ended.signal);
      return new Promise((resolve) => ended.signal.addEventListener("abort", resolve));
    })
    .catch(() => {}); // this tab was closed while it waited for its turn
  ended.signal.addEventListener("abort", () => channel.close());
}

function listen(tell, signal) {
  if (signal.aborted) return;
  const events = new EventSource("/events");
  events.onmessage = (event) => tell({ build: event.data, lost: false });
  events.onerror = () => {
    tell({ build: "", lost: true });
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listen(tell, signal), 1000);
  };
  signal.addEventListener("abort", () => events.close());
}

addEventListener("pageshow", (event) => {
  if (event.persisted) follow(); // back from the browser's memory
});

// Keys ---------------------------------------------------------------------------------------------------------------

const actions = new Map(); // by key, what it does; false when it did nothing
const described = []; // what the list of keys says: [names, what they do]
const NAMES = { ArrowRight: "→", ArrowLeft: "←" };
const EVERYWHERE = [[["g"], "the list of letters"], [["?"], "these keys; Escape closes them"]];

// Have keys do something, unless a field has the focus; what it says of itself is in the list of keys.
export function bind(names, act, says = "") {
  for (const name of names) actions.set(name, act);
  if (says) described.push([names, says]);
}

export function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const within = (what) => event.target.closest && event.target.closest(what);
  if (within("input, select, textarea, pre, dialog")) return;
  const scroller = event.key.startsWith("Arrow") && within("[data-scroller]");
  if (scroller && scroller.scrollWidth > scroller.clientWidth) return;
  const act = actions.get(event.key);
  if (act && act(event) !== false) event.preventDefault();
}

function follows(find) {
  return () => {
    const link = find();
    if (!link) return false;
    link.click();
    return true;
  };
}

function turn(way) {
  return follows(() => document.querySelector(`a[rel="${way}"]`));
}

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...content);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

let keys = null; // the list of keys, once it was asked for

function showKeys() {
  if (!keys) {
    const rows = [...described, ...EVERYWHERE].map(([names, says]) => {
      const shown = names.flatMap((name) => [element("kbd", [NAMES[name] ?? name]), " "]);
      return element("tr", [element("th", shown, { scope: "row" }), element("td", [says])]);
    });
    const close = element("button", ["Close"], { type: "button", autofocus: "" });
    close.addEventListener("click", () => keys.close());
    keys = element(
      "dialog",
      [element("h2", ["Keys"], { id: "keys-heading" }), element("table", [element("tbody", rows)]), close],
      { class: "keys", "aria-labelledby": "keys-heading" },
    );
    keys.addEventListener("click", (event) => event.target === keys && keys.close()); // beside it
    document.body.append(keys);
  }
  keys.showModal();
}

function offerKeys() {
  const button = element("button", [element("kbd", ["?"]), " keys"], { type: "button", class: "keys-button", "aria-keyshortcuts": "?" });
  button.addEventListener("click", showKeys);
  status.before(button);
}

if (document.querySelector('a[rel="next"], a[rel="prev"]')) {
  bind(["j", "ArrowRight"], turn("next"), "next letter");
  bind(["k", "ArrowLeft"], turn("prev"), "previous letter");
}
bind(["g"], follows(() => document.querySelector(".brand a")));
bind(["?"], showKeys);
addEventListener("keydown", onKey);
offerKeys();
follow();
