// Lines moved by hand: sliders for review and reject, figures that follow with their intervals.

import { api } from "./api";
import { button, el, labelled, options } from "./dom";
import { alarm, note, runJob, showResult } from "./job";
import { bilingual, chance, count, percent, points, signed, type Say } from "./saying";

interface Figure {
  value: number | null;
  low: number | null;
  high: number | null;
  status: string;
  n: number;
}

interface Tried {
  figures: Record<string, { before: Figure; after: Figure; change: Figure }>;
  kept: Record<string, number>;
  goals: Record<string, number>;
  queues: Record<string, [number, number]>;
  moved: number;
  cells: number;
}

interface Cell {
  where: Record<string, string>;
  ads: number;
  labels: number;
  review_from: number | null;
  reject_from: number | null;
}

interface Room {
  days: number;
  level: number;
  model: string;
  version: string;
  by: string[];
  labels: number;
  cells: Cell[];
  today: Tried;
  goals: Record<string, { metric: string; at_most: number | null; at_least: number | null }>;
  notes: { en: string; zh: string }[];
  period: { start: string; end: string };
}

interface Move {
  where: Record<string, string>;
  review_from: number | null;
  reject_from: number | null;
}

const SHARES = new Set(["reject_precision", "leakage"]);
const SHOWN = ["violating_impressions", "leakage", "reject_precision", "review_hours", "missed_ads", "wrong_rejects", "approve_ads", "review_ads", "reject_ads"];
const WORSE_UP = new Set(["violating_impressions", "leakage", "review_hours", "missed_ads", "wrong_rejects"]);
const NEVER = 100;

export function startLines(place: HTMLElement, say: Say): void {
  const work = el("div");
  const open = button(say("lines_open"), () => void read());
  place.append(el("p", {}, open), work);

  async function read(): Promise<void> {
    open.disabled = true;
    try {
      const query = document.body.dataset.query ?? "";
      const job = await runJob<Room>(`advise/lines?${query}`, {}, work);
      if (job?.result) {
        open.parentElement?.remove();
        work.replaceChildren(new Mover(job.id, job.result, say, place.dataset.may === "write").box);
      }
    } catch (fault) {
      work.replaceChildren(alarm(fault));
    }
    open.disabled = false;
  }
}

class Mover {
  readonly box: HTMLElement;
  private moves: Move[] = [];
  private asking: AbortController | null = null;
  private readonly scopes: Record<string, HTMLSelectElement> = {};
  private readonly review = slider();
  private readonly reject = slider();
  private readonly figures = el("div", { class: "scroll", tabindex: 0 });
  private readonly told = el("div", { "aria-live": "polite" });
  private readonly chips = el("p", { class: "chips" });
  private readonly scope = el("p", { class: "note" });
  private readonly replayed = el("div");

  constructor(
    private readonly id: string,
    private readonly room: Room,
    private readonly say: Say,
    private readonly may: boolean,
  ) {
    const pickers = room.by.map((name) => labelled(say(`column_${name}`) === `column_${name}` ? name : say(`column_${name}`), this.picker(name)));
    const head = say("lines_head", {
      model: `${room.model} ${room.version}`,
      first: room.period.start,
      days: room.days,
      cells: room.cells.length,
      labels: count(room.labels),
    });
    this.box = el(
      "div",
      { class: "mover" },
      note(head),
      el("div", { class: "filters" }, ...pickers),
      this.scope,
      el("div", { class: "sliders" }, this.line("review_from", this.review), this.line("reject_from", this.reject)),
      this.chips,
      this.told,
      this.figures,
      this.acts(),
      this.replayed,
      ...room.notes.map((each) => note(bilingual(each))),
      note(say("lines_how", { level: percent(room.level) })),
    );
    this.aim();
    this.draw(room.today);
  }

  private picker(name: string): HTMLSelectElement {
    const select = el("select", { on: { change: () => this.aim() } });
    const values = [...new Set(this.room.cells.map((cell) => cell.where[name] ?? ""))].sort();
    options(select, [["\u0000", this.say("all")], ...values.map((value): [string, string] => [value, value || "–"])]);
    this.scopes[name] = select;
    return select;
  }

  private where(): Record<string, string> {
    const chosen = Object.entries(this.scopes).filter(([, select]) => select.value !== "\u0000");
    return Object.fromEntries(chosen.map(([name, select]) => [name, select.value]));
  }

