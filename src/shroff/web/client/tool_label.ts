// Labelling: the batches that are due, and one ad at a time by keyboard.

import { api } from "./api";
import { button, el, labelled } from "./dom";
import { unwritten } from "./grid";
import { alarm, note, runJob } from "./job";
import { labelBatch } from "./label_sheet";
import { percent, sayings, type Say } from "./saying";

export interface Task {
  batch: string;
  drawn: string;
  taken: string;
  golden: string;
  part: string;
  asked: number;
  given: number;
  mine: number;
  left: number;
  seconds: number;
  unsent: boolean;
}

interface Agreement {
  asked: number;
  both: number;
  done: boolean;
  answers: string[];
  table: number[][];
  disputed: number | null;
  figures: Record<string, { value: number | null; low: number | null; high: number | null; n: number }>;
}

const NAME = "shroff-label-name";

export async function start(place: HTMLElement): Promise<void> {
  const box = place.querySelector<HTMLElement>("[data-label]")!;
  await new Batches(box, sayings(place)).show(new URLSearchParams(location.search).get("batch") ?? "");
}

class Batches {
  private readonly told = el("div", { "aria-live": "polite" });

  constructor(
    private readonly box: HTMLElement,
    private readonly say: Say,
  ) {}

  // the name of who labels, where nobody signs in; else the server knows
  private get name(): string {
    return this.box.dataset.alone ? (localStorage.getItem(NAME) ?? "") : "";
  }

  async show(batch = ""): Promise<void> {
    this.remember(batch);
    try {
      const tasks = await api<Task[]>(`label/tasks?name=${encodeURIComponent(this.name)}`);
      const task = tasks.find((each) => each.batch === batch);
      if (task && task.left) return await this.label(task);
      this.list(tasks);
    } catch (fault) {
      this.box.replaceChildren(alarm(fault));
    }
  }

  private remember(batch: string): void {
    const address = new URL(location.href);
    if (batch) address.searchParams.set("batch", batch);
    else address.searchParams.delete("batch");
    history.replaceState(null, "", address);
  }

  private async label(task: Task): Promise<void> {
    this.remember(task.batch);
    await labelBatch(this.box, task, { name: this.name, say: this.say, back: () => void this.show() });
  }

