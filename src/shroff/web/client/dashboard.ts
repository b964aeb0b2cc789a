// What every page does in the browser: waits for its answer, draws charts, keys, theme, palette.

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
import { linkTerms } from "./term_links";
import { startTool } from "./tools";
import { waitForAnswer } from "./waiting";
import { words } from "./words";

useTheme();

function settle(place: HTMLElement): void {
  drawCharts(place);
  linkTerms(place);
  makeReachable(place);
  useBlur(place);
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
  (open ? document.querySelector<HTMLElement>("#menu a") : button)?.focus();
}

document.addEventListener("keydown", (event) => {
  const button = document.querySelector<HTMLElement>("[data-menu][aria-expanded='true']");
  if (button && event.key === "Escape" && !document.querySelector("dialog[open], :popover-open")) toggleMenu(button);
});

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
if (answer && address) {
  void waitForAnswer(answer, address, () => {
    settle(answer);
    openAnchor();
  });
}
else if (answer) settle(answer);
