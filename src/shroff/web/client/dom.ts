// Elements made of names, texts and handlers; texts are never read as HTML.

type Child = Node | string | null | undefined;

export interface Made {
  class?: string | undefined;
  type?: string | undefined;
  title?: string | undefined;
  on?: Record<string, (event: Event) => void>;
  [attribute: string]: unknown;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  made: Made = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(made)) {
    if (name === "on") {
      for (const [event, run] of Object.entries(value as Record<string, (event: Event) => void>)) {
        element.addEventListener(event, run);
      }
    } else if (value !== undefined && value !== false && value !== null) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return element;
}

export function button(text: string, run: () => void, made: Made = {}): HTMLButtonElement {
  return el("button", { type: "button", ...made, on: { click: run } }, text);
}

export function labelled(text: string, field: HTMLElement): HTMLLabelElement {
  return el("label", {}, text, field);
}

export function options(select: HTMLSelectElement, pairs: [value: string, text: string][]): void {
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
}

/** Lets the arrow keys walk along tabs, each of which is chosen by being pressed. */
export function walkTabs(tabs: HTMLElement): void {
  tabs.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = [...tabs.children].findIndex((tab) => tab.getAttribute("aria-selected") === "true") + step;
    if (!step || !tabs.children[at]) return;
    event.preventDefault();
    (tabs.children[at] as HTMLElement).click();
    (tabs.children[at] as HTMLElement).focus();
  });
}
