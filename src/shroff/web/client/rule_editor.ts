// The editor of a pack: what is wrong is said as it is typed, with its place; drafts are kept.

import { api, Told } from "./api";
import { button, el } from "./dom";
import { note } from "./job";
import { trials } from "./rule_trials";
import { bilingual, type Say } from "./saying";

export interface Editing {
  say: Say;
  writes: boolean;
  approves: boolean;
  changed: () => void;
}

export interface Written {
  name: string;
  text: string;
}

interface PackText extends Written {
  draft: boolean;
  digest: string;
}

interface Finding {
  code: string;
  level: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  message: string;
  fixable: boolean;
}

interface Linted {
  errors: number;
  warnings: number;
  rules: string[];
  findings: Finding[];
}

interface Diff {
  added: { rule: string; match: string }[];
  removed: { rule: string; match: string }[];
  changed: { rule: string; changes: { what: string; before: string; after: string }[] }[];
  sentence: { en: string; zh: string };
}

const PAUSE = 400;
const SHOWN = 60;

export async function editPack(place: HTMLElement, name: string, editing: Editing): Promise<void> {
  const found = await api<PackText>(`rules/packs/${encodeURIComponent(name)}`).catch(() => null);
  const start = found ?? { name, text: template(name), draft: true, digest: "" };
  new Editor(place, start, editing).open();
}

function template(name: string): string {
  return `pack: ${name}\nversion: 1\nowner: \nrules:\n  - id: ${name.toUpperCase().slice(0, 12)}-1\n    name: {en: "", zh: ""}\n    policy: \n    action: review\n    match:\n      - \n    examples:\n      match: []\n      no_match: []\n`;
}

class Editor {
  private readonly area: HTMLTextAreaElement;
  private readonly lines = el("pre", { class: "gutter", "aria-hidden": "true" });
  private readonly findings = el("div", { class: "findings", role: "status", "aria-live": "polite" });
  private readonly told = el("div", { role: "status" });
  private readonly state = el("span", { class: "note" });
  private readonly trial: { edited: () => void; box: HTMLElement };
  private kept: string;
  private before: string;
  private waiting = 0;
  private turn = 0;

