// What every page does in the browser: waits for its answer, draws charts, keys, theme, palette.

import { fault } from "./api";
import { startBlur, switchBlur, useBlur } from "./blur";
import { drawCharts } from "./drawing";
import { startFilters } from "./filters";
import { tellMissingFace } from "./fonts";
import { showKeys, showNotes, showViews } from "./keeping";
import { keys } from "./keys";
import { showPalette } from "./palette";
import { savePicture } from "./pictures";
import { makeReachable, startPointing } from "./pointing";
import { switchTheme, useTheme } from "./theme";
import { startTool } from "./tools";
import { inner, words } from "./words";

useTheme();

async function waitForAnswer(place: HTMLElement, address: string): Promise<void> {
  const since = performance.now();
  const shown = place.querySelector<HTMLElement>("[data-seconds]");
  const ticking = window.setInterval(() => {
    const seconds = Math.round((performance.now() - since) / 1000);
    if (shown) shown.textContent = words("seconds").replace("0", String(seconds));
  }, 1000);
  try {
    for (;;) {
      const reply = await fetch(address, { headers: { accept: "text/html" } });
      if (reply.status === 202) continue;
      if (!reply.ok) {
        place.replaceChildren(alertOf(await reply.text()));
        return;
      }
      inner(place, await reply.text());
      place.removeAttribute("data-waiting");
      settle(place);
      openAnchor();
      return;
    }
  } catch {
    place.replaceChildren(alertOf(""));
  } finally {
    window.clearInterval(ticking);
  }
}

function settle(place: HTMLElement): void {
  drawCharts(place);
  makeReachable(place);
  useBlur(place);
}

function alertOf(text: string): HTMLElement {
  const box = document.createElement("aside");
  box.className = "callout bad";
  box.setAttribute("role", "alert");
  box.textContent = fault(text);
  return box;
}

function openAnchor(): void {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  target?.scrollIntoView();
}

async function copyLink(button: HTMLElement): Promise<void> {
  await navigator.clipboard.writeText(location.href);
  const before = button.textContent;
  button.textContent = words("copied");
  window.setTimeout(() => (button.textContent = before), 1500);
}

function toggleMenu(button: HTMLElement): void {
  const open = document.body.classList.toggle("menu-open");
  button.setAttribute("aria-expanded", String(open));
}

document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target : null;
  const button = at?.closest<HTMLElement>("button");
  if (!button) return;
  if (button.hasAttribute("data-copy-link")) void copyLink(button);
  if (button.hasAttribute("data-theme-switch")) switchTheme();
  if (button.hasAttribute("data-palette")) showPalette();
  if (button.hasAttribute("data-menu")) toggleMenu(button);
  if (button.hasAttribute("data-views")) void showViews();
  if (button.hasAttribute("data-notes")) void showNotes();
  if (button.hasAttribute("data-keys")) showKeys();
  if (button.hasAttribute("data-blur")) switchBlur();
  if (button.dataset.picture) void savePicture(button);
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-language]") : null;
  if (link) link.hash = location.hash; // the same place of the page, in the other language
});

document.querySelectorAll<HTMLElement>("button[data-views], button[data-notes], button[data-keys]").forEach((each) => {
  each.hidden = false;
});

keys();
startFilters();
startPointing();
startBlur();
tellMissingFace();
void startTool();
const answer = document.getElementById("answer");
const address = answer?.dataset.waiting;
if (answer && address) void waitForAnswer(answer, address);
else if (answer) settle(answer);
