// Tables that scripts fill: titles above, rows below, texts as they are.

import { el } from "./dom";
import { habit } from "./habits";

export function grid(titles: string[], rows: (Node | string)[][]): HTMLElement {
  const head = el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title || unwritten())));
  const body = rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))));
  return el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

/** What a column of buttons is called by those who hear the page. */
export function unwritten(): HTMLElement {
  return el("span", { class: "tucked" }, habit("acts"));
}

export function moment(at: string | null): HTMLElement {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  return el("span", { class: "moment" }, at ? format.format(new Date(at)) : "–");
}
