// The audit log: who saw and changed what, and whether it is as it was written.

import { told, tried } from "./acting";
import { api } from "./api";
import { button, el, labelled } from "./dom";
import { grid, moment } from "./grid";
import type { Say } from "./saying";

interface Line {
  id: number;
  at: string;
  who: string;
  did: string;
  what: string;
}

interface Checked {
  lines: number;
  head: string;
  broken: number | null;
  whole: boolean;
}

const PART = 50;

export async function showAudit(place: HTMLElement, say: Say): Promise<void> {
  const who = el("input", { maxlength: 100 });
  const did = el("select");
  did.append(...["", "saw", "changed", "was refused", "tried", "signed in", "failed to sign in"].map((each) => el("option", { value: each }, each || say("anything"))));
  const shown = el("div", {});
  let lines: Line[] = [];
  const more = async (): Promise<void> => {
    const before = lines.at(-1)?.id ?? 0;
    const query = new URLSearchParams({ limit: String(PART), before: String(before), who: who.value.trim(), did: did.value });
    const found = await api<Line[]>(`audit?${query.toString()}`);
    lines = [...lines, ...found];
    const rows = lines.map((each) => [moment(each.at), each.who || "–", each.did, el("code", {}, each.what)]);
    const titles = [say("at"), say("who"), say("did"), say("what")];
    shown.replaceChildren(lines.length ? grid(titles, rows) : el("p", { class: "quiet" }, say("no_lines")));
    if (found.length === PART) shown.append(el("div", { class: "acts" }, button(say("more"), tried(place, more))));
  };
  const anew = tried(place, async () => {
    lines = [];
    await more();
  });
  who.addEventListener("change", anew);
  did.addEventListener("change", anew);
  const check = tried(place, async () => {
    const found = await api<Checked>("audit/check");
    told(place, found.whole ? say("log_whole", { lines: found.lines, head: found.head || "–" }) : say("log_broken", { line: found.broken ?? 0 }));
  });
  place.replaceChildren(el("div", { class: "row" }, labelled(say("who"), who), labelled(say("did"), did), button(say("check_log"), check)), shown);
  await more();
}