  private list(tasks: Task[]): void {
    const say = this.say;
    const head = ["batch", "kind", "progress", "by_you", "left", ""].map((name) =>
      el("th", { scope: "col", class: ["progress", "by_you", "left"].includes(name) ? "end" : "start" }, name ? say(name) : unwritten()),
    );
    const order = [...tasks].sort((a, b) => Number(b.left > 0) - Number(a.left > 0) || a.drawn.localeCompare(b.drawn));
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...order.map((task) => this.row(task))));
    this.box.replaceChildren(
      el("h2", {}, say("mine")),
      el("p", { class: "lead" }, say("mine_lead")),
      this.box.dataset.alone ? this.who() : "",
      this.told,
      tasks.length ? el("div", { class: "scroll", tabindex: 0 }, table) : note(say("none")),
    );
  }

  private who(): HTMLElement {
    const input = el("input", { value: this.name || this.box.dataset.who || "", maxlength: 80, autocomplete: "off" });
    input.addEventListener("change", () => {
      localStorage.setItem(NAME, input.value.trim());
      void this.show();
    });
    return el("div", { class: "filters" }, labelled(this.say("name"), input), note(this.say("name_note")));
  }

  private row(task: Task): HTMLElement {
    const say = this.say;
    const name = task.golden ? say("golden", { name: task.golden }) : task.batch;
    const drawn = say("drawn", { day: task.drawn.slice(0, 10) });
    const whole = task.given >= task.asked;
    const acts = el("span", { class: "acts tight" });
    if (task.left) acts.append(button(say(task.mine ? "go_on" : "label"), () => void this.label(task), { class: "firm" }));
    if (task.unsent) acts.append(this.act(task, "hand_in"));
    else if (task.taken) acts.append(el("span", { class: "note" }, say("in_logs")));
    if (task.part === "single") acts.append(this.act(task, "double"));
    if (task.part === "first" && whole) acts.append(this.act(task, "agreement"));
    const bar = el("progress", { max: Math.max(task.asked, 1), value: task.given, "aria-label": say("progress") });
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, name, el("small", {}, ` ${drawn}`)),
      el("td", {}, say(`part_${task.part}`)),
      el("td", { class: "end" }, el("span", { class: "bar-of" }, bar, `${task.given} / ${task.asked}`)),
      el("td", { class: "end" }, String(task.mine)),
      el("td", { class: "end" }, String(task.left)),
      el("td", { class: "end" }, acts),
    );
  }

  private act(task: Task, what: "hand_in" | "double" | "agreement" | "adjudicate"): HTMLButtonElement {
    const pressed = button(this.say(what), () => void run());
    const run = async (): Promise<void> => {
      pressed.disabled = true;
      try {
        await this[what](task);
      } catch (fault) {
        this.told.replaceChildren(alarm(fault));
      }
      pressed.disabled = false;
    };
    return pressed;
  }

  private async hand_in(task: Task): Promise<void> {
    const job = await runJob<Record<string, number>>(`label/${task.batch}/hand-in`, {}, this.told);
    if (!job?.result) return;
    await this.show();
    this.told.replaceChildren(note(this.say("handed_in", job.result), "good"));
  }

  private async double(task: Task): Promise<void> {
    const made = await api<{ asked: number }>(`label/${task.batch}/double`, { body: {} });
    await this.show();
    this.told.replaceChildren(note(this.say("second_made", made), "good"));
  }

  private async adjudicate(task: Task): Promise<void> {
    const made = await api<{ asked: number }>(`label/${task.batch}/adjudicate`, { body: {} });
    await this.show();
    this.told.replaceChildren(note(this.say("third_made", made), "good"));
  }

  private async agreement(task: Task): Promise<void> {
    const found = await api<Agreement>(`label/${task.batch}/agreement`);
    if (!found.done) return this.told.replaceChildren(note(this.say("not_both", { both: found.both, asked: found.asked })));
    this.told.replaceChildren(this.agreed(task, found));
  }

  private agreed(task: Task, found: Agreement): HTMLElement {
    const say = this.say;
    const facts = el("p", { class: "facts" });
    for (const [name, figure] of Object.entries(found.figures)) {
      if (figure.value === null) continue;
      const write = (value: number): string => (name === "agreement" ? percent(value) : value.toFixed(2));
      const ends = figure.low === null || figure.high === null ? "" : ` (${write(figure.low)} – ${write(figure.high)})`;
      facts.append(el("span", { class: "fact" }, el("i", {}, say(`figure_${name}`)), ` ${write(figure.value)}${ends}`));
    }
    const cells = (row: number[]): HTMLElement[] => row.map((n) => el("td", { class: "end" }, String(n)));
    const head = el("tr", {}, el("th", { scope: "col" }, say("first_second")), ...found.answers.map((each) => el("th", { scope: "col", class: "end" }, say(each))));
    const rows = found.table.map((row, at) => el("tr", {}, el("th", { scope: "row" }, say(found.answers[at] ?? "")), ...cells(row)));
    const table = el("table", { class: "small" }, el("thead", {}, head), el("tbody", {}, ...rows));
    return el(
      "div",
      { class: "callout" },
      el("p", {}, el("strong", {}, say("agree_title"))),
      note(say("agree_n", { n: found.both, disputed: found.disputed ?? 0 })),
      facts,
      el("div", { class: "scroll", tabindex: 0 }, table),
      found.disputed ? el("p", { class: "acts" }, this.act(task, "adjudicate")) : "",
    );
  }
}
