// Ad: everything that is known of one ad and each of its versions.

import { adText, outward, type Shown, type Spot } from "./ad_text";
import { api } from "./api";
import { useBlur } from "./blur";
import { button, el, walkTabs } from "./dom";
import { alarm, note, runJob } from "./job";
import { count, sayings, type Say } from "./saying";
import { foldWords } from "./tool_find";

type Cell = string | number | boolean | string[] | null | undefined;
type LogRow = Record<string, Cell>;

interface Fired {
  rule_id: string;
  rule_version: number;
  state: string;
  action: string;
  policy_id: string | null;
  acts: boolean;
  held_by: string | null;
  why: string;
  offensive: boolean;
  spots: { field: string; start: number; end: number; evasion: string[] }[];
}

interface Version {
  version: number;
  texts: Record<string, Shown>;
  links: Record<string, string>;
  columns: LogRow;
  rules: Fired[];
  truth: LogRow | null;
}

interface Ad {
  ad_id: string;
  versions: Version[];
  logs: Record<string, LogRow[]>;
  cut: string[];
  served: { impressions: number; clicks: number; spend: number; days: { day: string; impressions: number }[] };
  alike: Record<string, LogRow[]>;
  timeline: { at: string; log: string; what: string; row: number; version?: number | null }[];
}

interface Copies {
  ads: number;
  advertisers: number;
  scanned: number;
  shown: LogRow[];
}

const COLUMNS: Record<string, string[]> = {
  decisions: ["decided_at", "ad_version", "market", "action", "policy_id", "source", "detector", "version", "flow_mode", "shadow"],
  scores: ["scored_at", "ad_version", "model", "version", "policy_id", "score", "shadow"],
  judgements: ["judged_at", "ad_version", "model", "policy_id", "outcome", "verdict", "confidence", "score", "reason", "shadow"],
  reviews: ["decided_at", "ad_version", "queue", "queue_reason", "role", "blind", "seen_machine", "verdict", "policies", "severity", "design_id", "sampling_prob", "reviewer_id"],
  appeals: ["filed_at", "ad_version", "decision_id", "decided_at", "outcome", "edited_resubmit"],
  reports: ["filed_at", "source", "outcome"],
  hits: ["hit_at", "ad_version", "detector", "version", "policy_id", "field", "shadow", "deciding"],
};
const MOST_BARS = 120;
const query = (): string => document.body.dataset.query ?? "";

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const id = new URLSearchParams(location.search).get("id")?.trim();
  if (!id) return;
  const into = place.querySelector<HTMLElement>("[data-ad]")!;
  into.replaceChildren(note(say("reading")));
  try {
    show(into, await api<Ad>(`ad?id=${encodeURIComponent(id)}`), say);
  } catch (fault) {
    into.replaceChildren(alarm(fault));
  }
}

function show(place: HTMLElement, ad: Ad, say: Say): void {
  const newest = ad.versions.at(-1);
  place.replaceChildren(
    el("p", { class: "headline" }, el("bdi", {}, ad.ad_id), " — ", lead(ad, say)),
    facts(ad, newest, say),
    ...(newest ? [versions(ad, say)] : [note(say("no_version"), "bad")]),
    part(say("decided"), decided(ad, say)),
    ...["reviews", "appeals", "reports", "scores", "judgements", "hits"].map((log) =>
      part(say(`log.${log}`), table(log, ad.logs[log] ?? [], say, ad.cut.includes(log)), !(ad.logs[log] ?? []).length),
    ),
    part(say("served"), served(ad, say)),
    part(say("alike"), alike(ad, say)),
    part(say("timeline"), timeline(ad, say)),
  );
  useBlur(place);
}

function part(title: string, body: HTMLElement, folded = false): HTMLElement {
  if (folded) return el("p", { class: "note" }, `${title}: `, body.textContent);
  return el("section", {}, el("h2", {}, title), body);
}

function labelOf(truth: LogRow | null | undefined, say: Say): string {
  if (!truth) return say("lead.unlabelled");
  return say(truth.violating ? "lead.violating" : "lead.compliant", { tier: say(`tier.${truth.tier}`) });
}

