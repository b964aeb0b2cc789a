// One ad at a time: its texts, the verdict by number keys, policies, evidence, a note, and the time it took.

import { api } from "./api";
import { turn } from "./blur";
import { button, el, labelled, options } from "./dom";
import { alarm, note } from "./job";
import { ActiveTime } from "./label_time";
import { CHINESE, type Say } from "./saying";
import type { Task } from "./tool_label";

interface Ad {
  batch: string;
  place: number;
  left: number;
  asked: number;
  content: Record<string, string>;
  before: (Draft & { verdict: string }) | null;
}

interface Policy {
  id: string;
  name_en: string;
  name_zh: string;
  text: string;
}

interface Span {
  field: string;
  start: number;
  end: number;
  text: string;
}

interface Draft {
  policies?: string[];
  severity?: number | null;
  note?: string;
  evidence?: Span[];
}

interface Given {
  name: string;
  say: Say;
  back: () => void;
}

const TEXTS = ["title", "body", "ocr_text", "asr_text"];
const VERDICTS = ["violating", "compliant", "unclear"];

export async function labelBatch(box: HTMLElement, task: Task, given: Given): Promise<void> {
  const path = `label/${task.batch}`;
  const [policies, opened] = await Promise.all([
    api<Policy[]>("label/policies"),
    api<{ ad: Ad | null }>(`${path}/open`, { body: { name: given.name } }),
  ]);
  const sheet = new Sheet(box, task, policies, given);
  sheet.show(opened.ad);
}

class Sheet {
  private ad: Ad | null = null;
  private draft: Required<Draft> = { policies: [], severity: null, note: "", evidence: [] };
  private readonly time = new ActiveTime();
  private readonly path: string;
  private readonly told = el("div", { "aria-live": "assertive" });
  private readonly texts = el("div", { class: "label-texts" });
  private readonly chips = el("p", { class: "chips" });
  private readonly marks = el("p", { class: "chips" });
  private readonly policy = el("input", { list: "label-policies", maxlength: 200, autocomplete: "off" });
  private readonly words = el("input", { maxlength: 500, autocomplete: "off" });
  private readonly severity = el("select", {});
  private readonly note = el("textarea", { maxlength: 4000, rows: 2 });
  private readonly count = el("p", { class: "days" });
  private readonly more = el("div", { class: "violating-more", hidden: true });
  private busy = false;
  private undos = 0;
  private lastG = -Infinity;

  constructor(
    private readonly box: HTMLElement,
    task: Task,
    private readonly policies: Policy[],
    private readonly given: Given,
  ) {
    this.path = `label/${task.batch}`;
    this.build();
  }

  private get say(): Say {
    return this.given.say;
  }

  private build(): void {
    const say = this.say;
    options(this.severity, [["", "–"], ...["1", "2", "3", "4", "5"].map((n): [string, string] => [n, n])]);
    const verdicts = VERDICTS.map((verdict, at) =>
      el("button", { type: "button", class: `verdict ${verdict}`, on: { click: () => this.choose(verdict) } }, el("kbd", {}, String(at + 1)), ` ${say(verdict)}`),
    );
    this.policy.placeholder = say("policy_hint");
    this.words.placeholder = say("evidence_hint");
    this.more.append(
      labelled(say("policies"), this.policy),
      el("datalist", { id: "label-policies" }, ...this.policies.map((each) => el("option", { value: each.id }, named(each)))),
      this.chips,
      labelled(say("severity"), this.severity),
      el("p", { class: "acts" }, el("button", { type: "button", class: "firm", on: { click: () => void this.keep("violating") } }, say("keep"))),
    );
    const side = el(
      "div",
      { class: "judging" },
      el("h3", {}, say("verdict")),
      el("div", { class: "verdicts", role: "group", "aria-label": say("verdict") }, ...verdicts),
      this.more,
      labelled(say("evidence"), this.words),
      el("p", { class: "acts" }, button(say("mark"), () => this.mark())),
      this.marks,
      labelled(say("note"), this.note),
      el("p", { class: "acts" }, button(say("undo"), () => void this.step("undo")), button(say("skip"), () => void this.step("skip"))),
      this.told,
      note(say("keys")),
    );
    const head = el("div", { class: "tool-head" }, this.count, button(say("back"), () => this.leave()));
    this.box.replaceChildren(head, el("div", { class: "labelling" }, this.texts, side), this.guide());
    this.policy.addEventListener("keydown", (event) => this.inPolicy(event));
    this.words.addEventListener("keydown", (event) => this.inWords(event));
    this.note.addEventListener("input", () => this.save());
    this.severity.addEventListener("change", () => this.save());
    // before the keys of all pages, some of which are the same
    document.addEventListener("keydown", this.onKey, true);
  }

