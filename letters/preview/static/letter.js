// The letter in its frame: as high as it is, and fetched anew in place.
import { freshDocument, onKey, whileRefreshing } from "./preview.js";

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
