// Rules: the packs with where each rule stands, steps in a rule's life, and an editor.

import { api, Told } from "./api";
import { button, el, labelled } from "./dom";
import { unwritten } from "./grid";
import { alarm, note } from "./job";
import { editPack } from "./rule_editor";
import { CHINESE, sayings, type Say } from "./saying";

export interface Rule {
  id: string;
  version: number;
  name_en: string;
  name_zh: string;
  policy: string;
  action: string;
  state: string;
  since: string;
  share: number | null;
  noted_version: number;
  expires: string | null;
  offensive: boolean;
  match: string;
}

export interface Pack {
  name: string;
  draft: boolean;
  digest: string;
  id: string;
  version: number;
  errors: number;
  rules: Rule[];
}

interface Stepped {
  state: string | null;
  waiting?: string | null;
  again?: number;
  objections: string[];
}

const NEXT: Record<string, string[]> = {
  draft: ["shadow"],
  shadow: ["canary", "live", "stopped"],
  canary: ["canary", "live", "stopped"],
  live: ["live", "stopped"],
  expired: ["stopped"],
  stopped: ["shadow"],
};
const TONES: Record<string, string> = { live: "good", canary: "good", expired: "unsure", stopped: "bad" };
const OPEN = 60;

export async function start(place: HTMLElement): Promise<void> {
  const tool = new RulesTool(place, sayings(place));
  await tool.show();
  const asked = new URLSearchParams(location.search).get("pack");
  if (asked) await tool.edit(asked);
}

class RulesTool {
  private readonly packs: HTMLElement;
  private readonly editor: HTMLElement;
  private readonly writes: boolean;
  private readonly approves: boolean;

  constructor(place: HTMLElement, private readonly say: Say) {
    this.packs = place.querySelector<HTMLElement>("[data-packs]")!;
    this.editor = place.querySelector<HTMLElement>("[data-editor]")!;
    const may = place.querySelector<HTMLElement>("[data-writes]")!.dataset;
    this.writes = may.writes === "yes";
    this.approves = may.approves === "yes";
  }

  async show(): Promise<void> {
    try {
      const packs = await api<Pack[]>("rules");
      const box = el("div", {}, ...packs.map((pack) => this.pack(pack, packs)));
      if (!packs.length) box.append(note(this.say("no_packs")));
      if (this.writes) box.append(this.begin());
      this.packs.replaceChildren(box);
    } catch (fault) {
      this.packs.replaceChildren(alarm(fault));
    }
  }

  async edit(name: string): Promise<void> {
    this.editor.hidden = false;
    await editPack(this.editor, name, { say: this.say, writes: this.writes, approves: this.approves, changed: () => void this.show() });
    this.editor.scrollIntoView();
  }