  private fitting(where: Record<string, string>): Cell[] {
    return this.room.cells.filter((cell) => Object.entries(where).every(([name, value]) => cell.where[name] === value));
  }

  // the sliders show the lines of what is chosen: as moved, else as most of its ads have them today
  private aim(): void {
    const where = this.where();
    const cells = this.fitting(where);
    const move = this.moves.find((each) => same(each.where, where));
    const ads = cells.reduce((sum, cell) => sum + cell.ads, 0);
    const labels = cells.reduce((sum, cell) => sum + cell.labels, 0);
    this.review.value = String(place(move ? move.review_from : usual(cells, "review_from")));
    this.reject.value = String(place(move ? move.reject_from : usual(cells, "reject_from")));
    const none = cells.length === 0;
    this.review.disabled = this.reject.disabled = none;
    this.scope.textContent = none ? this.say("lines_none") : this.say("lines_scope", { cells: cells.length, ads: count(ads), labels: count(labels) });
    this.write();
  }

  private line(name: string, input: HTMLInputElement): HTMLElement {
    const shown = el("output", {});
    input.setAttribute("aria-label", this.say(name));
    input.addEventListener("input", () => {
      if (name === "review_from" && Number(input.value) > Number(this.reject.value)) this.reject.value = input.value;
      if (name === "reject_from" && Number(input.value) < Number(this.review.value)) this.review.value = input.value;
      this.moved();
    });
    return el("label", { class: "slider" }, el("span", {}, this.say(name)), input, shown);
  }

  private write(): void {
    for (const input of [this.review, this.reject]) {
      const text = scoreText(score(Number(input.value)), this.say);
      input.setAttribute("aria-valuetext", text);
      const shown = input.parentElement?.querySelector("output");
      if (shown) shown.textContent = text;
    }
  }

  private moved(): void {
    const where = this.where();
    const move = { where, review_from: score(Number(this.review.value)), reject_from: score(Number(this.reject.value)) };
    this.moves = [move, ...this.moves.filter((each) => !same(each.where, where))];
    // what names more columns decides before what names fewer
    this.moves.sort((a, b) => Object.keys(b.where).length - Object.keys(a.where).length);
    this.write();
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.list();
    try {
      const tried = await api<Tried>("advise/lines/try", { body: { room: this.id, moves: this.moves }, signal: asking.signal });
      this.told.replaceChildren();
      this.draw(tried);
    } catch (fault) {
      if (!asking.signal.aborted) this.told.replaceChildren(alarm(fault));
    }
  }

  private list(): void {
    this.chips.replaceChildren(
      ...this.moves.map((move) => {
        const name = Object.values(move.where).join(" · ") || this.say("all");
        const lines = `${scoreText(move.review_from, this.say)} / ${scoreText(move.reject_from, this.say)}`;
        const away = button("×", () => {
          this.moves = this.moves.filter((each) => each !== move);
          this.aim();
          void this.ask();
        }, { class: "bare", "aria-label": this.say("take_back", { what: name }) });
        return el("span", { class: "term" }, el("b", {}, name), lines, " ", away);
      }),
    );
  }

  private draw(tried: Tried): void {
    const say = this.say;
    const head = ["figure", "today", "moved", "change"].map((name, at) => el("th", { scope: "col", class: at ? "end" : "start" }, say(`lines_${name}`)));
    const rows = SHOWN.filter((name) => tried.figures[name]).map((name) => this.row(name, tried.figures[name]!));
    for (const [queue, [was, then]] of Object.entries(tried.queues)) {
      const hours = (value: number): string => count(value / this.room.days);
      rows.push(el("tr", { class: "minor" }, el("th", { scope: "row" }, say("queue_hours", { queue })), cellOf(hours(was)), cellOf(hours(then)), cellOf(signed(then - was, hours))));
    }
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
    this.figures.replaceChildren(table, this.bars(tried));
  }

  private bars(tried: Tried): HTMLElement {
    const say = this.say;
    const line = el("p", { class: "facts" });
    const fact = (text: string, value: number): void => {
      line.append(el("span", { class: `fact ${value >= 0.9 ? "good" : value <= 0.1 ? "bad" : "unsure"}` }, el("i", {}, text), " ", chance(value)));
    };
    line.append(el("span", { class: "fact" }, el("i", {}, say("lines_moved_ads")), " ", count(tried.moved)));
    if (tried.cells) {
      fact(say("kept_precision"), tried.kept.precision ?? 0);
      fact(say("kept_leakage"), tried.kept.leakage ?? 0);
    }
    for (const [name, value] of Object.entries(tried.goals)) {
      const goal = this.room.goals[name];
      const bar = goal?.at_most !== null ? `≤ ${percent(goal?.at_most ?? 0)}` : `≥ ${percent(goal.at_least ?? 0)}`;
      const metric = goal ? say(`figure_${goal.metric}`) : name;
      fact(say("goal", { goal: `${metric} ${bar}` }), value);
    }
    return line;
  }

