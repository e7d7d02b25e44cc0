// What this viewer has looked at: kept in the browser alone, and only for the very version that was seen.

const KEY = `looked-at:${document.documentElement.dataset.year}`;
let text = ""; // as it was last read
let read = {}; // by slug, the version that was looked at

function marks() {
  try {
    const now = localStorage.getItem(KEY) ?? "{}";
    if (now !== text) [text, read] = [now, JSON.parse(now) ?? {}];
  } catch {
    // storage is denied, or holds something else: what is known holds until the page is left
  }
  return read;
}

export function isLookedAt(slug, version) {
  return version !== "" && marks()[slug] === version;
}

export function setLookedAt(slug, version, value) {
  read = { ...marks() };
  if (value) read[slug] = version;
  else delete read[slug];
  try {
    text = JSON.stringify(read);
    localStorage.setItem(KEY, text);
  } catch {
    // denied or full
  }
}

// How many of some elements with `data-slug` and `data-version` were looked at.
export function count(items) {
  const all = marks();
  return [...items].filter(({ dataset }) => dataset.version && all[dataset.slug] === dataset.version).length;
}

// Have something done when another tab marks a letter.
export function onceMarked(act) {
  addEventListener("storage", (event) => event.key === KEY && act());
}
