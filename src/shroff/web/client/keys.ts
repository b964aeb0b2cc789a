// The keyboard: letters that do what buttons do, g and a letter that open a page, Ctrl K for the palette.

import { switchBlur } from "./blur";
import { openFilters } from "./filters";
import { showKeys, showNotes, showViews } from "./keeping";
import { showPalette } from "./palette";
import { switchTheme } from "./theme";

const WAIT = 1200;

const press = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click();

const DO: Record<string, () => void> = {
  "/": openFilters,
  f: openFilters,
  t: () => document.querySelector<HTMLElement>(".filters [data-days]")?.focus(),
  s: () => void showViews(),
  n: () => void showNotes(),
  y: () => press("[data-copy-link]"),
  l: () => press("a[data-language]"),
  d: switchTheme,
  b: switchBlur,
  "?": showKeys,
};

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

export function keys(): void {
  let since = -WAIT;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
    if (document.querySelector("dialog[open], :popover-open, [data-own-keys]")) return;
    if (event.timeStamp - since < WAIT) {
      since = -WAIT;
      press(`#menu a[data-key="${CSS.escape(event.key)}"]`);
    } else if (event.key === "g") {
      since = event.timeStamp;
    } else if (Object.hasOwn(DO, event.key)) {
      event.preventDefault();
      DO[event.key]?.();
    }
  });
}