  private row(name: string, told: { before: Figure; after: Figure; change: Figure }): HTMLElement {
    const share = SHARES.has(name);
    const per = share ? 1 : this.room.days;
    const plain = share ? percent : count;
    const write = (figure: Figure, with_sign: boolean): HTMLElement => {
      if (figure.value === null) return cellOf("–");
      const one = (value: number): string => (with_sign ? signed(value / per, share ? points : plain) : plain(value / per));
      const cell = cellOf(one(figure.value));
      cell.firstElementChild?.setAttribute("title", this.say("how", { n: count(figure.n), status: this.say(`status_${figure.status}`) }));
      if (figure.low !== null && figure.high !== null && figure.low !== figure.high) {
        cell.firstElementChild?.append(el("i", {}, `${one(figure.low)} … ${one(figure.high)}`));
      }
      return cell;
    };
    const change = write(told.change, true);
    const { low, high } = told.change;
    if (low !== null && high !== null && (low > 0 || high < 0)) {
      const tone = WORSE_UP.has(name) ? (low > 0 ? "bad" : "good") : name === "reject_precision" ? (low > 0 ? "good" : "bad") : "";
      if (tone) change.classList.add("mark", tone);
    }
    return el("tr", {}, el("th", { scope: "row" }, this.say(`figure_${name}`), share ? null : el("small", {}, ` ${this.say("a_day")}`)), write(told.before, false), write(told.after, false), change);
  }

  private acts(): HTMLElement {
    const name = el("input", { maxlength: 80, placeholder: this.say("proposal_name"), "aria-label": this.say("proposal_name"), autocomplete: "off" });
    const save = button(this.say("save_proposal"), () => void this.save(name));
    const replay = button(this.say("replay"), () => void this.replay(replay));
    const reset = button(this.say("reset"), () => ((this.moves = []), this.aim(), void this.ask()));
    return el("p", { class: "acts" }, replay, reset, this.may ? name : null, this.may ? save : null);
  }

  private async replay(pressed: HTMLButtonElement): Promise<void> {
    if (!this.moves.length) return this.told.replaceChildren(note(this.say("move_first")));
    pressed.disabled = true;
    try {
      const query = document.body.dataset.query ?? "";
      const job = await runJob(`advise/lines/replay?${query}`, { room: this.id, moves: this.moves }, this.replayed);
      if (job) await showResult(job.id, this.replayed);
    } catch (fault) {
      this.replayed.replaceChildren(alarm(fault));
    }
    pressed.disabled = false;
  }

  private async save(name: HTMLInputElement): Promise<void> {
    if (!this.moves.length) return this.told.replaceChildren(note(this.say("move_first")));
    if (!name.value.trim()) return name.focus();
    try {
      const body = { room: this.id, moves: this.moves, name: name.value.trim() };
      const kept = await api<{ file: string; id: string }>("advise/proposals", { body });
      this.told.replaceChildren(note(this.say("saved", kept), "good"));
    } catch (fault) {
      this.told.replaceChildren(alarm(fault));
    }
  }
}

function slider(): HTMLInputElement {
  return el("input", { type: "range", min: 0, max: NEVER, step: 1 });
}

function score(place: number): number | null {
  return place >= NEVER ? null : place / 100;
}

function place(score: number | null): number {
  return score === null ? NEVER : Math.round(score * 100);
}

function scoreText(score: number | null, say: Say): string {
  return score === null ? say("never") : score.toFixed(2);
}

function usual(cells: Cell[], name: "review_from" | "reject_from"): number | null {
  const ads = new Map<number | null, number>();
  for (const cell of cells) ads.set(cell[name], (ads.get(cell[name]) ?? 0) + cell.ads);
  return [...ads].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function same(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function cellOf(text: string): HTMLElement {
  return el("td", { class: "end" }, el("span", { class: "figure" }, el("b", {}, text)));
}
