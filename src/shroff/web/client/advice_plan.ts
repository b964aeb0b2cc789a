// The plan as a ranked list: evidence, forecast, owner, due day, and what is decided of each.

import { api } from "./api";
import { button, el, labelled, walkTabs } from "./dom";
import { alarm, note, runJob } from "./job";
import { bilingual, chance, count, percent, signed, type Say } from "./saying";

interface Worth {
  value: number;
  low: number;
  high: number;
  chance_positive: number;
}

interface Forecast {
  metric: string;
  now: number | null;
  then: number | null;
  low: number | null;
  high: number | null;
  value: number | null;
}

interface Told {
  id: string;
  state: State;
  who: string;
  why: string;
  current: boolean;
  detail: {
    do: { en: string; zh: string };
    adds: Worth | null;
    hours: number;
    risk: string;
    reversible: boolean;
    owner: string;
    due: string;
    check: string;
    evidence: string;
    unit_text: string;
    conflicts: string[];
    forecast: Forecast | null;
  };
  history: { at: string; state: string; who: string; why: string }[];
}

type State = "open" | "waiting" | "accepted" | "done" | "rejected";
const STATES: State[] = ["open", "waiting", "accepted", "done", "rejected"];
const MOST = 10;

export async function startPlan(place: HTMLElement, say: Say): Promise<void> {
  const list = el("ol", { class: "advice" });
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": say("states") });
  const work = el("div");
  const may = place.dataset.may === "write";
  let told: Told[] = [];
  let shown: State = "open";
  let most = MOST;

  const order = (each: Told): number => each.detail.adds?.value ?? Number.NEGATIVE_INFINITY;
  const mine = (): Told[] => told.filter((each) => each.state === shown).sort((a, b) => order(b) - order(a));

  function draw(): void {
    const stood = tabs.contains(document.activeElement);
    tabs.replaceChildren(
      ...STATES.filter((state) => state !== "waiting" || told.some((each) => each.state === state)).map((state) => {
        const many = told.filter((each) => each.state === state).length;
        return button(`${say(`state_${state}`)} ${many}`, () => ((shown = state), (most = MOST), draw()), {
          role: "tab",
          tabindex: state === shown ? 0 : -1,
          "aria-selected": String(state === shown),
        });
      }),
    );
    if (stood) tabs.querySelector<HTMLElement>("[aria-selected='true']")?.focus();
    const found = mine();
    list.replaceChildren(...found.slice(0, most).map((each) => card(each, say, may, replace)));
    if (!found.length) list.replaceChildren(el("li", { class: "quiet" }, say(told.length ? "none" : "no_plan")));
    if (found.length > most) {
      const more = button(say("more", { more: found.length - most }), () => ((most += MOST), draw()));
      list.append(el("li", { class: "more" }, more));
    }
  }

  function replace(after: Told): void {
    told = told.map((each) => (each.id === after.id ? { ...after, current: each.current } : each));
    draw();
  }

  async function load(): Promise<void> {
    try {
      told = await api<Told[]>("advise/plan");
      draw();
    } catch (fault) {
      list.replaceChildren(el("li", {}, alarm(fault)));
    }
  }

  async function renew(): Promise<void> {
    again.disabled = true;
    try {
      const query = document.body.dataset.query ?? "";
      if (await runJob(`advise/plan?${query}`, {}, work)) await load();
    } catch (fault) {
      work.replaceChildren(alarm(fault));
    }
    again.disabled = false;
  }

  walkTabs(tabs);
  const again = button(say("renew"), () => void renew());
  place.append(el("div", { class: "tool-head" }, tabs, again), work, list);
  await load();
}

