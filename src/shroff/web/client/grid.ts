// Tables that scripts fill: titles above, rows below, texts as they are.

import { el } from "./dom";

export function grid(titles: string[], rows: (Node | string)[][]): HTMLElement {
  const head = el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title)));
  const body = rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))));
  return el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

export function moment(at: string | null): HTMLElement {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  return el("span", { class: "moment" }, at ? format.format(new Date(at)) : "–");
}