function lead(ad: Ad, say: Say): string {
  const machine = (ad.logs.decisions ?? []).filter((row) => !row.shadow);
  const last = machine.at(-1);
  const decided = last ? say("lead.decided", { action: value(last.action, say), by: value(last.source, say), day: day(last.decided_at) }) : say("lead.undecided");
  return `${decided} ${labelOf(ad.versions.at(-1)?.truth, say)}`;
}

function facts(ad: Ad, version: Version | undefined, say: Say): HTMLElement {
  const box = el("p", { class: "facts" });
  const add = (name: string, node: Node | string): void => box.append(el("span", { class: "fact" }, el("i", {}, name), " ", node));
  for (const name of ["market", "language", "industry", "format"]) {
    const told = version?.columns[name];
    if (told) add(say(`col.${name}`), String(told));
  }
  const account = version?.columns.advertiser_id;
  if (account) {
    const href = `/find?by.advertiser_id=${encodeURIComponent(String(account))}&lang=${document.documentElement.lang.startsWith("zh") ? "zh" : "en"}&period=all`;
    add(say("col.advertiser_id"), el("a", { href }, String(account)));
  }
  add(say("versions"), count(ad.versions.length));
  add(say("col.impressions"), count(ad.served.impressions));
  return box;
}

function versions(ad: Ad, say: Say): HTMLElement {
  const body = el("div", { role: "tabpanel", id: "version-panel", tabindex: 0 });
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": say("versions") });
  const choose = (at: number): void => {
    const chosen = ad.versions[at];
    if (!chosen) return;
    [...tabs.children].forEach((tab, each) => {
      tab.setAttribute("aria-selected", String(each === at));
      (tab as HTMLElement).tabIndex = each === at ? 0 : -1;
    });
    body.replaceChildren(...version(ad, chosen, say));
  };
  ad.versions.forEach((each, at) => {
    tabs.append(button(say("version", { version: each.version }), () => choose(at), { role: "tab", "aria-controls": "version-panel" }));
  });
  walkTabs(tabs);
  choose(ad.versions.length - 1);
  return el("section", {}, el("h2", {}, say("says")), ...(ad.versions.length > 1 ? [el("div", { class: "tool-head" }, tabs)] : []), body);
}

function version(ad: Ad, one: Version, say: Say): HTMLElement[] {
  const logged = (ad.logs.hits ?? []).filter((hit) => Number(hit.ad_version ?? 1) === one.version);
  const texts = Object.entries(one.texts).map(([field, shown]) =>
    el("div", { class: "ad-field" }, el("span", { class: "ad-name" }, say(`field.${field}`)), adText(shown, spots(field, one.rules, logged), foldWords(say))),
  );
  const links = Object.entries(one.links).map(([name, address]) =>
    el("div", { class: "ad-field" }, el("span", { class: "ad-name" }, say(`field.${name}`)), outward(address, say("leave"))),
  );
  const rows = one.rules.map((fired) => [
    `${fired.rule_id} v${fired.rule_version}`,
    say(`state.${fired.state}`),
    value(fired.action, say),
    fired.policy_id ?? "",
    fired.acts ? say("acts") : say(`held.${fired.held_by ?? "state"}`),
    fired.offensive ? "" : fired.why,
  ]);
  const titles = ["rule", "state", "action", "policy_id", "effect", "why"].map((name) => say(`col.${name}`));
  const other = Object.entries(one.columns).filter(([name]) => name !== "created_at");
  return [
    el("div", { class: "ad" }, ...(texts.length ? texts : [note(say("no_text"))]), ...links),
    ...(ad.versions.length > 1 ? [note(labelOf(one.truth, say))] : []),
    el("h3", {}, say("fires")),
    rows.length ? grid(titles, rows) : note(say("fires_none")),
    el("details", {}, el("summary", {}, say("columns")), grid([say("col.column"), say("col.value")], other.map(([name, told]) => [name, value(told, say)]))),
  ];
}

function spots(field: string, rules: Fired[], logged: LogRow[]): Spot[] {
  const now = rules.flatMap((fired) =>
    fired.spots.filter((spot) => spot.field === field).map((spot) => ({
      start: spot.start,
      end: spot.end,
      title: [fired.rule_id, ...spot.evasion].join(" · "),
      tone: spot.evasion.length ? "hidden" : "",
      offensive: fired.offensive,
    })),
  );
  const then = logged
    .filter((hit) => hit.field === field && typeof hit.span_start === "number" && typeof hit.span_end === "number")
    .map((hit) => ({ start: Number(hit.span_start), end: Number(hit.span_end), title: `${hit.detector} ${day(hit.hit_at)}`, tone: "logged" }));
  return [...now, ...then];
}

