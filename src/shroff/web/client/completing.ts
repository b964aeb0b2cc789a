// Completes the word before the caret of a search: fields, columns and their values, operators.

import { api } from "./api";
import { el } from "./dom";

interface Column {
  name: string;
  label: string;
  values: { value: string; label: string; ads: number }[];
}

interface Grammar {
  fields: string[];
  operators: string[];
}

interface Offer {
  text: string;
  told: string;
}

const MOST = 10;
const WORD = /(?:^|[\s(])(-?)([^\s()"]*)$/;
const VALUE = /^([A-Za-z_]\w*)(:|!=|=)(.*)$/;

export function completes(input: HTMLInputElement, list: HTMLUListElement): void {
  const values = new Map<string, Promise<Column>>();
  let grammar: Promise<Grammar> | undefined;
  let columns: Promise<Column[]> | undefined;
  let offers: Offer[] = [];
  let chosen = -1;
  let turn = 0;

  const query = document.body.dataset.query ?? "";
  const close = (): void => {
    offers = [];
    chosen = -1;
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (offer: Offer): void => {
    const caret = input.selectionStart ?? input.value.length;
    const before = input.value.slice(0, caret);
    const start = caret - (WORD.exec(before)?.[2]?.length ?? 0);
    const ends = /[:(]$/.test(offer.text) ? "" : " ";
    input.value = input.value.slice(0, start) + offer.text + ends + input.value.slice(caret);
    const at = start + offer.text.length + ends.length;
    input.setSelectionRange(at, at);
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (): void => {
    list.hidden = !offers.length;
    input.setAttribute("aria-expanded", String(offers.length > 0));
    list.replaceChildren(
      ...offers.map((offer, at) => {
        const item = el("li", { role: "option", id: `offer-${at}`, "aria-selected": String(at === chosen) }, offer.text);
        if (offer.told) item.append(el("small", {}, offer.told));
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(offer);
        });
        return item;
      }),
    );
    if (chosen >= 0) input.setAttribute("aria-activedescendant", `offer-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const look = async (): Promise<void> => {
    const mine = ++turn;
    const before = input.value.slice(0, input.selectionStart ?? input.value.length);
    const word = WORD.exec(before)?.[2] ?? "";
    if (word.length < 2) return close();
    const found = await candidates(word);
    if (mine !== turn || document.activeElement !== input) return;
    offers = found.filter((offer) => offer.text !== word).slice(0, MOST);
    chosen = -1;
    show();
  };
  const candidates = async (word: string): Promise<Offer[]> => {
    try {
      grammar ??= api<Grammar>("find/grammar");
      columns ??= api<Column[]>(`choices?${query}`);
      const [known, every] = await Promise.all([grammar, columns]);
      const [, name = "", sign = ":", begun = ""] = VALUE.exec(word) ?? [];
      const column = every.find((each) => each.name === name);
      if (column) {
        if (!values.has(name)) values.set(name, api<Column>(`choices/${encodeURIComponent(name)}?${query}`));
        const own = (await values.get(name))?.values ?? [];
        return own
          .filter((each) => each.value && each.value.toLowerCase().startsWith(begun.toLowerCase()))
          .map((each) => ({ text: `${name}${sign}${quoted(each.value)}`, told: String(each.ads) }));
      }
      const start = word.toLowerCase();
      return [
        ...known.fields.map((each) => ({ text: `${each}:`, told: "" })),
        ...every.map((each) => ({ text: `${each.name}:`, told: each.label === each.name ? "" : each.label })),
        ...known.operators.map((each) => ({ text: each, told: "" })),
      ].filter((offer) => offer.text.toLowerCase().startsWith(start));
    } catch {
      return []; // without them a query is typed in full
    }
  };
  input.addEventListener("input", () => void look());
  input.addEventListener("blur", close);
  if (document.activeElement === input) void look(); // who typed before this ran
  input.addEventListener("keydown", (event) => {
    if (!offers.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      chosen = chosen < 0 ? (down ? 0 : offers.length - 1) : (chosen + (down ? 1 : -1) + offers.length) % offers.length;
      show();
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
      event.preventDefault();
      const offer = offers[chosen];
      if (offer) take(offer);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}

function quoted(value: string): string {
  return /[\s()",，、]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}
