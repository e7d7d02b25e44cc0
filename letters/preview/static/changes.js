// The pages of changes: classes that were seen, ways to look at pages, places that lead to one another.
import { bind, onceRefreshed } from "./preview.js";

const root = document.documentElement;
const year = document.querySelector("#changes").dataset.year;

// Seen classes -------------------------------------------------------------------------------------------------------

// By class and what it is compared with, the digest of all that was seen: a mark ends with it.
const SEEN = `letters-changes-seen:${year}`;

function seen() {
  try {
    return { ...JSON.parse(localStorage.getItem(SEEN)) };
  } catch {
    return {}; // nothing may be kept here, or something else is
  }
}

function keepSeen(all) {
  try {
    localStorage.setItem(SEEN, JSON.stringify(all));
  } catch {
    // it holds for this page
  }
}

// A key has what was looked at, and the digest behind its last stroke.
function parts(key) {
  const at = key.lastIndexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
}

function isSeen(all, key) {
  const [what, digest] = parts(key);
  return all[what] === digest;
}

function keysOf(text) {
  return text.split(" ").filter(Boolean);
}

function showSeen(all = seen()) {
  const boxes = [...document.querySelectorAll("[data-seen]")];
  for (const box of boxes) {
    box.checked = keysOf(box.dataset.seen).every((key) => isSeen(all, key));
    box.closest("label").hidden = false;
    box.closest("[data-class]").classList.toggle("is-seen", box.checked);
  }
  for (const item of document.querySelectorAll("[data-classes]")) {
    const own = keysOf(item.dataset.classes);
    item.classList.toggle("is-seen", own.length > 0 && own.every((key) => isSeen(all, key)));
  }
  const progress = document.querySelector("[data-progress]");
  if (!progress) return;
  const left = boxes.filter((box) => !box.checked).length;
  const letters = document.querySelectorAll(".names [data-classes]:not(.is-seen)").length;
  progress.textContent = left === boxes.length ? "" : left ? `${left} not seen, in ${letters} letter${letters === 1 ? "" : "s"}` : "all seen";
}

document.addEventListener("change", ({ target }) => {
  if (!target.dataset.seen) return;
  const all = seen();
  for (const key of keysOf(target.dataset.seen)) {
    const [what, digest] = parts(key);
    if (target.checked) all[what] = digest;
    else delete all[what];
  }
  keepSeen(all);
  showSeen(all);
});
addEventListener("storage", ({ key }) => key === SEEN && showSeen());

// Ways to look -------------------------------------------------------------------------------------------------------

const MODE = "letters-changes-mode";
let mode = "side";
let at = ""; // the place that was led to last
try {
  mode = sessionStorage.getItem(MODE) ?? mode;
} catch {
  // side by side at first
}

function show(wanted) {
  const pictures = document.querySelector(".pictures");
  if (!pictures) return false;
  mode = wanted;
  try {
    sessionStorage.setItem(MODE, mode);
  } catch {
    // it holds for this page
  }
  pictures.dataset.mode = mode;
  for (const button of pictures.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === mode));
  for (const label of pictures.querySelectorAll(".swipe")) label.hidden = mode !== "swipe";
  pictures.querySelector(".legend").hidden = mode !== "difference";
  return true;
}

// The page of now is uncovered from the right as far as the slider says.
function swipe(slider) {
  slider.closest(".looks").querySelector(".stack").style.setProperty("--at", `${slider.value}%`);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches(".swipe input")) swipe(target);
});

function drag(event) {
  const paper = event.target.closest(".stack .sheet-of-paper");
  if (mode !== "swipe" || !paper || !(event.buttons & 1)) return;
  const { left, width } = paper.getBoundingClientRect();
  const slider = paper.closest(".looks").querySelector(".swipe input");
  slider.value = String(Math.round((100 * (event.clientX - left)) / width));
  swipe(slider);
  event.preventDefault();
}

document.addEventListener("pointerdown", drag);
document.addEventListener("pointermove", drag);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show], [data-next-region], [data-goes-to], [data-region]");
  if (!button) return;
  if (button.dataset.show) show(button.dataset.show);
  else if (button.dataset.goesTo) {
    event.preventDefault();
    lead(button.dataset.goesTo);
  } else if (button.dataset.region) mark(button.dataset.region);
  else next(1)();
});

// Places -------------------------------------------------------------------------------------------------------------

function mark(id) {
  at = id;
  for (const one of document.querySelectorAll("[data-region], [data-goes-to]")) {
    const here = (one.dataset.region ?? one.dataset.goesTo) === id;
    one.classList.toggle("here", here);
    if (one.dataset.goesTo) one.toggleAttribute("aria-current", here);
  }
}

function lead(id) {
  mark(id);
  const places = [...document.querySelectorAll(`[data-region="${CSS.escape(id)}"]`)];
  const place = places.find((one) => one.getClientRects().length && one.closest(".look").offsetParent);
  place?.scrollIntoView({ block: "center", behavior: "instant" });
}

function next(step) {
  return () => {
    const ids = [...document.querySelectorAll("[data-goes-to]")].map((one) => one.dataset.goesTo);
    if (!ids.length) return false;
    const index = ids.indexOf(at);
    lead(ids[index < 0 ? (step > 0 ? 0 : ids.length - 1) : (index + step + ids.length) % ids.length]);
    return true;
  };
}

function begin() {
  showSeen();
  const modes = document.querySelector(".modes");
  if (!modes) return;
  modes.hidden = false;
  show(mode);
  if (at) mark(at);
}

// What sticks to the head of the window sticks below the page's own head.
const head = document.querySelector(".top");
new ResizeObserver(() => {
  const stays = ["sticky", "fixed"].includes(getComputedStyle(head).position);
  root.style.setProperty("--below", `${stays ? head.offsetHeight : 0}px`);
}).observe(root);

if (document.querySelector(".told")) {
  bind(["s"], () => show("side"), "pages side by side");
  bind(["w"], () => show("swipe"), "pages as one, which is swiped");
  bind(["d"], () => show("difference"), "the difference of pages");
  bind(["r"], next(1), "the next place that changed");
  bind(["R"], next(-1), "the place before");
}
onceRefreshed(begin);
begin();