function card(each: Told, say: Say, may: boolean, replace: (after: Told) => void): HTMLElement {
  const told = each.detail;
  const facts = el("p", { class: "facts" });
  const fact = (name: string, text: string, tone = ""): void => {
    facts.append(el("span", { class: `fact ${tone}`.trim() }, el("i", {}, say(name)), " ", text));
  };
  if (told.adds) {
    const unit = told.unit_text.split("|")[document.documentElement.lang.startsWith("zh") ? 1 : 0] ?? "";
    const { value, low, high } = told.adds;
    fact("adds", `${signed(value, count)} (${signed(low, count)} … ${signed(high, count)}) ${unit}`);
    fact("sure", chance(told.adds.chance_positive), told.adds.chance_positive >= 0.9 ? "good" : "unsure");
  } else fact("adds", say("not_valued"));
  fact("hours", count(told.hours));
  fact("risk", say(`risk_${told.risk}`));
  fact("owner", told.owner || "–");
  fact("due", told.due || "–");
  const form = el("div", { class: "decide" });
  const ask = (state: State): void => form.replaceChildren(decision(each, state, say, replace, () => form.replaceChildren()));
  const acts = el("p", { class: "acts" });
  if (may) {
    if (each.state === "open" || each.state === "rejected") acts.append(button(say("accept"), () => ask("accepted")));
    if (each.state === "open" || each.state === "accepted") {
      acts.append(button(say("reject"), () => ask("rejected")), button(say("finish"), () => ask("done")));
    }
  }
  return el("li", { class: "step", id: `advice-${each.id}` }, el("p", { class: "what" }, bilingual(told.do)), facts, why(each, say), acts, form);
}

function why(each: Told, say: Say): HTMLElement {
  const told = each.detail;
  const lines = [say("evidence", { command: told.evidence }), say("check", { day: told.check })];
  const seen = told.forecast;
  if (seen && seen.now !== null && seen.then !== null) {
    const share = Math.abs(seen.now) <= 1;
    const write = share ? percent : count;
    const ends = seen.low === null || seen.high === null ? "" : ` (${signed(seen.low, percent)} … ${signed(seen.high, percent)})`;
    lines.unshift(say("forecast", { metric: seen.metric, now: write(seen.now), then: write(seen.then), change: `${signed(seen.value ?? 0, percent)}${ends}` }));
  }
  lines.push(say(told.reversible ? "reversible" : "irreversible"));
  if (told.conflicts.length) lines.push(say("conflicts", { others: told.conflicts.map((id) => id.slice(0, 6)).join(", ") }));
  lines.push(...each.history.map((step) => `${step.at.slice(0, 10)} · ${say(`state_${step.state}`)} · ${step.who || "–"}: ${step.why}`));
  return el("details", {}, el("summary", {}, say("why")), el("ul", { class: "inside plain" }, ...lines.map((line) => el("li", {}, line))));
}

function decision(each: Told, state: State, say: Say, replace: (after: Told) => void, close: () => void): HTMLElement {
  const reason = el("input", { required: true, maxlength: 2000, autocomplete: "off" });
  const owner = el("input", { value: each.detail.owner, maxlength: 200, autocomplete: "off" });
  const day = el("input", { type: "date", value: state === "accepted" ? each.detail.due : "" });
  const faults = el("div", { "aria-live": "polite" });
  const send = async (): Promise<void> => {
    const body: Record<string, unknown> = { state, reason: reason.value.trim() };
    if (state === "accepted") Object.assign(body, { owner: owner.value.trim(), due: day.value || null });
    if (state === "done") body.on = day.value || null;
    try {
      replace(await api<Told>(`advise/plan/${each.id}`, { body }));
    } catch (fault) {
      faults.replaceChildren(alarm(fault));
    }
  };
  const form = el(
    "form",
    { class: "filters", on: { submit: (event) => (event.preventDefault(), void send()) } },
    labelled(say("reason"), reason),
    state === "accepted" ? labelled(say("owner"), owner) : null,
    state === "rejected" ? null : labelled(say(state === "done" ? "since" : "due"), day),
    el("button", { type: "submit", class: "firm" }, say(`do_${state}`)),
    button(say("leave"), close),
    faults,
  );
  window.setTimeout(() => reason.focus());
  return el("div", {}, state === "accepted" ? note(say("accept_note")) : null, form);
}