  constructor(private readonly place: HTMLElement, private readonly pack: PackText, private readonly editing: Editing) {
    const { say, writes } = editing;
    this.area = el("textarea", { class: "code", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-label": say("text_of", { name: pack.name }), readonly: !writes });
    this.area.value = this.kept = pack.text;
    this.before = pack.draft ? pack.digest : "";
    this.trial = trials(() => ({ name: pack.name, text: this.area.value }), editing);
  }

  open(): void {
    const { say, writes, approves } = this.editing;
    const acts = el("div", { class: "acts" });
    if (writes) {
      acts.append(
        button(say("save"), () => void this.save(), { class: "firm" }),
        button(say("mend"), () => void this.mend()),
      );
    }
    acts.append(button(say("diff"), () => void this.diff()));
    if (approves) acts.append(button(say("adopt"), () => void this.adopt()));
    if (writes) acts.append(button(say("drop"), () => void this.drop()));
    acts.append(button(say("close"), () => this.close()), this.state);
    this.place.replaceChildren(
      el("h2", { class: "next", tabindex: -1 }, say("editing", { name: this.pack.name })),
      el("p", { class: "lead" }, say(this.pack.draft ? "lead_draft" : "lead_used")),
      el("div", { class: "editor", "data-scrolls": "" }, this.lines, this.area),
      acts,
      this.told,
      this.findings,
      this.trial.box,
    );
    this.area.addEventListener("input", () => this.edited());
    this.area.addEventListener("scroll", () => void (this.lines.scrollTop = this.area.scrollTop));
    this.area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !writes) return;
      event.preventDefault();
      void this.save();
    });
    this.place.querySelector<HTMLElement>("h2")?.focus();
    this.edited();
  }

  private edited(): void {
    const count = this.area.value.split("\n").length;
    this.lines.textContent = Array.from({ length: count }, (_, at) => String(at + 1)).join("\n");
    this.state.textContent = this.editing.say(this.area.value === this.kept ? "as_kept" : "unsaved");
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), PAUSE);
  }

  private async look(): Promise<void> {
    const { say } = this.editing;
    const mine = ++this.turn;
    const query = document.body.dataset.query ?? "";
    try {
      const found = await api<Linted>(`rules/lint?${query}`, { body: this.written() });
      if (mine !== this.turn) return;
      const head = found.findings.length
        ? say("lint", { errors: found.errors, warnings: found.warnings })
        : say("lint_clean", { rules: found.rules.length });
      const rank = (each: Finding): number => (each.level === "error" ? 0 : 1);
      const ordered = [...found.findings].sort((one, other) => rank(one) - rank(other) || one.line - other.line);
      const items = ordered.slice(0, SHOWN).map((each) => el("li", { class: each.level }, this.placed(each), " ", each.message));
      const rest = found.findings.length - items.length;
      this.findings.replaceChildren(note(head, found.errors ? "bad" : found.warnings ? "unsure" : "good"), el("ul", { class: "plain", tabindex: 0, "aria-label": say("findings") }, ...items));
      if (rest > 0) this.findings.append(note(say("more_findings", { findings: rest })));
      if (!found.errors) this.trial.edited();
    } catch (fault) {
      if (mine === this.turn) this.findings.replaceChildren(note(this.why(fault), "bad"));
    }
  }

  /** A button that goes to the place of a finding and selects it. */
  private placed(found: Finding): HTMLElement {
    return button(`${found.line}:${found.column} ${found.code}`, () => {
      const start = this.offset(found.line, found.column);
      this.area.focus();
      this.area.setSelectionRange(start, Math.max(start, this.offset(found.end_line, found.end_column)));
      this.area.scrollTop = Math.max(0, (found.line - 6) * parseFloat(getComputedStyle(this.area).lineHeight));
    }, { class: "bare", "aria-label": this.editing.say("go_to", { line: found.line, column: found.column }) });
  }

  /** Columns count code points; a textarea counts UTF-16 units. */
  private offset(line: number, column: number): number {
    const lines = this.area.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    return before + Array.from(lines[line - 1] ?? "").slice(0, column - 1).join("").length;
  }

  private written(): Written {
    return { name: this.pack.name, text: this.area.value };
  }

  private async save(): Promise<boolean> {
    const { say, changed } = this.editing;
    const text = this.area.value;
    try {
      const path = `rules/drafts/${encodeURIComponent(this.pack.name)}`;
      const kept = await api<PackText>(path, { method: "PUT", body: { text, before: this.before } });
      this.before = kept.digest;
      this.kept = text;
      this.told.replaceChildren(note(say("saved"), "good"));
      this.edited();
      changed();
      return true;
    } catch (fault) {
      this.told.replaceChildren(note(this.why(fault), "bad"));
      return false;
    }
  }

  private async mend(): Promise<void> {
    try {
      const found = await api<{ text: string; mended: number }>("rules/mend", { body: this.written() });
      this.area.value = found.text;
      this.told.replaceChildren(note(this.editing.say("mended", { findings: found.mended })));
      this.edited();
    } catch (fault) {
      this.told.replaceChildren(note(this.why(fault), "bad"));
    }
  }

  private async diff(): Promise<void> {
    const { say } = this.editing;
    try {
      const found = await api<Diff>("rules/diff", { body: this.written() });
      const line = (sign: string, rule: string, text: string): HTMLElement => el("li", {}, el("b", {}, `${sign} ${rule}`), ` ${text}`);
      const items = [
        ...found.added.map((each) => line("+", each.rule, each.match)),
        ...found.removed.map((each) => line("−", each.rule, each.match)),
        ...found.changed.flatMap((each) => each.changes.map((one) => line("~", each.rule, `${one.what}: ${one.before || "–"} → ${one.after || "–"}`))),
      ];
      this.told.replaceChildren(note(bilingual(found.sentence)), el("ul", { class: "plain diff", "aria-label": say("diff") }, ...items));
    } catch (fault) {
      this.told.replaceChildren(note(this.why(fault), "bad"));
    }
  }

  private async adopt(): Promise<void> {
    const { say, changed } = this.editing;
    if (!window.confirm(say("adopt_sure", { name: this.pack.name }))) return;
    if (!(await this.save())) return;
    try {
      await api(`rules/drafts/${encodeURIComponent(this.pack.name)}/adopt`, { body: {} });
      this.before = "";
      this.told.replaceChildren(note(say("adopted"), "good"));
      changed();
    } catch (fault) {
      this.told.replaceChildren(note(this.why(fault), "bad"));
    }
  }

  private async drop(): Promise<void> {
    const { say, changed } = this.editing;
    if (!window.confirm(say("drop_sure", { name: this.pack.name }))) return;
    try {
      await api(`rules/drafts/${encodeURIComponent(this.pack.name)}`, { method: "DELETE" }).catch((fault: unknown) => {
        if (!(fault instanceof SyntaxError)) throw fault; // an answer without content is no JSON
      });
      this.place.hidden = true;
      changed();
    } catch (fault) {
      this.told.replaceChildren(note(this.why(fault), "bad"));
    }
  }

  private close(): void {
    if (this.area.value !== this.kept && !window.confirm(this.editing.say("close_sure"))) return;
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  private why(fault: unknown): string {
    return fault instanceof Told ? fault.message : this.editing.say("failed");
  }
}