  private guide(): HTMLElement {
    const say = this.say;
    const each = this.policies.map((policy) =>
      el("details", {}, el("summary", {}, `${policy.id} ${named(policy)}`), policy.text ? el("pre", { class: "policy", tabindex: 0 }, policy.text) : note(say("no_text"))),
    );
    const inside = el("div", { class: "inside" }, ...each);
    return el("details", { class: "guide" }, el("summary", {}, say("guide")), inside);
  }

  private leave(): void {
    document.removeEventListener("keydown", this.onKey, true);
    this.given.back();
  }

  show(ad: Ad | null): void {
    this.ad = ad;
    if (!ad) return this.leave();
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null") as Draft | null;
    const before = kept ?? ad.before ?? {};
    this.draft = { policies: before.policies ?? [], severity: before.severity ?? null, note: before.note ?? "", evidence: before.evidence ?? [] };
    this.note.value = this.draft.note;
    this.severity.value = this.draft.severity ? String(this.draft.severity) : "";
    this.policy.value = this.words.value = "";
    this.more.hidden = !this.draft.policies.length;
    this.count.textContent = this.say("left_of", { left: ad.left, asked: ad.asked });
    this.texts.replaceChildren(...this.fields(ad));
    this.write();
    this.time.restart();
    (document.activeElement as HTMLElement | null)?.blur();
    this.texts.scrollIntoView({ block: "nearest" });
  }

  private get key(): string {
    return `shroff-label-draft ${this.path} ${this.ad?.place ?? 0} ${this.given.name}`;
  }

  private fields(ad: Ad): HTMLElement[] {
    const say = this.say;
    const shown = TEXTS.filter((name) => ad.content[name]).map((name) =>
      el("div", { class: "label-field" }, el("h3", {}, say(`field_${name}`)), el("p", { class: "ad-text", dir: "auto", "data-field": name }, ad.content[name])),
    );
    const facts = el("dl", { class: "label-facts" });
    for (const [name, value] of Object.entries(ad.content)) {
      if (TEXTS.includes(name) || !value) continue;
      facts.append(el("div", {}, el("dt", {}, say(`field_${name}`)), el("dd", {}, el("bdi", {}, value))));
    }
    return [...shown, facts];
  }

  // texts are blurred like all texts of ads; this shows those of the ad at hand
  private reveal(): void {
    for (const text of this.texts.querySelectorAll<HTMLElement>(".ad-text")) turn(text);
  }

  private choose(verdict: string): void {
    if (verdict !== "violating") return void this.keep(verdict);
    this.more.hidden = false;
    this.policy.focus();
  }

  private inPolicy(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const asked = this.policy.value.trim();
    if (!asked) return void this.keep("violating");
    const found = this.policies.find((each) => each.id.toLowerCase() === asked.toLowerCase());
    if (!found && this.policies.length) return this.told.replaceChildren(note(this.say("unknown_policy", { policy: asked }), "bad"));
    const id = found?.id ?? asked;
    if (!this.draft.policies.includes(id)) this.draft.policies.push(id);
    this.policy.value = "";
    this.told.replaceChildren();
    this.save();
  }

  private inWords(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const asked = this.words.value.trim();
    for (const name of asked ? TEXTS : []) {
      const at = (this.ad?.content[name] ?? "").indexOf(asked);
      if (at < 0) continue;
      this.words.value = "";
      this.told.replaceChildren();
      return this.add(name, at, at + asked.length);
    }
    if (asked) this.told.replaceChildren(note(this.say("evidence_none"), "bad"));
  }

