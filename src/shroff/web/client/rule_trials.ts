// A pack being written, tried: on an example and its disguises, on a sample at once, on all past ads; its deck.

import { adText, type Spot } from "./ad_text";
import { api, Told } from "./api";
import { button, el, labelled } from "./dom";
import { alarm, note, runJob, showResult } from "./job";
import type { Editing, Written } from "./rule_editor";
import { bilingual, count } from "./saying";

interface Range {
  value: number | null;
  low: number | null;
  high: number | null;
}

interface Sampled {
  days: string;
  ads: number;
  sampled: number;
  rules: { rule: string | null; hits: number; n: number; of_all: Range; flips_of_all: Range }[];
}

interface Fires {
  rule: string;
  action: string;
  offensive: boolean;
  spans: { start: number; end: number }[];
  disguises: { kind: string; names: { en: string; zh: string }; text: string; caught: boolean; asked: boolean }[];
}

interface Deck {
  id: string;
  asked: number;
}

interface ToLabel {
  ad: { place: number; left: number; asked: number; content: Record<string, string> } | null;
}

const PAUSE = 500;
const VERDICTS = ["violating", "compliant", "unclear"];

export function trials(written: () => Written, editing: Editing): { edited: () => void; box: HTMLElement } {
  const { say } = editing;
  const query = (): string => document.body.dataset.query ?? "";
  const why = (fault: unknown): string => (fault instanceof Told ? fault.message : say("failed"));

  const example = el("textarea", { rows: 2, maxlength: 5000, placeholder: say("example_hint") });
  const fires = el("div", { role: "status" });
  const sample = el("div", { role: "status" });
  const exact = el("div", {});
  const deck = el("div", {});
  let turn = 0;
  let waiting = 0;

  const preview = async (): Promise<void> => {
    const text = example.value;
    if (!text.trim()) return fires.replaceChildren();
    try {
      const found = await api<Fires[]>("rules/preview", { body: { ...written(), example: text } });
      if (text !== example.value) return;
      fires.replaceChildren(...(found.length ? found.map((each) => firing(each, text)) : [note(say("fires_none"), "unsure")]));
    } catch (fault) {
      fires.replaceChildren(note(why(fault), "bad"));
    }
  };
  const firing = (each: Fires, text: string): HTMLElement => {
    const spots: Spot[] = each.spans.map((span) => ({ ...span, title: each.rule }));
    const words = { all: String, cut: String, reveal: say("reveal") };
    const shown = adText({ text, length: Array.from(text).length }, spots, words);
    shown.classList.add("shown"); // the author wrote it just now
    const chips = each.disguises.map((one) => {
      const tone = one.caught ? "good" : one.asked ? "bad" : "off";
      const title = `${bilingual(one.names)}: ${say(one.caught ? "caught" : one.asked ? "missed" : "not_asked")}`;
      return el("li", { class: `disguise ${tone}`, title }, el("span", {}, one.caught ? "✓" : one.asked ? "✗" : "·"), ` ${bilingual(one.names)} `, el("bdi", {}, one.text.replace(/[\p{Cc}\p{Cf}]/gu, "·")));
    });
    const caught = each.disguises.filter((one) => one.asked && one.caught).length;
    const asked = each.disguises.filter((one) => one.asked).length;
    return el("article", { class: "ad" }, el("p", {}, el("b", {}, each.rule), ` ${say(`action.${each.action}`)} · ${say("survives", { caught, asked })}`), shown, el("ul", { class: "disguises" }, ...chips));
  };

  const atOnce = async (): Promise<void> => {
    const mine = ++turn;
    try {
      const found = await api<Sampled>(`rules/sample?${query()}`, { body: written() });
      if (mine !== turn) return;
      const told = say("sampled", { sampled: count(found.sampled), ads: count(found.ads), days: found.days });
      const titles = ["rule", "sample_hits", "of_all", "flips"].map((name, at) => el("th", { scope: "col", class: at ? "end" : "" }, say(`col.${name}`)));
      const together = found.rules.filter((each) => !each.rule);
      const ranked = found.rules.filter((each) => each.rule).sort((one, other) => other.hits - one.hits);
      const rows = [...together, ...ranked].map((each) =>
        el("tr", {}, el("th", { scope: "row" }, each.rule ?? say("together")), el("td", { class: "end" }, `${count(each.hits)} / ${count(each.n)}`), ranged(each.of_all), ranged(each.flips_of_all)),
      );
      sample.replaceChildren(note(told), el("div", { class: "scroll short", tabindex: 0, role: "region", "aria-label": say("sample") }, el("table", {}, el("thead", {}, el("tr", {}, ...titles)), el("tbody", {}, ...rows))));
    } catch (fault) {
      if (mine === turn) sample.replaceChildren(note(why(fault), "bad"));
    }
  };
  const ranged = (range: Range): HTMLElement => {
    const round = (value: number | null): string => (value === null ? "–" : count(Math.round(value)));
    const ends = range.low === range.high ? "" : ` (${round(range.low)}–${round(range.high)})`;
    return el("td", { class: "end" }, el("b", {}, round(range.value)), ends);
  };

  const beside = el("input", { type: "checkbox", checked: true });
  const backtest = async (): Promise<void> => {
    try {
      const job = await runJob<{ digest: string }>(`rules/backtest?${query()}`, { ...written(), beside: beside.checked }, exact);
      if (!job) return;
      await showResult(job.id, exact);
      if (editing.writes) exact.append(el("p", { class: "acts" }, button(say("freeze"), () => void freeze(job.id))));
    } catch (fault) {
      exact.replaceChildren(alarm(fault));
    }
  };
  const freeze = async (job: string): Promise<void> => {
    try {
      const kept = await api<{ forecast_id: string }>(`rules/backtest/${job}/freeze`, { body: {} });
      exact.append(note(say("frozen", { id: kept.forecast_id }), "good"));
    } catch (fault) {
      exact.append(note(why(fault), "bad"));
    }
  };

  const labels = el("input", { type: "number", min: 1, max: 5000, value: 100 });
  const draw = async (): Promise<void> => {
    try {
      const job = await runJob<Deck>(`rules/deck?${query()}`, { ...written(), labels: Number(labels.value) }, deck);
      if (!job?.result) return;
      const { id, asked } = job.result;
      if (!asked) return deck.replaceChildren(note(say("deck_done")));
      await label(id);
    } catch (fault) {
      deck.replaceChildren(alarm(fault));
    }
  };
  const label = async (batch: string, first?: ToLabel): Promise<void> => {
    const name = encodeURIComponent(batch);
    const { ad } = first ?? (await api<ToLabel>(`label/${name}/open`, { body: {} }));
    const whole = el("a", { href: `/label?batch=${name}&${query()}` }, say("label_page"));
    if (!ad) {
      const send = button(say("hand_in"), () => void handIn(batch), { class: "firm" });
      return deck.replaceChildren(note(say("deck_labelled"), "good"), el("p", { class: "acts" }, send, whole));
    }
    const words = { all: (n: number) => say("all_characters", { characters: count(n) }), cut: String, reveal: say("reveal") };
    const texts = Object.entries(ad.content).filter(([, text]) => text).map(([field, text]) =>
      el("div", { class: "ad-field" }, el("span", { class: "ad-name" }, field), adText({ text, length: Array.from(text).length }, [], words)),
    );
    const say_ = async (verdict: string): Promise<void> => {
      try {
        await label(batch, await api<ToLabel>(`label/${name}/say`, { body: { place: ad.place, verdict } }));
        deck.querySelector<HTMLElement>("button")?.focus();
      } catch (fault) {
        deck.append(note(why(fault), "bad"));
      }
    };
    const acts = VERDICTS.map((verdict) => button(say(`verdict.${verdict}`), () => void say_(verdict)));
    const send = ad.left < ad.asked ? [button(say("hand_in_part"), () => void handIn(batch), { class: "bare" })] : [];
    deck.replaceChildren(note(say("left", { left: ad.left, asked: ad.asked })), el("article", { class: "ad" }, ...texts), el("p", { class: "acts" }, ...acts, whole, ...send));
  };
  const handIn = async (batch: string): Promise<void> => {
    try {
      const job = await runJob(`label/${encodeURIComponent(batch)}/hand-in`, {}, deck);
      if (job) deck.replaceChildren(note(say("handed_in"), "good"), el("p", { class: "acts" }, button(say("backtest"), () => void backtest())));
    } catch (fault) {
      deck.replaceChildren(alarm(fault));
    }
  };

  const box = el("div", { class: "trials" },
    el("h3", {}, say("example")),
    labelled(say("example_what"), example),
    fires,
    el("h3", {}, say("sample")),
    sample,
    el("h3", {}, say("exact")),
    el("p", { class: "acts" }, button(say("backtest"), () => void backtest(), { class: "firm" }), el("label", { class: "tick" }, beside, " ", say("beside"))),
    exact,
  );
  if (editing.writes) {
    box.append(el("h3", {}, say("deck")), note(say("deck_why")), el("div", { class: "acts" }, labelled(say("labels"), labels), button(say("draw"), () => void draw())), deck);
  }
  example.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void preview(), PAUSE);
  });
  const edited = (): void => {
    void atOnce();
    void preview();
  };
  return { edited, box };
}
