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
    if (part.outerHTML === fresh.outerHTML) continue;
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? one.open));
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

// Have a key do something, unless a field has the focus.
export function bind(names, act) {
  for (const name of names) actions.set(name, act);
}

export function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest && event.target.closest("input, select, textarea, pre")) return;
  const act = actions.get(event.key);
  if (act && act(event) !== false) event.preventDefault();
}

function turn(way) {
  return () => {
    const link = document.querySelector(`a[rel="${way}"]`);
    if (!link) return false;
    link.click();
    return true;
  };
}

bind(["j", "ArrowRight"], turn("next"));
bind(["k", "ArrowLeft"], turn("prev"));
addEventListener("keydown", onKey);
follow();
