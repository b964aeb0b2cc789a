// Texts of ads are blurred until they are asked for: one by one, or all by a switch that is remembered.

import { el } from "./dom";
import { habit } from "./habits";

const KEY = "shroff-blur";
const BLURRED = ".ad-text";

export function blurs(): boolean {
  return localStorage.getItem(KEY) !== "off";
}

export function useBlur(root: ParentNode = document): void {
  const on = blurs();
  document.documentElement.dataset.blur = on ? "on" : "off";
  for (const each of document.querySelectorAll<HTMLElement>("[data-blur]:not(html)")) {
    each.hidden = false;
    each.setAttribute("aria-pressed", String(on));
  }
  for (const each of root.querySelectorAll<HTMLElement>(BLURRED)) cover(each, on);
}

export function switchBlur(): void {
  localStorage.setItem(KEY, blurs() ? "off" : "on");
  document.querySelectorAll(".ad-text.shown").forEach((each) => each.classList.remove("shown"));
  useBlur();
}

export function turn(text: HTMLElement): void {
  text.classList.toggle("shown");
  cover(text, blurs());
}

// what is covered is kept from screen readers and the keyboard too, not only from eyes
function cover(text: HTMLElement, on: boolean): void {
  const covered = on && !text.classList.contains("shown");
  const inside = text.querySelector(":scope > .covered");
  if (covered) {
    text.tabIndex = 0;
    text.setAttribute("role", "button");
    text.setAttribute("aria-label", habit("blur.show"));
    if (!inside) text.replaceChildren(el("span", { class: "covered", inert: true }, ...text.childNodes));
  } else {
    text.removeAttribute("tabindex");
    text.removeAttribute("role");
    text.removeAttribute("aria-label");
    inside?.replaceWith(...inside.childNodes);
  }
}

export function startBlur(): void {
  const reveal = (event: Event): void => {
    const text = event.target instanceof Element ? event.target.closest<HTMLElement>(BLURRED) : null;
    if (!text || !blurs() || text.classList.contains("shown")) return;
    event.preventDefault();
    turn(text);
  };
  document.addEventListener("click", reveal, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  });
  useBlur();
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.matches(BLURRED)) cover(node, blurs());
        useBlurIn(node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function useBlurIn(node: HTMLElement): void {
  for (const each of node.querySelectorAll<HTMLElement>(BLURRED)) cover(each, blurs());
}
