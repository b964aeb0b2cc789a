// A small panel beside what opened it: closes with Escape, with a click elsewhere, and gives the focus back.

import { el } from "./dom";
import { habit } from "./habits";

let open: HTMLElement | undefined;

export function openMenu(anchor: Element, label: string): HTMLElement {
  open?.remove();
  const panel = el("div", { class: "menu-panel", role: "dialog", "aria-label": label, popover: "auto" });
  document.body.append(panel);
  panel.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "closed") return;
    panel.remove();
    if (open === panel) open = undefined;
    if (anchor instanceof HTMLElement && (document.activeElement === document.body || !document.activeElement)) anchor.focus();
  });
  panel.addEventListener("keydown", (event) => move(panel, event));
  panel.showPopover();
  place(panel, anchor.getBoundingClientRect());
  new ResizeObserver(() => place(panel, anchor.getBoundingClientRect())).observe(panel);
  open = panel;
  return panel;
}

export function closeMenu(): void {
  open?.hidePopover();
}

export function place(panel: HTMLElement, at: DOMRect, gap = 6): void {
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const below = at.bottom + gap;
  const above = at.top - gap - height;
  const top = below + height > innerHeight - 8 && above > 8 ? above : Math.min(below, Math.max(8, innerHeight - height - 8));
  panel.style.left = `${Math.round(left)}px`;
  panel.style.top = `${Math.round(top)}px`;
}

function move(panel: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [...panel.querySelectorAll<HTMLElement>("input, button, a")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length];
  event.preventDefault();
  next?.focus();
}

export function closeButton(close: () => void): HTMLButtonElement {
  return el("button", { type: "button", class: "close", "aria-label": habit("close"), on: { click: close } }, "×");
}