  private begin(): HTMLElement {
    const name = el("input", { required: true, maxlength: 60, pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*", placeholder: "health" });
    const form = el("form", { class: "acts" }, labelled(this.say("new_name"), name), el("button", { type: "submit" }, this.say("begin")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.edit(name.value);
    });
    return form;
  }

  private pack(pack: Pack, every: Pack[]): HTMLElement {
    const say = this.say;
    const states = new Map<string, number>();
    for (const rule of pack.rules) states.set(rule.state, (states.get(rule.state) ?? 0) + 1);
    const told = [...states].map(([state, rules]) => `${rules} ${say(`state.${state}`)}`).join(" · ");
    const title = el("summary", {}, el("b", {}, pack.name), ` ${pack.draft ? say("is_draft") : say("version", { version: pack.version })}`);
    if (!pack.draft && told) title.append(` · ${told}`);
    if (pack.errors) title.append(" ", el("span", { class: "mark bad" }, say("errors", { errors: pack.errors })));
    const open = every.length < 4 && pack.rules.length <= OPEN;
    const acts = el("p", { class: "acts" }, button(say(this.writes ? "edit" : "read"), () => void this.edit(pack.name)));
    return el("details", { class: "pack", open }, title, pack.rules.length ? this.rules(pack) : note(say("unreadable")), acts);
  }

  private rules(pack: Pack): HTMLElement {
    const say = this.say;
    const titles = ["rule", "action", "policy", "state", "since", "expires"].map((name) => el("th", { scope: "col" }, say(`col.${name}`)));
    const body = el("tbody", {}, ...pack.rules.flatMap((rule) => this.row(rule, pack.draft)));
    return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": pack.name }, el("table", {}, el("thead", {}, el("tr", {}, ...titles, el("th", { scope: "col" }, unwritten()))), body));
  }

  private row(rule: Rule, draft: boolean): HTMLElement[] {
    const say = this.say;
    const share = rule.share === null ? "" : ` ${Math.round(rule.share * 100)}%`;
    const other = rule.noted_version && rule.noted_version !== rule.version ? say("noted", { version: rule.noted_version }) : "";
    const state = el("td", {}, el("span", { class: `mark ${TONES[rule.state] ?? ""}` }, say(`state.${rule.state}`) + share), other ? el("small", {}, ` ${other}`) : "");
    const told = CHINESE ? rule.name_zh : rule.name_en;
    const head = el("th", { scope: "row" }, `${rule.id} v${rule.version}`, told ? el("small", {}, ` ${told}`) : "");
    head.title = rule.match;
    const act = el("td", { class: "end" });
    const more = el("tr", { class: "minor" });
    more.hidden = true;
    if (this.writes && !draft) {
      const opener = button(say("step"), () => {
        more.hidden = !more.hidden;
        opener.setAttribute("aria-expanded", String(!more.hidden));
        if (!more.hidden && !more.children.length) more.append(el("td", { colspan: 7 }, this.stepping(rule)));
      }, { "aria-expanded": "false" });
      act.append(opener);
    }
    const cells = [rule.action, rule.policy, "", rule.since, rule.expires ?? ""].map((text, at) => (at === 2 ? state : el("td", {}, at === 0 ? say(`action.${text}`) : text)));
    return [el("tr", {}, head, ...cells, act), more];
  }

  private stepping(rule: Rule): HTMLElement {
    const say = this.say;
    const to = el("select", {}, ...(NEXT[rule.state] ?? []).map((state) => el("option", { value: state }, say(`state.${state}`))));
    const share = el("input", { type: "number", min: 1, max: 99, step: 1, value: 10 });
    const why = el("input", { required: true, maxlength: 2000 });
    const despite = el("input", { type: "checkbox" });
    const told = el("div", { role: "status" });
    const percent = labelled(say("share"), share);
    const canary = (): void => void (percent.hidden = to.value !== "canary");
    to.addEventListener("change", canary);
    canary();
    const form = el("form", { class: "acts" }, labelled(say("to"), to), percent, labelled(say("why"), why));
    if (this.approves) form.append(el("label", { class: "tick" }, despite, " ", say("despite")));
    form.append(el("button", { type: "submit", class: "firm" }, say("take_step")), told);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void take();
    });
    const take = async (): Promise<void> => {
      told.replaceChildren(note(say("checking")));
      try {
        const query = document.body.dataset.query ?? "";
        const body = { rule_id: rule.id, to: to.value, share: to.value === "canary" ? Number(share.value) / 100 : null, why: why.value, despite: despite.checked };
        const done = await api<Stepped>(`rules/steps?${query}`, { body });
        const lines = done.objections.map((text) => note(text, "bad"));
        if (done.waiting) lines.push(note(say("waits"), "unsure"));
        if (done.again) lines.push(note(say("again", { ads: done.again })));
        if (done.state && !done.objections.length) return void (await this.show());
        if (done.state) lines.push(note(say("moved", { state: say(`state.${done.state}`) }), "good"));
        else if (!done.waiting) lines.push(note(say("not_taken"), "bad"));
        told.replaceChildren(...lines);
      } catch (fault) {
        told.replaceChildren(note(fault instanceof Told ? fault.message : say("failed"), "bad"));
      }
    };
    return form;
  }
}
