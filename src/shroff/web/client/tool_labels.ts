// Batches of labels: planned, drawn, out as files and back with each fault by its row.

import { api } from "./api";
import { button, el, labelled, options } from "./dom";
import { unwritten } from "./grid";
import { alarm, note, runJob, type JobTold } from "./job";
import { bilingual, count, percent, sayings, type Say } from "./saying";
import type { Task } from "./tool_label";

interface Plan {
  plan_id: string;
  lead: { en: string; zh: string };
  told: { en: string; zh: string }[];
  keys: { name: string }[];
  strata: { values: string[]; ads: number; drawn: number; ask: number; chance: number; cost: number }[];
  notes: { en: string; zh: string }[];
}

interface Uploaded {
  rows: number;
  labelled: number;
  faults: { row: number; kind: string; text: string }[];
  more: number;
  job: JobTold<Record<string, number>> | null;
}

const METRICS = ["leakage", "reject_precision", "recall_any", "violating_ad_share"];
const HOW = ["half", "third", "quarter"];

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const batches = new Batches(place.querySelector<HTMLElement>("[data-batches]")!, say);
  const planning = place.querySelector<HTMLElement>("[data-planning]");
  if (planning) startPlanning(planning, say, () => void batches.load());
  await batches.load();
}

class Batches {
  private readonly told = el("div", { "aria-live": "polite" });
  private readonly list = el("div", { class: "scroll", tabindex: 0 });

  constructor(
    private readonly box: HTMLElement,
    private readonly say: Say,
  ) {
    box.append(this.told, this.list);
  }

  async load(): Promise<void> {
    try {
      this.draw(await api<Task[]>("labels/batches"));
    } catch (fault) {
      this.list.replaceChildren(alarm(fault));
    }
  }

