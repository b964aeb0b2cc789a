// Figures tell about themselves when they are pointed at or focused; Enter or a click says what can be done.

import { button, el } from "./dom";
import { asked, BESIDE, go, habit, narrowed, SLICE } from "./habits";
import { closeMenu, openMenu, place } from "./popover";

const tip = el("div", { id: "tip", role: "tooltip", hidden: true });
const DAY = 86_400_000;

export function startPointing(): void {
  document.body.append(tip);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") tell(figureAt(event.target));
  });
  document.addEventListener("focusin", (event) => tell(figureAt(event.target)));
  document.addEventListener("focusout", () => tell(null));
  // moving to a figure may scroll to it: it goes on telling
  document.addEventListener("scroll", () => tell(figureAt(document.activeElement)), { passive: true, capture: true });
  document.addEventListener("click", (event) => {
    const figure = figureAt(event.target);
    if (figure && !getSelection()?.toString()) offer(figure);
  });
  document.addEventListener("keydown", onKey);
}

export function makeReachable(root: HTMLElement): void {
  for (const group of root.querySelectorAll<HTMLElement>("table, .cards")) {
    const first = group.querySelector<HTMLElement>("[data-tip]");
    if (first) first.tabIndex = 0;
  }
  for (const row of root.querySelectorAll<HTMLElement>("tr[data-part]")) {
    const head = row.querySelector<HTMLElement>("th");
    if (!head || head.querySelector(".into")) continue;
    const into = el("button", { type: "button", class: "into" });
    into.append(...head.childNodes);
    into.addEventListener("click", () => offer(into));
    head.append(into);
  }
}

function figureAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
}

function tell(figure: HTMLElement | null): void {
  if (tip.dataset.of) document.querySelector("[aria-describedby='tip']")?.removeAttribute("aria-describedby");
  tip.hidden = !figure;
  delete tip.dataset.of;
  if (!figure) return;
  const [first, ...others] = (figure.dataset.tip ?? "").split("\n");
  tip.replaceChildren(el("b", {}, first ?? ""), ...others.map((line) => el("span", {}, line)));
  tip.dataset.of = "figure";
  figure.setAttribute("aria-describedby", "tip");
  place(tip, figure.getBoundingClientRect());
}

function onKey(event: KeyboardEvent): void {
  const figure = document.activeElement?.closest<HTMLElement>("[data-tip]");
  if (!figure) return;
  if (event.key === "Escape") tell(null);
  else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    offer(figure);
  } else if (event.key.startsWith("Arrow")) {
    const next = neighbour(figure, event.key);
    if (!next) return;
    event.preventDefault();
    figure.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

function neighbour(figure: HTMLElement, key: string): HTMLElement | undefined {
  const group = figure.closest("table, .cards");
  const all = [...(group?.querySelectorAll<HTMLElement>("[data-tip]") ?? [])];
  const at = all.indexOf(figure);
  if (key === "ArrowLeft") return all[at - 1];
  if (key === "ArrowRight") return all[at + 1];
  const column = figure.closest("td, th") as HTMLTableCellElement | null;
  if (!column) return all[at + (key === "ArrowDown" ? 1 : -1)];
  const same = all.filter((each) => (each.closest("td, th") as HTMLTableCellElement).cellIndex === column.cellIndex);
  return same[same.indexOf(figure) + (key === "ArrowDown" ? 1 : -1)];
}

function offer(from: HTMLElement): void {
  const row = from.closest<HTMLElement>("tr[data-part]");
  const terms = row?.dataset.part ? (JSON.parse(row.dataset.part) as Record<string, string>) : {};
  const text = from.dataset.tip?.split("\n")[0];
  tell(null);
  openActions(from, terms, { text, name: row?.querySelector("th")?.textContent?.trim() });
}

interface Offer {
  text: string | undefined;
  name?: string | undefined;
  days?: [string, string] | undefined;
}

export function openActions(anchor: Element, terms: Record<string, string>, { text, days, name }: Offer): void {
  const menu = openMenu(anchor, text ?? habit("filter"));
  const told = (anchor as HTMLElement).dataset.tip?.split("\n") ?? (text ? [text] : []);
  if (told.length) menu.append(el("p", { class: "told" }, el("b", {}, told[0] ?? ""), ...told.slice(1).map((line) => el("span", {}, line))));
  const typed = Object.entries(terms).map(([term, said]) => `${term.replace(SLICE, "")}=${said || "–"}`).join(" · ");
  const value = typed && (name || typed);
  const items: [string, () => void][] = [];
  if (value) items.push([habit("menu.only", { value }), () => go(narrowed(terms))]);
  if (days) items.push([habit("menu.days"), () => go(inDays(days))]);
  items.push([habit("menu.ads"), () => go(behind(terms, days), "/find")]);
  if (value && sets(terms)) items.push([habit("menu.versus", { value }), () => go(narrowed(terms, BESIDE))]);
  if (text) items.push([habit("menu.copy"), () => void navigator.clipboard.writeText(text).then(closeMenu)]);
  menu.append(el("ul", { class: "choices" }, ...items.map(([what, run]) => el("li", {}, button(what, run, { class: "choice" })))));
  menu.querySelector("button")?.focus();
}

function sets(terms: Record<string, string>): boolean {
  const now = asked();
  return Object.entries(terms).every(([name, said]) => now.has(name) && now.get(name) !== said);
}

function inDays([first, last]: [string, string]): URLSearchParams {
  const next = asked();
  next.set("period", first === last ? first : `${first}..${last}`);
  return next;
}

function behind(terms: Record<string, string>, days?: [string, string]): URLSearchParams {
  const next = days ? inDays(days) : asked();
  for (const [name, said] of Object.entries(terms)) next.set(name, said);
  for (const name of [...next.keys()]) if (name === "vs" || name.startsWith(BESIDE)) next.delete(name);
  return next;
}

interface Datum {
  name?: string;
  part?: Record<string, string | null>;
  at?: string | number | Date;
  said?: string;
}

export function openMark(anchor: Element, datum: Datum, days: number[]): void {
  const terms: Record<string, string> = {};
  for (const [name, said] of Object.entries(datum.part ?? {})) terms[SLICE + name] = said ?? "";
  const span = datum.at === undefined ? undefined : spanOf(datum.at, days);
  openActions(anchor, terms, { text: datum.said, name: datum.name, days: span });
}

function spanOf(at: string | number | Date, days: number[]): [string, string] {
  const first = new Date(at).getTime();
  const place = days.indexOf(first);
  const before = days[place - 1];
  const next = days[place + 1] ?? (before === undefined ? first + DAY : first + (first - before));
  const iso = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
  return [iso(first), iso(Math.max(first, next - DAY))];
}
