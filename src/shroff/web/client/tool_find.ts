// Find: a search in the language of rules, checked as it is typed; the ads it finds, page by page.

import { adText, type FoldWords, type Shown } from "./ad_text";
import { api, Told } from "./api";
import { completes } from "./completing";
import { useBlur } from "./blur";
import { button, el, labelled } from "./dom";
import { alarm, note, runJob, showResult } from "./job";
import { count, sayings, type Say } from "./saying";

interface Span {
  field: string;
  start: number;
  end: number;
  evasion: string[];
}

export interface FoundAd {
  ad_id: string;
  ad_version: number;
  market: string | null;
  language: string | null;
  advertiser_id: string | null;
  action: string | null;
  impressions: number;
  texts: Record<string, Shown>;
  spans: Span[];
}

interface Found {
  query: string;
  ads: number;
  shown: FoundAd[];
  queries: { title: string; sql: string }[];
}

interface Checked {
  ok: boolean;
  message: string;
  start: number;
  end: number;
}

const PAGE = 20;
const PAUSE = 250;

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const form = place.querySelector<HTMLFormElement>("form[data-search]")!;
  const input = form.querySelector<HTMLInputElement>("input[name=q]")!;
  completes(input, place.querySelector<HTMLUListElement>("[data-offers]")!);
  checks(input, place.querySelector<HTMLElement>("[data-fault]")!);
  const asked = new URLSearchParams(location.search);
  const filtered = [...asked.keys()].some((name) => name.startsWith("by."));
  if (asked.get("q")?.trim() || filtered || asked.has("list")) await search(place, say, asked.get("q") ?? "");
}

export function foldWords(say: Say): FoldWords {
  return {
    all: (characters) => say("all_characters", { characters: count(characters) }),
    cut: (characters) => say("cut", { characters: count(characters) }),
    reveal: say("reveal"),
  };
}

function checks(input: HTMLInputElement, place: HTMLElement): void {
  let waiting = 0;
  let turn = 0;
  const check = async (): Promise<void> => {
    const mine = ++turn;
    const text = input.value;
    if (!text.trim()) return place.replaceChildren();
    const query = document.body.dataset.query ?? "";
    const told = await api<Checked>(`find/check?${query}`, { body: { q: text } }).catch(() => null);
    if (mine !== turn || !told) return;
    input.setAttribute("aria-invalid", String(!told.ok));
    place.replaceChildren(...(told.ok ? [] : [faulty(text, told)]));
  };
  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void check(), PAUSE);
  });
  if (input.value) void check();
}

/** Shows a query with a caret line under what is wrong. */
function faulty(text: string, told: Checked): HTMLElement {
  const signs = Array.from(text);
  const end = Math.max(told.end, told.start + 1);
  const wrong = signs.slice(told.start, end).join("") || " ";
  const line = el("code", {}, signs.slice(0, told.start).join(""), el("mark", { class: "wrong" }, wrong), signs.slice(end).join(""));
  return el("p", { class: "bad" }, line, " ", told.message);
}

async function search(place: HTMLElement, say: Say, q: string): Promise<void> {
  const query = document.body.dataset.query ?? "";
  const results = place.querySelector<HTMLElement>("[data-results]")!;
  const listed = place.querySelector<HTMLElement>("[data-ads]")!;
  try {
    const job = await runJob<Found>(`find?${query}`, { q }, results);
    if (!job?.result) return;
    await showResult(job.id, results);
    results.append(acts(job.id, job.result, say));
    pages(listed, job.result, say);
  } catch (fault) {
    results.replaceChildren(alarm(fault));
  }
}

function acts(job: string, found: Found, say: Say): HTMLElement {
  const query = document.body.dataset.query ?? "";
  const box = el("div", { class: "acts" });
  const every = new URLSearchParams(location.search);
  if (found.query && every.get("period") !== "all") {
    every.set("period", "all");
    box.append(el("a", { class: "button", href: `/find?${every}` }, say("all_days")));
  }
  if (!found.ads) return box;
  const file = `/api/v1/find.csv?q=${encodeURIComponent(found.query)}&${query}`;
  box.append(el("a", { class: "button", href: file, download: "shroff-ads.csv" }, say("csv")));
  const writes = document.querySelector<HTMLElement>("[data-writes]")?.dataset.writes === "yes";
  if (found.query && writes) box.append(button(say("make_rule"), () => box.replaceWith(ruleForm(job, say))));
  const sql = found.queries.map((each) => `-- ${each.title}\n${each.sql.trim()};`).join("\n\n");
  box.append(el("details", { class: "sql" }, el("summary", {}, say("sql")), el("pre", {}, el("code", {}, sql))));
  return box;
}

