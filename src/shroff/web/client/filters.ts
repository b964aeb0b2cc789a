// The filter bar: days and comparisons by name or calendar, columns and values with how many ads have each.

import { api } from "./api";
import { button, el } from "./dom";
import { asked, BESIDE, go, habit, SLICE } from "./habits";
import { openMenu } from "./popover";

export interface Value {
  value: string;
  label: string;
  ads: number;
}

export interface Column {
  name: string;
  label: string;
  values: Value[];
}

let reading: Promise<Column[]> | undefined;

export function columns(): Promise<Column[]> {
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  reading ??= api<Column[]>(`choices?lang=${lang}`);
  reading.catch(() => (reading = undefined));
  return reading;
}

export function startFilters(): void {
  const form = document.querySelector<HTMLFormElement>("form.filters");
  if (!form) return;
  form.classList.add("live");
  const days = form.querySelector<HTMLSelectElement>("[data-days]");
  const versus = form.querySelector<HTMLSelectElement>("[data-versus]");
  days?.addEventListener("change", () => {
    const calendar = days.value === "calendar";
    form.classList.toggle("picks-days", calendar);
    if (calendar) form.querySelector<HTMLInputElement>("input[name=from]")?.focus();
    else form.requestSubmit();
  });
  const ends = [...form.querySelectorAll<HTMLInputElement>("[data-calendar] input")];
  ends.forEach((end) =>
    end.addEventListener("change", () => {
      if (ends.every((each) => each.value)) form.requestSubmit();
    }),
  );
  versus?.addEventListener("change", () => {
    if (versus.value !== "ads") {
      form.querySelectorAll(`input[name^="${BESIDE}"]`).forEach((each) => each.remove());
      form.requestSubmit();
    } else void pick(versus, BESIDE);
  });
  form.querySelectorAll<HTMLElement>("[data-filter]").forEach((each) => {
    each.hidden = false;
    each.addEventListener("click", () => void pick(each, SLICE));
  });
}

export function openFilters(): void {
  document.querySelector<HTMLElement>("form.filters [data-filter]")?.click();
}

async function pick(anchor: HTMLElement, prefix: string): Promise<void> {
  const menu = openMenu(anchor, habit("filter"));
  menu.append(el("p", { class: "quiet" }, habit("filter.loading")));
  try {
    const found = await columns();
    showColumns(menu, found, prefix);
  } catch (told) {
    menu.replaceChildren(el("p", { class: "bad", role: "alert" }, String((told as Error).message)));
  }
}

function showColumns(menu: HTMLElement, found: Column[], prefix: string): void {
  const choose = (column: Column): void => void showValues(menu, found, column, prefix);
  const search = searching(habit("filter.column"));
  const list = el("ul", { class: "choices" });
  const show = (): void => {
    const part = search.value.trim().toLowerCase();
    const shown = found.filter((each) => `${each.label} ${each.name}`.toLowerCase().includes(part));
    list.replaceChildren(
      ...shown.map((each) =>
        el("li", {}, button(each.label, () => choose(each), { class: "choice", "data-column": each.name })),
      ),
    );
  };
  search.addEventListener("input", show);
  show();
  menu.replaceChildren(search, list);
  search.focus();
}

async function showValues(menu: HTMLElement, found: Column[], column: Column, prefix: string): Promise<void> {
  let values = column.values;
  if (!values.length) {
    menu.replaceChildren(el("p", { class: "quiet" }, habit("filter.loading")));
    values = (await api<Column>(`choices/${encodeURIComponent(column.name)}`)).values;
  }
  const search = searching(habit("filter.search"));
  const list = el("ul", { class: "choices" });
  const show = (): void => {
    const typed = search.value.trim();
    const part = typed.toLowerCase();
    const shown = values.filter((each) => `${each.label} ${each.value}`.toLowerCase().includes(part)).slice(0, 100);
    const items = shown.map((each) => el("li", {}, valueButton(column.name, each, prefix)));
    if (typed && !values.some((each) => each.value === typed)) {
      items.push(el("li", {}, valueButton(column.name, { value: typed, label: typed, ads: -1 }, prefix)));
    }
    list.replaceChildren(...items);
  };
  search.addEventListener("input", show);
  show();
  const back = button(`‹ ${column.label}`, () => showColumns(menu, found, prefix), { class: "choice back" });
  menu.replaceChildren(back, search, list);
  search.focus();
}

function valueButton(column: string, each: Value, prefix: string): HTMLButtonElement {
  const made = button(each.label, () => add(column, each.value, prefix), { class: "choice", "data-value": each.value });
  const language = document.documentElement.lang;
  if (each.ads >= 0) made.append(el("small", {}, habit("filter.count", { ads: each.ads.toLocaleString(language) })));
  return made;
}

export function add(column: string, value: string, prefix = SLICE): void {
  const next = asked();
  if (prefix === BESIDE) for (const name of [...next.keys()]) if (name.startsWith(BESIDE) || name === "vs") next.delete(name);
  const name = prefix + column;
  if (column === "policy" || prefix === BESIDE) next.set(name, value);
  else if (!next.getAll(name).includes(value)) next.append(name, value);
  go(next);
}

function searching(label: string): HTMLInputElement {
  return el("input", { type: "search", "aria-label": label, placeholder: label, autocomplete: "off" });
}
