// Models: what there is and its switch, and any two versions held beside each other.

import { api } from "./api";
import { button, el, labelled, options } from "./dom";
import { unwritten } from "./grid";
import { alarm, note, runJob, showResult } from "./job";
import { count, sayings, type Say } from "./saying";

interface Entry {
  name: string;
  version: string;
  kind: string;
  state: string | null;
  owner: string;
  policies: string[];
  seen: { scores: number; decisions: number; judgements: number; live: boolean; first: string | null; last: string | null };
}

interface Off {
  name: string;
  version: string;
  at: string;
  who: string;
  why: string;
}

interface Registry {
  models: Entry[];
  off: Off[];
}

const STATES = ["shadow", "challenger", "champion", "retired"];
const FIRST = 8;
const BASES = ["precision", "volume", "threshold"];

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const registry = place.querySelector<HTMLElement>("[data-registry]")!;
  const compare = place.querySelector<HTMLElement>("[data-compare]")!;
  try {
    const found = await api<Registry>("models/registry");
    drawRegistry(registry, found, say);
    drawCompare(compare, found.models, say);
  } catch (fault) {
    registry.replaceChildren(alarm(fault));
  }
}

function drawRegistry(place: HTMLElement, found: Registry, say: Say): void {
  const told = el("div", { "aria-live": "polite" });
  if (!found.models.length) return place.replaceChildren(note(say("no_model")));
  const names = ["model", "state", "scored", "judged", "last", ""];
  const head = names.map((name) => el("th", { scope: "col", class: ["scored", "judged"].includes(name) ? "end" : "start" }, name ? say(name) : unwritten()));
  const order = [...found.models].sort((a, b) => weight(b) - weight(a));
  const rows = order.map((each) => entryRow(each, found, { place, told, say }));
  rows.slice(FIRST).forEach((row) => (row.hidden = true));
  const more = button(say("more", { more: rows.length - FIRST }), () => {
    rows.forEach((row) => (row.hidden = false));
    more.remove();
  });
  place.replaceChildren(told, el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows))), rows.length > FIRST ? el("p", { class: "more" }, more) : "");
}

function weight(each: Entry): number {
  return each.seen.scores + each.seen.judgements;
}

interface Around {
  place: HTMLElement;
  told: HTMLElement;
  say: Say;
}

function entryRow(each: Entry, found: Registry, around: Around): HTMLElement {
  const { place, say } = around;
  const off = found.off.find((turn) => turn.name === each.name && (!turn.version || turn.version === each.version));
  const state = el("td", {});
  if (off) state.append(el("span", { class: "mark bad", title: `${off.at.slice(0, 16)} · ${off.who}: ${off.why}` }, say("off")), " ");
  state.append(each.state ? say(`state_${each.state}`) : say(each.seen.live ? "seen_live" : "seen_shadow"));
  const acts = el("span", { class: "acts tight" });
  if (place.dataset.may) {
    acts.append(button(say(off ? "revive" : "kill"), () => ask(off ? "revive" : "kill", each, around)));
    if (each.state) acts.append(button(say("move"), () => ask("state", each, around)));
  }
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, `${each.name} ${each.version}`, el("small", {}, ` ${each.policies.slice(0, 4).join(", ")}`)),
    state,
    el("td", { class: "end" }, count(each.seen.scores)),
    el("td", { class: "end" }, count(each.seen.judgements)),
    el("td", { class: "moment" }, each.seen.last?.slice(0, 10) ?? "–"),
    el("td", { class: "end" }, acts),
  );
}

function ask(what: "kill" | "revive" | "state", each: Entry, around: Around): void {
  const { place, told, say } = around;
  const reason = el("input", { required: true, maxlength: 2000, autocomplete: "off" });
  const state = el("select", {});
  options(state, STATES.map((name) => [name, say(`state_${name}`)]));
  if (each.state) state.value = each.state;
  const faults = el("div", { "aria-live": "polite" });
  const send = async (): Promise<void> => {
    const body: Record<string, string> = { name: each.name, version: each.version, reason: reason.value.trim() };
    if (what === "state") body.state = state.value;
    try {
      await api(`models/${what}`, { body });
      drawRegistry(place, await api<Registry>("models/registry"), say);
    } catch (fault) {
      faults.replaceChildren(alarm(fault));
    }
  };
  told.replaceChildren(
    el(
      "form",
      { class: "filters", on: { submit: (event) => (event.preventDefault(), void send()) } },
      el("strong", {}, `${say(what === "state" ? "move" : what)}: ${each.name} ${each.version}`),
      what === "state" ? labelled(say("state"), state) : null,
      labelled(say("reason"), reason),
      el("button", { type: "submit", class: "firm" }, say("do_it")),
      button(say("leave"), () => told.replaceChildren()),
      faults,
    ),
  );
  reason.focus();
}

function drawCompare(place: HTMLElement, models: Entry[], say: Say): void {
  const scored = models.filter((each) => each.seen.scores);
  const names = [...new Set(scored.map((each) => each.name))];
  if (!names.length) return place.replaceChildren(note(say("no_scores")));
  const [model, champion, challenger, basis, policy] = [el("select", {}), el("select", {}), el("select", {}), el("select", {}), el("select", {})];
  const at = el("input", { type: "number", step: "any", placeholder: say("from_logs") });
  const other = el("input", { type: "number", step: "any", placeholder: say("same") });
  const by = el("input", { placeholder: "market, language", maxlength: 200, autocomplete: "off" });
  const shown = el("div", { "aria-live": "polite" });
  options(model, names.map((name) => [name, name]));
  options(basis, BASES.map((name) => [name, say(`basis_${name}`)]));
  const versions = (): void => {
    const mine = scored.filter((each) => each.name === model.value);
    const pairs: [string, string][] = [["", say("chosen")], ...mine.map((each): [string, string] => [each.version, each.version])];
    options(champion, pairs);
    options(challenger, pairs);
    const policies = [...new Set(mine.flatMap((each) => each.policies))].sort();
    options(policy, [["", say("all_policies")], ...policies.map((each): [string, string] => [each, each])]);
  };
  model.addEventListener("change", versions);
  versions();
  const query = document.body.dataset.query ?? "";
  const run = async (path: string, body: unknown): Promise<void> => {
    try {
      const job = await runJob(`models/${path}?${query}`, body, shown);
      if (job) await showResult(job.id, shown);
    } catch (fault) {
      shown.replaceChildren(alarm(fault));
    }
  };
  const number = (input: HTMLInputElement): number | null => (input.value === "" ? null : Number(input.value));
  const compare = (): Promise<void> =>
    run("compare", {
      model: model.value,
      champion: champion.value,
      challenger: challenger.value,
      policy: policy.value,
      basis: basis.value,
      at: number(at),
      challenger_at: number(other),
      by: by.value.split(",").map((each) => each.trim()).filter((each) => each),
    });
  const shadow = (): Promise<void> => run("shadow", { model: "", shadow: "", champion: "" });
  const judges = models.some((each) => each.seen.judgements);
  place.append(
    el(
      "form",
      { class: "filters", on: { submit: (event) => (event.preventDefault(), void compare()) } },
      labelled(say("model"), model),
      labelled(say("champion"), champion),
      labelled(say("challenger"), challenger),
      labelled(say("policy"), policy),
      labelled(say("basis"), basis),
      labelled(say("at"), at),
      labelled(say("challenger_at"), other),
      labelled(say("by"), by),
      el("button", { type: "submit", class: "firm" }, say("compare")),
      judges ? button(say("shadow"), () => void shadow()) : null,
    ),
    shown,
  );
}
