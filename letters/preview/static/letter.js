// One letter: its frame as high as it is, its pages as large as wanted, and whether it was looked at.
import { bind, freshDocument, onceRefreshed, onKey, whileRefreshing } from "./preview.js";
import { isLookedAt, onceMarked, setLookedAt } from "./looked-at.js";

// The letter in its frame, fetched anew in place -------------------------------------------------------------------------

const frame = document.querySelector("[data-frame]");

async function refreshLetter() {
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
  whileRefreshing(refreshLetter);
  const ready = () => {
    fit();
    frame.contentWindow.addEventListener("keydown", onKey);
    new ResizeObserver(fit).observe(frame.parentElement);
  };
  frame.addEventListener("load", ready);
  if (frame.contentDocument && frame.contentDocument.readyState === "complete" && frame.contentDocument.body) ready();
}

// The size of the pages --------------------------------------------------------------------------------------------------

const STEPS = [50, 75, 100, 125, 150, 200, 300]; // per cent of their size on paper
const ON_PAPER = 793.7; // pixels of a page's width at 100%: 210 mm
const REMEMBERED = "size-of-pages";
const tools = document.querySelector("[data-zoom-tools]");

// "width", "whole", or per cent of the size on paper.
function wanted() {
  const kept = remembered();
  return kept === "whole" || STEPS.includes(Number(kept)) ? kept : "width";
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

function remember(size) {
  try {
    localStorage.setItem(REMEMBERED, size);
  } catch {
    // a browser that keeps nothing
  }
}

const pages = () => document.querySelector(".pages");
const pictures = () => [...document.querySelectorAll(".pages img")];
let size = tools ? wanted() : "width";

function showSize() {
  const list = pages();
  if (!list) return;
  list.dataset.zoom = Number(size) ? "paper" : size;
  list.style.setProperty("--page-width", Number(size) ? `${(ON_PAPER * Number(size)) / 100}px` : "auto");
  list.dataset.scroller = "";
  measure();
}

// What follows from how large the pages came out: sharp pictures, a frame to scroll in, what the buttons say.
function measure() {
  const list = pages();
  const [first] = pictures();
  if (!list || !first) return;
  const wide = list.dataset.zoom === "paper" && first.getBoundingClientRect().width > document.getElementById("main").clientWidth;
  list.classList.toggle("wide", wide);
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Pages"]]) {
    if (wide) list.parentElement.setAttribute(name, value);
    else list.parentElement.removeAttribute(name);
  }
  list.parentElement.classList.toggle("table", wide);
  list.parentElement.toggleAttribute("data-scroller", wide);
  sharpen(list);
  const shown = Math.round((100 * first.getBoundingClientRect().width) / ON_PAPER);
  tools.querySelector("[data-zoom-shown]").value = `${shown}%`;
  for (const button of tools.querySelectorAll("[data-zoom-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.zoomTo === size));
  }
}

// Ask for pictures with as many points as the screen has; a finer one that is there stays.
function sharpen(list) {
  const widths = list.dataset.widths.split(" ").map(Number);
  for (const picture of pictures()) {
    const points = picture.getBoundingClientRect().width * devicePixelRatio;
    const width = widths.find((one) => one >= points - 1) ?? widths.at(-1);
    if (width <= Number(picture.dataset.width ?? widths[0])) continue;
    picture.dataset.width = width;
    const address = new URL(picture.src);
    address.searchParams.set("width", width);
    picture.src = address;
  }
}

// Show the pages in another size; what stood at the top of the window stays there.
function resize(to) {
  const top = document.querySelector(".top").getBoundingClientRect().bottom;
  const first = pictures().find((one) => one.getBoundingClientRect().bottom > top);
  if (!first) return false;
  const before = first.getBoundingClientRect();
  size = to;
  remember(size);
  showSize();
  if (before.top < top) {
    const far = () => {
      const now = first.getBoundingClientRect();
      return now.top - top + ((top - before.top) / before.height) * now.height;
    };
    first.closest("#pages").scrollBy(0, far());
    scrollBy(0, far());
  }
  const table = document.querySelector(".table");
  if (table && [document.body, document.getElementById("main")].includes(document.activeElement)) table.focus({ preventScroll: true });
  return true;
}

function step(way) {
  const [first] = pictures();
  if (!first) return false;
  const shown = (100 * first.getBoundingClientRect().width) / ON_PAPER;
  const next = way > 0 ? STEPS.find((one) => one > shown + 1) : STEPS.findLast((one) => one < shown - 1);
  return next ? resize(String(next)) : false;
}

if (tools) {
  tools.hidden = false;
  for (const button of tools.querySelectorAll("[data-zoom-by]")) button.addEventListener("click", () => step(Number(button.dataset.zoomBy)));
  for (const button of tools.querySelectorAll("[data-zoom-to]")) button.addEventListener("click", () => resize(button.dataset.zoomTo));
  bind(["+", "="], () => step(1), "larger pages");
  bind(["-"], () => step(-1), "smaller pages");
  bind(["0"], () => resize("width"), "pages that fit the width");
  onceRefreshed(showSize);
  addEventListener("resize", measure);
  showSize();
}

// Looked at --------------------------------------------------------------------------------------------------------------

const selection = () => JSON.parse(document.querySelector("[data-selection]").dataset.selection);

function showLookedAt() {
  const { here, letters, before, behind } = selection();
  const button = document.querySelector("[data-looked-at]");
  const link = document.querySelector("[data-next-unseen]");
  const index = letters.findIndex(([slug]) => slug === here);
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isLookedAt(...letters[index])));
  const next = [...letters.slice(index + 1), ...letters.slice(0, index)].find((letter) => !isLookedAt(...letter));
  link.hidden = false;
  link.toggleAttribute("data-none", !next);
  if (next) link.href = `${before}${encodeURIComponent(next[0])}${behind}`;
  else link.removeAttribute("href");
  const seen = letters.filter((letter) => isLookedAt(...letter)).length;
  link.textContent = next ? "Next not looked at" : seen === letters.length ? "All looked at" : "All others looked at";
  button.title = `${seen} of ${letters.length} looked at`;
}

function toggleLookedAt() {
  const { here, letters } = selection();
  const letter = letters.find(([slug]) => slug === here);
  if (letter[1] === "") return false; // what is not written cannot have been looked at
  setLookedAt(...letter, !isLookedAt(...letter));
  showLookedAt();
  return true;
}

document.getElementById("heading").addEventListener("click", (event) => event.target.closest("[data-looked-at]") && toggleLookedAt());
bind(["l"], toggleLookedAt, "looked at, or not");
bind(["n"], () => {
  const link = document.querySelector("[data-next-unseen][href]");
  if (!link) return false;
  link.click();
  return true;
}, "next letter not looked at");
const views = [...document.querySelectorAll(".tabs a")];
bind(
  views.map((_, index) => String(index + 1)),
  (event) => views[Number(event.key) - 1].click(),
  views.map((view) => view.textContent).join(", "),
);
onceRefreshed(showLookedAt);
addEventListener("pageshow", (event) => event.persisted && showLookedAt());
onceMarked(showLookedAt);
showLookedAt();