function decided(ad: Ad, say: Say): HTMLElement {
  const rows = ad.logs.decisions ?? [];
  if (!rows.length) return note(say("none"));
  const box = el("div", {}, table("decisions", rows, say, ad.cut.includes("decisions")));
  const told = rows.filter((row) => row.source !== "human").map((row) => el("li", {}, explained(ad, row, say)));
  if (told.length) box.append(el("h3", {}, say("why")), el("ul", { class: "plain" }, ...told));
  return box;
}

/** Says what a decision rested on: the rule that hit, the score of the model, what a judge said. */
function explained(ad: Ad, row: LogRow, say: Say): string {
  const same = (other: LogRow): boolean => Number(other.ad_version ?? 1) === Number(row.ad_version ?? 1);
  const by = (other: LogRow, name: string): boolean => same(other) && other[name] === row.detector;
  const head = `${day(row.decided_at)} · ${value(row.action, say)} · ${row.detector ?? value(row.source, say)}: `;
  const hit = (ad.logs.hits ?? []).find((each) => by(each, "detector") && !each.shadow);
  const own = (ad.logs.scores ?? []).filter((each) => by(each, "model"));
  const scores = own.some((each) => each.version === row.version) ? own.filter((each) => each.version === row.version) : own;
  const score = scores.find((each) => each.policy_id === row.policy_id) ?? scores[0];
  const judged = (ad.logs.judgements ?? []).find((each) => by(each, "model"));
  const found: string[] = [];
  if (hit) found.push(say("why.hit", { rule: String(hit.detector), field: hit.field ? say(`in.${hit.field}`) : "–", text: matched(ad, hit) }));
  if (score) found.push(say("why.score", { model: String(score.model), version: String(score.version), score: String(score.score) }));
  if (judged) found.push(say("why.judged", { verdict: value(judged.verdict ?? judged.outcome, say), reason: String(judged.reason ?? "–") }));
  return head + (found.join(" ") || say("why.nothing"));
}

function matched(ad: Ad, hit: LogRow): string {
  const text = ad.versions.find((each) => each.version === Number(hit.ad_version ?? 1))?.texts[String(hit.field)]?.text;
  if (!text || typeof hit.span_start !== "number" || typeof hit.span_end !== "number") return "–";
  return Array.from(text).slice(hit.span_start, hit.span_end).join("").replace(/[\p{C}]/gu, "·");
}

function table(log: string, rows: LogRow[], say: Say, cut: boolean): HTMLElement {
  if (!rows.length) return note(say("none"));
  const names = (COLUMNS[log] ?? []).filter((name) => rows.some((row) => row[name] !== undefined && row[name] !== null && row[name] !== false));
  const cells = rows.map((row) => names.map((name) => (name === "field" && row[name] ? say(`field.${row[name]}`) : value(row[name], say))));
  const box = el("div", {}, grid(names.map((name) => say(`col.${name}`)), cells));
  if (cut) box.append(note(say("newest_only", { rows: rows.length })));
  return box;
}

function grid(titles: string[], rows: string[][]): HTMLElement {
  const head = el("thead", {}, el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title))));
  const body = el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", { class: /^\d{4}-\d\d-\d\d/.test(cell) ? "moment" : undefined }, el("bdi", {}, cell.replace(/[\p{Cc}\p{Cf}]/gu, "·")))))));
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": titles.join(", ") }, el("table", {}, head, body));
}

function served(ad: Ad, say: Say): HTMLElement {
  const { days, impressions, clicks, spend } = ad.served;
  if (!days.length) return note(say("none"));
  const told = say("served_told", { impressions: count(impressions), clicks: count(clicks), spend: count(spend), first: days[0]?.day ?? "", last: days.at(-1)?.day ?? "" });
  const most = Math.max(...days.map((each) => each.impressions), 1);
  const shown = days.slice(-MOST_BARS);
  const picture = svg("svg", { viewBox: `0 0 ${shown.length * 6} 60`, class: "bars", role: "img", "aria-label": told, preserveAspectRatio: "none" });
  shown.forEach((each, at) => {
    const height = Math.max(1, (56 * each.impressions) / most);
    const bar = svg("rect", { x: at * 6, y: 60 - height, width: 5, height });
    const title = svg("title", {});
    title.textContent = `${each.day}: ${count(each.impressions)}`;
    bar.append(title);
    picture.append(bar);
  });
  return el("div", {}, el("p", {}, told), picture);
}