  private draw(tasks: Task[]): void {
    const say = this.say;
    if (!tasks.length) return this.list.replaceChildren(note(say("no_batch")));
    const head = ["batch", "kind", "progress", "state", ""].map((name) => el("th", { scope: "col", class: name === "progress" ? "end" : "start" }, name ? say(name) : unwritten()));
    const rows = tasks.map((task) => this.row(task));
    this.list.replaceChildren(el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows.reverse()))));
  }

  private row(task: Task): HTMLElement {
    const say = this.say;
    const query = document.body.dataset.query ?? "";
    const name = task.golden ? say("golden", { name: task.golden }) : task.batch;
    const state = task.unsent ? "state_unsent" : task.taken ? "state_taken" : task.given ? "state_begun" : "state_waiting";
    const acts = el("span", { class: "acts tight" });
    if (this.box.dataset.may) {
      acts.append(el("a", { class: "button", href: `/label?batch=${encodeURIComponent(task.batch)}&${query}` }, say("label")));
      for (const form of ["csv", "xlsx"]) {
        acts.append(el("a", { class: "button", href: `/api/v1/labels/batches/${task.batch}/file?form=${form}`, download: true }, form.toUpperCase()));
      }
      acts.append(this.upload(task));
    }
    const bar = el("progress", { max: Math.max(task.asked, 1), value: task.given, "aria-label": say("progress") });
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, name, el("small", {}, ` ${say("drawn", { day: task.drawn.slice(0, 10) })}`)),
      el("td", {}, say(`part_${task.part}`)),
      el("td", { class: "end" }, el("span", { class: "bar-of" }, bar, `${task.given} / ${task.asked}`)),
      el("td", {}, say(state)),
      el("td", { class: "end" }, acts),
    );
  }

  private upload(task: Task): HTMLElement {
    const file = el("input", { type: "file", accept: ".csv,.xlsx,.jsonl", hidden: true, "aria-label": this.say("upload") });
    const pressed = button(this.say("upload"), () => file.click());
    file.addEventListener("change", () => void this.send(task, file));
    return el("span", {}, file, pressed);
  }

  private async send(task: Task, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    const say = this.say;
    this.told.replaceChildren(note(say("reading", { file: file.name })));
    try {
      const form = file.name.split(".").pop()?.toLowerCase() ?? "";
      if (!["csv", "xlsx", "jsonl"].includes(form)) return this.told.replaceChildren(note(say("forms"), "bad"));
      const body = { form, content: await base64(file) };
      const sent = await api<Uploaded>(`labels/batches/${task.batch}/upload`, { body });
      if (sent.faults.length) this.told.replaceChildren(this.faults(file.name, sent));
      else if (!sent.job) this.told.replaceChildren(note(say("no_verdict"), "bad"));
      else await this.taken(sent.job);
    } catch (fault) {
      this.told.replaceChildren(alarm(fault));
    }
    input.value = "";
  }

  private async taken(job: JobTold<Record<string, number>>): Promise<void> {
    const done = await runJob<Record<string, number>>(job, null, this.told);
    await this.load();
    if (done?.result) this.told.replaceChildren(note(this.say("taken", done.result), "good"));
  }

  private faults(file: string, sent: Uploaded): HTMLElement {
    const say = this.say;
    const head = ["row", "wrong", "what"].map((name) => el("th", { scope: "col" }, say(`fault_${name}`)));
    const rows = sent.faults.map((each) => el("tr", {}, el("th", { scope: "row" }, each.row ? String(each.row) : "–"), el("td", {}, say(`kind_${each.kind}`)), el("td", {}, el("bdi", {}, each.text))));
    return el(
      "div",
      { class: "callout bad" },
      el("p", {}, el("strong", {}, say("refused", { file, faults: sent.faults.length + sent.more }))),
      el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows))),
      sent.more ? note(say("more", { more: sent.more })) : null,
    );
  }
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function startPlanning(place: HTMLElement, say: Say, drawn: () => void): void {
  const goals: string[] = [];
  const metric = el("select", {});
  const how = el("select", {});
  const where = el("input", { placeholder: "market=ID", maxlength: 120, autocomplete: "off" });
  const by = el("input", { placeholder: "language", maxlength: 120, autocomplete: "off" });
  const budget = el("input", { type: "number", min: 1, step: "any" });
  const chips = el("p", { class: "chips" });
  const told = el("div", { "aria-live": "polite" });
  options(metric, METRICS.map((each) => [each, say(`metric_${each}`)]));
  options(how, HOW.map((each) => [each, say(`how_${each}`)]));

  const goal = (): string => `${metric.value}${where.value.trim() ? `@${where.value.trim()}` : ""}:${how.value}`;
  const list = (): void => {
    chips.replaceChildren(
      ...goals.map((each) => el("span", { class: "term" }, each, button("×", () => (goals.splice(goals.indexOf(each), 1), list()), { class: "bare", "aria-label": say("remove", { what: each }) }))),
    );
  };
  const add = (): void => {
    if (!goals.includes(goal())) goals.push(goal());
    list();
  };
  const plan = async (): Promise<void> => {
    const query = document.body.dataset.query ?? "";
    const words = (text: string): string[] => text.split(",").map((each) => each.trim()).filter((each) => each);
    const body = { goals: goals.length ? goals : [goal()], by: words(by.value), budget: Number(budget.value) || null };
    try {
      const job = await runJob<Plan>(`labels/plan?${query}`, body, told);
      if (job?.result) told.replaceChildren(shown(job.result, say, drawn));
    } catch (fault) {
      told.replaceChildren(alarm(fault));
    }
  };
  const form = el(
    "form",
    { class: "filters", on: { submit: (event) => (event.preventDefault(), void plan()) } },
    labelled(say("metric"), metric),
    labelled(say("of"), where),
    labelled(say("how"), how),
    button(say("add_goal"), add),
    labelled(say("by"), by),
    labelled(say("budget"), budget),
    el("button", { type: "submit", class: "firm" }, say("plan")),
  );
  place.append(form, chips, told);
}

function shown(plan: Plan, say: Say, drawn: () => void): HTMLElement {
  const told = el("div", { "aria-live": "polite" });
  const asked = plan.strata.filter((each) => each.ask);
  const titles = ["stratum", "ads", "drawn", "ask", "chance", "cost"];
  const head = titles.map((name, at) => el("th", { scope: "col", class: at ? "end" : "start" }, say(`column_${name}`)));
  const rows = asked.map((each) => {
    const cells = [count(each.ads), count(each.drawn), count(each.ask), percent(each.chance), count(each.ask * each.cost)];
    return el("tr", {}, el("th", { scope: "row" }, each.values.filter((value) => value).join(" · ")), ...cells.map((text) => el("td", { class: "end" }, text)));
  });
  const draw = async (): Promise<void> => {
    pressed.disabled = true;
    try {
      const job = await runJob<{ id: string; asked: number; kept: number }>("labels/draw", { plan: plan.plan_id }, told);
      if (job?.result) told.replaceChildren(note(say(job.result.asked ? "drawn_now" : "drawn_none", job.result), "good"));
      drawn();
    } catch (fault) {
      told.replaceChildren(alarm(fault));
    }
    pressed.disabled = false;
  };
  const pressed = button(say("draw"), () => void draw(), { class: "firm" });
  return el(
    "div",
    {},
    el("p", { class: "headline" }, bilingual(plan.lead)),
    el("ul", { class: "support" }, ...plan.told.map((each) => el("li", {}, bilingual(each)))),
    asked.length ? el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows))) : null,
    asked.length ? el("p", { class: "acts" }, pressed) : null,
    told,
    ...plan.notes.map((each) => note(bilingual(each))),
  );
}