function ruleForm(job: string, say: Say): HTMLElement {
  const id = el("input", { required: true, maxlength: 60, pattern: "[A-Za-z0-9][\\w.\\-]*", placeholder: "WL-101" });
  const draft = el("input", { required: true, maxlength: 60, pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*", value: "found" });
  const told = el("div", { role: "status" });
  const form = el("form", { class: "acts" }, labelled(say("rule_id"), id), labelled(say("draft"), draft));
  form.append(el("button", { type: "submit", class: "firm" }, say("write_rule")), told);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void write();
  });
  const write = async (): Promise<void> => {
    try {
      const body = { rule_id: id.value, draft: draft.value };
      const made = await api<{ draft: string; examples: number }>(`find/${job}/rule`, { body });
      const query = document.body.dataset.query ?? "";
      const link = el("a", { href: `/rules?pack=${encodeURIComponent(made.draft)}&${query}` }, say("open_draft"));
      told.replaceChildren(note(say("rule_written", { examples: made.examples }), "good"), link);
    } catch (fault) {
      told.replaceChildren(note(fault instanceof Told ? fault.message : say("not_written"), "bad"));
    }
  };
  return form;
}

function pages(place: HTMLElement, found: Found, say: Say): void {
  let at = 0;
  const last = Math.ceil(found.shown.length / PAGE);
  const show = (): void => {
    const part = found.shown.slice(at * PAGE, (at + 1) * PAGE);
    const told = say("shown", {
      first: count(at * PAGE + 1), last: count(at * PAGE + part.length),
      listed: count(found.shown.length), ads: count(found.ads),
    });
    const turn = (by: number): void => {
      at += by;
      show();
      place.scrollIntoView();
      place.querySelector<HTMLElement>("h2")?.focus();
    };
    const back = button(say("earlier"), () => turn(-1), { disabled: at === 0 });
    const on = button(say("later"), () => turn(1), { disabled: at >= last - 1 });
    place.replaceChildren(
      el("h2", { tabindex: -1, class: "next" }, say("ads")),
      el("p", { class: "note", role: "status" }, told),
      el("ol", { class: "ads" }, ...part.map((ad) => el("li", {}, adCard(ad, say)))),
      ...(last > 1 ? [el("nav", { class: "acts", "aria-label": say("pages") }, back, on)] : []),
    );
    useBlur(place);
  };
  if (found.shown.length) show();
}

export function adCard(ad: FoundAd, say: Say): HTMLElement {
  const query = document.body.dataset.query ?? "";
  const link = el("a", { href: `/ad?id=${encodeURIComponent(ad.ad_id)}&${query}` }, ad.ad_id);
  const facts = [ad.market, ad.language, ad.advertiser_id, ad.action && say(`action.${ad.action}`)];
  const head = el("p", { class: "ad-head" }, el("b", {}, link));
  if (ad.ad_version > 1) head.append(" ", say("version", { version: ad.ad_version }));
  for (const fact of facts) if (fact) head.append(el("bdi", { class: "fact" }, fact));
  head.append(el("span", { class: "fact" }, say("impressions", { impressions: count(ad.impressions) })));
  const card = el("article", { class: "ad" }, head);
  for (const [field, shown] of Object.entries(ad.texts)) {
    if (!shown.text) continue;
    const spots = ad.spans.filter((span) => span.field === field).map((span) => ({
      start: span.start, end: span.end, title: span.evasion.join(" + "), tone: span.evasion.length ? "hidden" : "",
    }));
    card.append(el("div", { class: "ad-field" }, el("span", { class: "ad-name" }, say(`field.${field}`)), adText(shown, spots, foldWords(say))));
  }
  return card;
}