function svg(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, told] of Object.entries(attributes)) made.setAttribute(name, String(told));
  return made;
}

function alike(ad: Ad, say: Say): HTMLElement {
  const box = el("div", {});
  for (const [name, rows] of Object.entries(ad.alike)) {
    if (!rows.length) continue;
    const more = rows.length > 20 ? "+" : "";
    box.append(el("h3", {}, say(`same.${name}`, { ads: `${Math.min(rows.length, 20)}${more}` })), others(rows.slice(0, 20), say));
  }
  if (!box.children.length) box.append(note(say("alike_none")));
  const into = el("div", {});
  const ask = button(say("copies"), () => void copies(ad.ad_id, into, say, ask));
  box.append(el("p", { class: "acts" }, ask), into);
  return box;
}

async function copies(id: string, into: HTMLElement, say: Say, ask: HTMLButtonElement): Promise<void> {
  ask.disabled = true;
  try {
    const job = await runJob<Copies>(`ad/copies?id=${encodeURIComponent(id)}`, {}, into);
    if (!job?.result) return;
    const { ads, advertisers, scanned, shown } = job.result;
    const key = ads ? (advertisers > 1 ? "copies_campaign" : "copies_found") : "copies_none";
    into.replaceChildren(note(say(key, { ads: count(ads), advertisers: count(advertisers), scanned: count(scanned) })));
    if (shown.length) into.append(others(shown, say));
  } catch (fault) {
    into.replaceChildren(alarm(fault));
  } finally {
    ask.disabled = false;
  }
}

function others(rows: LogRow[], say: Say): HTMLElement {
  return el("ul", { class: "plain" }, ...rows.map((row) => {
    const link = el("a", { href: `/ad?id=${encodeURIComponent(String(row.ad_id))}&${query()}` }, String(row.ad_id));
    const told = [row.advertiser_id, row.market, row.action ? value(row.action, say) : null, day(row.created_at ?? row.day)];
    return el("li", {}, link, ...told.filter((each) => each).map((each) => el("bdi", { class: "fact" }, ` ${each}`)));
  }));
}

function timeline(ad: Ad, say: Say): HTMLElement {
  const items = ad.timeline.map((event) => {
    const row = ad.logs[event.log]?.[event.row];
    const told = row ? event_words(event.log, event.what, row, say) : "";
    const name = say(`event.${event.log}.${event.what}`, { version: event.version ?? 1 });
    return el("li", {}, el("time", { datetime: event.at }, moment(event.at)), " ", name, told ? ` · ${told}` : "");
  });
  return el("ol", { class: "timeline" }, ...items);
}

function event_words(log: string, what: string, row: LogRow, say: Say): string {
  const names: Record<string, string[]> = {
    decisions: ["action", "policy_id", "detector"],
    scores: ["model", "score"],
    judgements: ["model", "verdict"],
    hits: ["detector"],
    reviews: what === "decided_at" ? ["verdict", "role"] : ["queue", "queue_reason"],
    appeals: what === "decided_at" ? ["outcome"] : [],
    reports: ["source", "outcome"],
  };
  return (names[log] ?? []).map((name) => value(row[name], say)).filter((each) => each).join(" · ");
}

function value(told: Cell, say: Say): string {
  if (told === null || told === undefined) return "";
  if (typeof told === "boolean") return say(told ? "yes" : "no");
  if (Array.isArray(told)) return told.join(", ");
  if (typeof told === "number") return told > 0 && told < 1 ? String(Number(told.toPrecision(4))) : String(told);
  if (/^\d{4}-\d\d-\d\dT/.test(told)) return moment(told);
  const key = `value.${told}`;
  const said = say(key);
  return said === key ? told : said;
}

function moment(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

function day(at: Cell): string {
  return typeof at === "string" ? at.slice(0, 10) : "";
}

