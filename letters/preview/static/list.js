// Search, filters and order of a list of letters.
import { bind, onceRefreshed, refresh } from "./preview.js";

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
  const query = new URLSearchParams([...values].filter(([key, value]) => value && value !== "oddest"));
  const ending = query.size ? `?${query}` : "";
  if (location.search === ending) return; // as the page came
  history.replaceState(null, "", location.pathname + ending);
  for (const link of document.querySelectorAll("[data-letter], .top a")) {
    link.setAttribute("href", link.getAttribute("href").split("?")[0] + ending);
  }
}

if (form) {
  onceRefreshed((page) => {
    replaceChoices(page);
    filter();
  });
  bind(["/"], () => form.elements.q.focus());
  form.elements.q.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.elements.q.value = "";
    filter();
  });
  form.addEventListener("input", (event) => {
    filter();
    if (event.target.name === "order") refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pageshow", (event) => event.persisted && filter());
  filter();
}
