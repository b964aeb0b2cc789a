// The palette: type part of the name of a page, a section, a saved view or a value; Enter goes there.

import { api } from "./api";
import { add, columns } from "./filters";
import { addressOf, type Kept } from "./keeping";
import { habit } from "./habits";

interface Place {
  name: string;
  kind: string;
  go: () => void;
}

const MOST = 14;

function links(): Place[] {
  const found = [...document.querySelectorAll<HTMLAnchorElement>("#menu a, .contents a, .tools a")];
  return found.map((link) => ({ name: link.textContent?.trim() ?? "", kind: "", go: () => link.click() }));
}

async function views(): Promise<Place[]> {
  const kept = await api<Kept[]>("views");
  const kind = habit("views");
  return kept.map((each) => ({ name: each.name, kind, go: () => location.assign(addressOf(each)) }));
}

async function values(): Promise<Place[]> {
  const found = await columns();
  return found.flatMap((column) =>
    column.values.map((each) => ({ name: each.label, kind: column.label, go: () => add(column.name, each.value) })),
  );
}

/** How well a place is meant: words that begin one of its words count most; below zero, not at all. */
function fit(place: Place, typed: string[]): number {
  const text = ` ${place.kind} ${place.name}`.toLowerCase();
  if (!typed.every((word) => text.includes(word))) return -1;
  return typed.filter((word) => text.includes(` ${word}`)).length;
}

export function showPalette(): void {
  const dialog = document.getElementById("palette") as HTMLDialogElement | null;
  const input = dialog?.querySelector("input");
  const list = dialog?.querySelector("ul");
  if (!dialog || !input || !list || dialog.open) return;
  let all = links();
  let found: Place[] = [];
  let chosen = 0;
  const choose = (place: Place | undefined): void => {
    dialog.close();
    place?.go();
  };
  const show = (): void => {
    const typed = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const fits = all.map((place) => ({ place, fit: fit(place, typed) })).filter((each) => each.fit >= 0);
    found = fits.sort((a, b) => b.fit - a.fit).slice(0, MOST).map((each) => each.place);
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map((place, at) => itemOf(place, at === chosen, () => choose(place))));
    list.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
    if (found.length) input.setAttribute("aria-activedescendant", "palette-chosen");
    else input.removeAttribute("aria-activedescendant");
  };
  for (const more of [views(), values()]) {
    more.then((places) => {
      all = [...all, ...places];
      if (dialog.open) show();
    }, () => undefined); // pages are found all the same
  }
  input.value = "";
  input.oninput = () => {
    chosen = 0;
    show();
  };
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length);
      show();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search box would only be emptied
      dialog.close();
    }
  };
  show();
  dialog.showModal();
  input.focus();
}

function itemOf(place: Place, chosen: boolean, choose: () => void): HTMLLIElement {
  const item = document.createElement("li");
  item.textContent = place.name;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(chosen));
  if (chosen) item.id = "palette-chosen";
  if (place.kind) {
    const kind = document.createElement("small");
    kind.textContent = place.kind;
    item.append(kind);
  }
  item.addEventListener("click", choose);
  return item;
}
