// Search, filters and order of a list of letters; rows to click; what was looked at.
import { bind, onceRefreshed, refresh } from "./preview.js";
import { count, isLookedAt, onceMarked } from "./looked-at.js";

const form = document.querySelector("[data-filter]");
const COUNT = form.querySelector("[data-count]");
const SOON = 300; // milliseconds that whoever searches at once has the page to themselves
const FIRST = { order: "oddest" }; // what an address need not say

function plain(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/-/g, " ");
}

const items = () => [...document.querySelectorAll("[data-item]")];
const shownLinks = () => items().filter((item) => !item.hidden).map((item) => item.querySelector("[data-letter]"));

// The same rules as on the server, which shows the same rows for the same address, but for what was looked at.
function filter() {
  const values = new FormData(form);
  const words = plain(values.get("q")).split(/\s+/);
  const [mark, group, stage] = ["mark", "group", "stage"].map((name) => values.get(name));
  const all = items();
  for (const item of all) {
    const { slug, version, text, marks, group: own, stage: stages } = item.dataset;
    const seen = isLookedAt(slug, version);
    item.classList.toggle("looked-at", seen);
    item.hidden = !(
      words.every((word) => text.includes(word)) &&
      (!mark || marks.split(" ").includes(mark)) &&
      (!group || own === group) &&
      (!stage || stages.split(" ").includes(stage)) &&
      !(seen && values.has("looked"))
    );
  }
  tell(all);
  remember(values);
}

function tell(all) {
  const shown = all.filter((item) => !item.hidden);
  const seen = count(shown);
  const how = shown.length === all.length ? `All ${shown.length}` : `${shown.length} of ${all.length}`;
  COUNT.textContent = seen ? `${how}, ${seen} looked at` : how;
}

// What can be filtered by, and how many letters each choice has; what was chosen stays.
function replaceChoices(page) {
  for (const select of form.querySelectorAll("select")) {
    const fresh = page.querySelector(`[data-filter] select[name="${select.name}"]`);
    if (!fresh) continue;
    const chosen = select.value;
    select.replaceChildren(...fresh.children);
    if (![...select.options].some((option) => option.value === chosen)) select.add(new Option(chosen, chosen));
    select.value = chosen;
  }
}

// The address says what is shown, and every link to a letter carries it on.
function remember(values) {
  const query = new URLSearchParams([...values].filter(([key, value]) => value && value !== FIRST[key]));
  const address = ending(query);
  if (location.search !== address) history.replaceState(null, "", location.pathname + address);
  query.delete("looked"); // which the server knows nothing of
  const carried = ending(query);
  for (const link of document.querySelectorAll("[data-letter]")) lead(link, carried);
  for (const link of document.querySelectorAll("[data-set]")) {
    const { set, value } = link.dataset;
    const other = new URLSearchParams(query);
    const here = query.get(set) === value;
    if (here && set === "stage") other.delete(set);
    else if (value === FIRST[set]) other.delete(set);
    else other.set(set, value);
    lead(link, ending(other));
    if (set === "stage" && here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function lead(link, carried) {
  const address = link.getAttribute("href");
  const other = address.split("?")[0] + carried;
  if (other !== address) link.setAttribute("href", other);
}

function ending(query) {
  return query.size ? `?${query}` : "";
}

// The strip filters, and the heads of columns sort, without a new page.
function choose(event) {
  const link = event.target.closest("[data-set]");
  if (!link || modified(event)) return;
  event.preventDefault();
  const { set, value } = link.dataset;
  const field = form.elements[set];
  field.value = set === "stage" && field.value === value ? "" : value;
  filter();
  if (set === "order") refresh();
}

function modified(event) {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

// A click anywhere in a row follows its link, unless something is selected or clicked for itself.
function open(event) {
  const row = event.target.closest("tr[data-item]");
  if (!row || event.defaultPrevented || event.target.closest("a, summary, details, button, input")) return;
  if (event.button > 1 || String(getSelection())) return;
  const link = row.querySelector("[data-letter]");
  if (event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey) window.open(link.href, "_blank", "noopener");
  else link.click();
}

// Rows out of sight, too: before that, nobody hears them, and where they are is a guess.
function layOut() {
  document.documentElement.classList.add("laid-out");
}

// The row after or before the one that has the focus.
function step(by) {
  return () => {
    const links = shownLinks();
    const now = links.indexOf(document.activeElement?.closest("[data-item]")?.querySelector("[data-letter]"));
    const link = now < 0 ? links[by > 0 ? 0 : links.length - 1] : links[now + by];
    if (!link) return false;
    link.focus();
    return true;
  };
}

onceRefreshed((page) => {
  replaceChoices(page);
  filter();
});
bind(["/"], () => form.elements.q.focus(), "search");
bind(["j"], step(1), "next letter in the list");
bind(["k"], step(-1), "previous letter in the list");
form.elements.q.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") {
    event.preventDefault();
    step(1)();
  }
  if (event.key !== "Escape") return;
  form.elements.q.value = "";
  filter();
});
form.addEventListener("input", (event) => {
  filter();
  if (event.target.name === "order") refresh();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const links = shownLinks();
  if (links.length === 1) links[0].click();
  else links[0]?.focus();
});
document.addEventListener("click", choose);
document.addEventListener("click", open);
document.addEventListener("auxclick", open);
addEventListener("pageshow", (event) => event.persisted && filter());
onceMarked(filter);

form.querySelector("[data-looked-choice]").hidden = false;
form.elements.looked.checked = new URLSearchParams(location.search).get("looked") === "not";
const folded = form.querySelector("details");
const isChosen = [...folded.querySelectorAll("select")].some((select) => select.selectedIndex > 0);
folded.open = isChosen || !matchMedia("(max-width: 48rem)").matches;
if (performance.getEntriesByType("navigation")[0].type !== "navigate") layOut(); // back to where somebody was
filter();
requestAnimationFrame(() =>
  setTimeout(() => {
    performance.mark("usable"); // painted, and it can be filtered
    setTimeout(layOut, SOON);
  }),
);
