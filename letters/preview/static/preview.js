// The preview's script: live parts of the page, the letter in its frame, search and filters, keys.
"use strict";

const root = document.documentElement;
root.classList.add("scripted");

// Live parts ---------------------------------------------------------------------------------------------------------

const status = document.getElementById("live");
let refreshing = false;
let again = false;

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

async function freshDocument(address, parser = new DOMParser()) {
  const response = await fetch(address, { cache: "no-store" });
  const page = parser.parseFromString(await response.text(), "text/html");
  return { page, found: response.ok };
}

// Put the parts of a fresh page in the place of those shown; scroll position, focus and what was typed stay.
async function refresh() {
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
      const [{ page, found }] = await Promise.all([freshDocument(location.href), refreshLetter()]);
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
  replaceChoices(page);
  filter();
}

// What can be filtered by, and how many letters each choice has; what was chosen stays.
function replaceChoices(page) {
  for (const select of form ? form.querySelectorAll("select") : []) {
    const fresh = page.querySelector(`[data-filter] select[name="${select.name}"]`);
    if (!fresh) continue;
    const chosen = select.value;
    select.replaceChildren(...fresh.children);
    if (![...select.options].some((option) => option.value === chosen)) select.add(new Option(chosen, chosen));
    select.value = chosen;
  }
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

// The letter in its frame --------------------------------------------------------------------------------------------

const frame = document.querySelector("[data-frame]");

async function refreshLetter() {
  if (!frame) return;
  if (!frame.contentDocument || !frame.contentDocument.body) {
    frame.src = frame.getAttribute("src"); // something else is in it: begin anew
    return;
  }
  // The frame's own parser: under our policy the letter's styles are refused.
  const { page, found } = await freshDocument(frame.src, new frame.contentWindow.DOMParser());
  const shown = frame.contentDocument;
  if (!found || !shown || shown.documentElement.outerHTML === page.documentElement.outerHTML) return;
  shown.replaceChild(shown.adoptNode(page.documentElement), shown.documentElement);
  fit();
}

// As high as the letter is: the page scrolls, not the frame.
function fit() {
  const shown = frame.contentDocument;
  if (shown && shown.body) frame.style.height = `${Math.ceil(shown.documentElement.getBoundingClientRect().height) + 2}px`;
}

if (frame) {
  const ready = () => {
    fit();
    frame.contentWindow.addEventListener("keydown", onKey);
    new ResizeObserver(fit).observe(frame.parentElement);
  };
  frame.addEventListener("load", ready);
  if (frame.contentDocument && frame.contentDocument.readyState === "complete" && frame.contentDocument.body) ready();
}

// Search and filters -------------------------------------------------------------------------------------------------

const form = document.querySelector("[data-filter]");

function plain(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/-/g, " ");
}

// The same rules as on the server, which shows the same rows for the same address.
function filter() {
  if (!form) return;
  const values = new FormData(form);
  const words = plain(values.get("q")).split(/\s+/);
  const [mark, group] = [values.get("mark"), values.get("group")];
  let shown = 0;
  const items = document.querySelectorAll("[data-item]");
  for (const item of items) {
    const { text, marks, group: own } = item.dataset;
    item.hidden = !(
      words.every((word) => text.includes(word)) &&
      (!mark || marks.split(" ").includes(mark)) &&
      (!group || own === group)
    );
    if (!item.hidden) shown += 1;
  }
  const count = form.querySelector("[data-count]");
  count.textContent = shown === items.length ? `All ${shown}` : `${shown} of ${items.length}`;
  remember(values);
}

// The address says what is shown, and every link to a letter carries it on.
function remember(values) {
  const query = new URLSearchParams([...values].filter(([key, value]) => value && value !== "oddest"));
  const ending = query.size ? `?${query}` : "";
  if (location.search === ending) return; // as the page came
  history.replaceState(null, "", location.pathname + ending);
  for (const link of document.querySelectorAll("[data-letter], .top a")) {
    link.setAttribute("href", link.getAttribute("href").split("?")[0] + ending);
  }
}

if (form) {
  form.addEventListener("input", (event) => {
    filter();
    if (event.target.name === "order") refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pageshow", (event) => event.persisted && filter());
  filter();
}

// Keys ---------------------------------------------------------------------------------------------------------------

const keys = { j: "next", ArrowRight: "next", k: "prev", ArrowLeft: "prev" };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  const field = event.target.closest && event.target.closest("input, select, textarea, pre");
  if (event.key === "Escape" && field && field.type === "search") {
    field.value = "";
    filter();
    return;
  }
  if (field) return;
  if (event.key === "/" && form) {
    event.preventDefault();
    form.elements.q.focus();
    return;
  }
  const link = keys[event.key] && document.querySelector(`a[rel="${keys[event.key]}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
}

addEventListener("keydown", onKey);
follow();
