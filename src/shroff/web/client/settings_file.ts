// The settings: each with what holds and why; the file, checked before it is saved.

import { told, tried } from "./acting";
import { api } from "./api";
import { button, el, labelled } from "./dom";
import { grid } from "./grid";
import type { Say } from "./saying";

interface Setting {
  table: string;
  key: string;
  value: unknown;
  line: number | null;
  about: string;
}

interface FileTold {
  text: string;
  version: string;
  fixed: string[];
}

export async function showFile(place: HTMLElement, say: Say): Promise<void> {
  const [all, file] = await Promise.all([api<Setting[]>("settings"), api<FileTold>("settings/file")]);
  const part = el("input", { type: "search", placeholder: say("part_of_name") });
  const own = el("input", { type: "checkbox", checked: true });
  const shown = el("div", {});
  const show = (): void => {
    const wanted = part.value.trim().toLowerCase();
    const found = all.filter((each) => (!own.checked || each.line !== null) && `${each.table}.${each.key} ${meaning(each, say)}`.toLowerCase().includes(wanted));
    shown.replaceChildren(found.length ? listed(found, say) : el("p", { class: "quiet" }, say("no_setting")));
  };
  part.addEventListener("input", show);
  own.addEventListener("change", show);
  show();
  place.replaceChildren(el("div", { class: "row" }, labelled(say("part_of_name"), part), el("label", { class: "tick" }, own, say("own_only"))), shown, editor(place, say, file));
}

function meaning(each: Setting, say: Say): string {
  const keys = [`about.${each.table}.${each.key}`, `about.${each.table}`];
  const key = keys.find((name) => say(name) !== name);
  return key ? say(key) : each.about;
}

function listed(found: Setting[], say: Say): HTMLElement {
  const rows = found.map((each) => [
    el("div", {}, el("code", {}, `[${each.table}] ${each.key}`), el("br"), el("small", {}, meaning(each, say))),
    el("code", { class: "value" }, JSON.stringify(each.value)),
    each.line === null ? say("default") : say("line", { line: each.line }),
  ]);
  return grid([say("setting"), say("value"), say("stands")], rows);
}

function editor(place: HTMLElement, say: Say, file: FileTold): HTMLElement {
  const text = el("textarea", { class: "code", rows: 18, spellcheck: "false", "aria-label": "shroff.toml" });
  text.value = file.text;
  const box = el("details", { class: "more" }, el("summary", {}, say("edit_file")), el("p", { class: "quiet" }, say("fixed", { tables: file.fixed.map((each) => `[${each}]`).join(" ") })), text);
  const check = tried(box, async () => {
    await api("settings/check", { body: { text: text.value } });
    told(box, say("fits"));
  });
  const save = tried(box, async () => {
    await api("settings/file", { method: "PUT", body: { text: text.value, was: file.version } });
    await showFile(place, say);
    told(place, say("saved"));
  });
  box.append(el("div", { class: "acts" }, button(say("check"), check), button(say("save"), save, { class: "firm" })));
  return box;
}