  private mark(): void {
    const chosen = getSelection();
    const range = chosen && chosen.rangeCount ? chosen.getRangeAt(0) : null;
    const text = range?.startContainer.parentElement?.closest<HTMLElement>(".ad-text");
    if (!range || range.collapsed || !text || !text.contains(range.endContainer)) return this.words.focus();
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    this.add(text.dataset.field ?? "", start, start + range.toString().length);
    chosen?.removeAllRanges();
  }

  // places are told in characters, as the server counts them, not in halves of them
  private add(field: string, start: number, end: number): void {
    const text = this.ad?.content[field] ?? "";
    const characters = (until: number): number => [...text.slice(0, until)].length;
    this.draft.evidence.push({ field, start: characters(start), end: characters(end), text: text.slice(start, end) });
    this.save();
  }

  private save(): void {
    this.draft.note = this.note.value;
    this.draft.severity = Number(this.severity.value) || null;
    sessionStorage.setItem(this.key, JSON.stringify(this.draft));
    this.write();
  }

  private write(): void {
    const chip = (text: string, remove: () => void): HTMLElement =>
      el("span", { class: "term" }, el("bdi", {}, text), button("×", () => (remove(), this.save()), { class: "bare", "aria-label": this.say("remove", { what: text }) }));
    this.chips.replaceChildren(...this.draft.policies.map((id) => chip(id, () => (this.draft.policies = this.draft.policies.filter((each) => each !== id)))));
    this.marks.replaceChildren(...this.draft.evidence.map((span) => chip(span.text.slice(0, 60), () => (this.draft.evidence = this.draft.evidence.filter((each) => each !== span)))));
  }

  private async keep(verdict: string): Promise<void> {
    const { policies, severity, evidence } = this.draft;
    const violating = verdict === "violating";
    await this.ask("say", {
      verdict,
      policies: violating ? policies : [],
      severity: violating ? Number(this.severity.value) || severity : null,
      note: this.note.value,
      evidence: evidence.map(({ field, start, end }) => ({ field, start, end })),
      seconds: this.time.seconds,
    });
  }

  private async step(what: "undo" | "skip"): Promise<void> {
    await this.ask(what, {});
  }

  private async ask(what: string, body: Record<string, unknown>): Promise<void> {
    // a step back that is asked for while an answer is being saved comes after it
    if (this.busy && what === "undo") this.undos += 1;
    if (this.busy || !this.ad) return;
    this.busy = true;
    const draft = this.key;
    try {
      let next = await this.send(what, what === "undo" ? body : { ...body, place: this.ad.place });
      if (what === "say") sessionStorage.removeItem(draft);
      for (; this.undos; this.undos -= 1) next = await this.send("undo", {});
      this.told.replaceChildren();
      this.show(next.ad);
    } catch (fault) {
      this.undos = 0;
      this.told.replaceChildren(alarm(fault));
    }
    this.busy = false;
  }

  private send(what: string, body: Record<string, unknown>): Promise<{ ad: Ad | null }> {
    return api<{ ad: Ad | null }>(`${this.path}/${what}`, { body: { ...body, name: this.given.name } });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const at = event.target instanceof HTMLElement ? event.target : null;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (at && /^(input|textarea|select)$/i.test(at.tagName) && at.getAttribute("type") !== "checkbox") {
      if (event.key === "Escape") at.blur();
      return;
    }
    // after g a letter opens a page
    if (event.key === "g") this.lastG = performance.now();
    else if (performance.now() - this.lastG > 1200) this.press(event);
  };

  private press(event: KeyboardEvent): void {
    const verdict = VERDICTS[Number(event.key) - 1];
    const acts: Record<string, () => void> = {
      u: () => void this.step("undo"),
      s: () => void this.step("skip"),
      e: () => this.mark(),
      n: () => this.note.focus(),
      v: () => this.reveal(),
    };
    const act = verdict ? () => this.choose(verdict) : acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

function named(policy: Policy): string {
  return CHINESE ? policy.name_zh : policy.name_en;
}
