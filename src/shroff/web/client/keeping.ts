// What people keep: saved views of their own, notes on days for everybody; and the list of keys.

import { api } from "./api";
import { button, el, labelled } from "./dom";
import { habit } from "./habits";
import { closeButton } from "./popover";

export interface Kept {
  id: string;
  name: string;
  page: string;
  query: string;
}

interface Note {
  id: string;
  day: string;
  text: string;
  who: string;
  mine: boolean;
}

const dialog = document.getElementById("habits") as HTMLDialogElement | null;

export function addressOf(view: Kept): string {
  const query = new URLSearchParams(view.query);
  query.set("lang", document.documentElement.lang.startsWith("zh") ? "zh" : "en");
  return `/${view.page === "overview" ? "" : view.page}?${query.toString()}`;
}

function open(title: string, ...inside: HTMLElement[]): void {
  if (!dialog) return;
  dialog.replaceChildren(
    el("header", {}, el("h2", { id: "habits-title" }, title), closeButton(() => dialog.close())),
    ...inside,
  );
  if (!dialog.open) dialog.showModal();
  inside[0]?.querySelector("input")?.focus();
}

function failing(place: HTMLElement): (told: unknown) => void {
  return (told) => place.replaceChildren(el("p", { class: "bad", role: "alert" }, String((told as Error).message)));
}

export async function showViews(): Promise<void> {
  const list = el("ul", { class: "kept" });
  const name = el("input", { maxlength: "80", required: true, autocomplete: "off" });
  const said = el("div", {});
  const form = el("form", { class: "keep" }, labelled(habit("views.name"), name), el("button", { type: "submit" }, habit("views.save")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { name: name.value, page: document.body.dataset.page ?? "", query: location.search.replace(/^\?/, "") };
    void api<Kept>("views", { body }).then(() => {
      name.value = "";
      return fill();
    }, failing(said));
  });
  const fill = async (): Promise<void> => {
    const views = await api<Kept[]>("views");
    said.replaceChildren();
    list.replaceChildren(
      ...views.map((each) =>
        el("li", {}, el("a", { href: addressOf(each) }, each.name), dropping(`views/${each.id}`, each.name, fill, said)),
      ),
    );
    if (!views.length) list.append(el("li", { class: "quiet" }, habit("views.none")));
  };
  open(habit("views"), form, said, list);
  await fill().catch(failing(said));
}

export async function showNotes(): Promise<void> {
  const list = el("ul", { class: "kept" });
  const said = el("div", {});
  const day = el("input", { type: "date", required: true });
  const text = el("input", { maxlength: "300", required: true, autocomplete: "off" });
  const form = el(
    "form",
    { class: "keep" },
    labelled(habit("notes.day"), day),
    labelled(habit("notes.text"), text),
    el("button", { type: "submit" }, habit("notes.add")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void api<Note>("notes", { body: { day: day.value, text: text.value } }).then(() => {
      text.value = "";
      return changed();
    }, failing(said));
  });
  const fill = async (): Promise<void> => {
    const notes = await api<Note[]>("notes");
    said.replaceChildren();
    list.replaceChildren(
      ...notes.map((each) =>
        el(
          "li",
          {},
          el("span", {}, el("time", { datetime: each.day }, each.day), ` ${each.text} `, el("small", {}, each.who)),
          each.mine ? dropping(`notes/${each.id}`, each.text, changed, said) : null,
        ),
      ),
    );
    if (!notes.length) list.append(el("li", { class: "quiet" }, habit("notes.none")));
  };
  const changed = async (): Promise<void> => {
    await fill();
    dialog?.addEventListener("close", () => location.reload(), { once: true });
  };
  open(habit("notes"), form, el("p", { class: "quiet" }, habit("notes.hint")), said, list);
  await fill().catch(failing(said));
}

function dropping(path: string, name: string, then: () => Promise<void>, said: HTMLElement): HTMLButtonElement {
  const drop = (): void => void api<null>(path, { method: "DELETE" }).then(then, failing(said));
  return button("×", drop, { class: "close", "aria-label": `${habit("views.drop")}: ${name}` });
}

const KEYS: [string[], string][] = [
  [["Ctrl", "K"], "palette"],
  [["f"], "filter"],
  [["/"], "filter"],
  [["t"], "days"],
  [["g"], "go"],
  [["s"], "save"],
  [["n"], "note"],
  [["y"], "link"],
  [["l"], "language"],
  [["d"], "theme"],
  [["b"], "blur"],
  [["← ↑ ↓ →"], "figures"],
  [["Enter"], "open"],
  [["?"], "help"],
];

export function showKeys(): void {
  const rows = KEYS.map(([names, what]) =>
    el("div", {}, el("dt", {}, ...names.map((name) => el("kbd", {}, name))), el("dd", {}, habit(`keys.${what}`))),
  );
  const pages = [...document.querySelectorAll<HTMLAnchorElement>("#menu a[data-key]")].filter((each) => each.dataset.key);
  const letters = pages.map((each) =>
    el("div", {}, el("dt", {}, el("kbd", {}, "g"), el("kbd", {}, each.dataset.key ?? "")), el("dd", {}, each.textContent ?? "")),
  );
  open(habit("keys"), el("dl", { class: "keys" }, ...rows), el("dl", { class: "keys" }, ...letters));
}
