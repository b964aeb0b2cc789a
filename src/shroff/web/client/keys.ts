// The keyboard: g and a letter open a page, / goes to the filters, Ctrl K opens the palette.

import { showPalette } from "./palette";

const WAIT = 1200;

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName);
}

export function keys(): void {
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector<HTMLInputElement>(".filters input[name=add]")?.focus();
    } else if (event.key === "g") {
      since = performance.now();
    } else if (performance.now() - since < WAIT) {
      since = 0;
      document.querySelector<HTMLAnchorElement>(`#menu a[data-key="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}
