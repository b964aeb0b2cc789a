// Settings: what waits for a second person, oneself, programs, people, the file, what was done.

import { told, tried } from "./acting";
import { api } from "./api";
import { button, el, labelled } from "./dom";
import { grid, moment } from "./grid";
import { alarm } from "./job";
import { sayings, type Say } from "./saying";
import { showAudit } from "./settings_audit";
import { showFile } from "./settings_file";
import { showPeople } from "./settings_people";

interface Me {
  name: string;
  role: string;
  alone: boolean;
  acts: string[];
}

interface Session {
  id: string;
  begun: string;
  seen: string;
  address: string;
  agent: string;
  here: boolean;
}

interface Token {
  prefix: string;
  name: string;
  scopes: string[];
  note: string;
  until: string;
  used: string | null;
}

interface Approval {
  id: string;
  kind: string;
  subject: string;
  asked: Record<string, unknown>;
  who: string;
  why: string;
  at: string;
}

type Show = (place: HTMLElement) => Promise<void>;

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const me = await api<Me>("me");
  const parts: [string, Show][] = [
    ["waiting", (at) => showWaiting(at, say, me)],
    ["you", (at) => showYou(at, say, me)],
    ["tokens", (at) => showTokens(at, say, me)],
  ];
  if (me.acts.includes("manage")) {
    parts.push(["people", (at) => showPeople(at, say, me.alone)], ["file", (at) => showFile(at, say)], ["audit", (at) => showAudit(at, say)]);
  }
  for (const [name, show] of parts) {
    const body = el("div", {});
    place.append(el("h2", { id: name, class: "next" }, say(`${name}_title`)), el("p", { class: "lead" }, say(`${name}_lead`)), body);
    show(body).catch((fault: unknown) => body.append(alarm(fault)));
  }
}

async function showWaiting(place: HTMLElement, say: Say, me: Me): Promise<void> {
  const waiting = await api<Approval[]>("approvals");
  if (!waiting.length) {
    place.replaceChildren(el("p", { class: "quiet" }, say("nothing_waits")));
    return;
  }
  const rows = waiting.map((each) => [
    el("div", {}, el("b", {}, each.subject), el("br"), el("small", {}, say(`kind_${each.kind}`), " ", asked(each))),
    each.who,
    each.why,
    moment(each.at),
    verdict(place, say, me, each),
  ]);
  place.replaceChildren(grid([say("what"), say("who"), say("why"), say("at"), ""], rows));
}

function asked(each: Approval): string {
  const shown = Object.entries(each.asked).filter(([name]) => ["to", "share", "version", "what", "despite"].includes(name));
  return shown.filter(([, value]) => value !== null && value !== false).map(([name, value]) => `${name}: ${String(value)}`).join(" · ");
}

function verdict(place: HTMLElement, say: Say, me: Me, each: Approval): HTMLElement {
  if (!me.acts.includes("approve")) return el("span", {}, say("needs_approver"));
  const said = el("input", { "aria-label": say("note"), placeholder: say("note"), maxlength: 2000 });
  const settle = (approve: boolean): (() => void) =>
    tried(place, async () => {
      await api(`approvals/${each.id}`, { body: { approve, note: said.value } });
      await showWaiting(place, say, me);
      told(place, say(approve ? "approved" : "refused"));
    });
  const own = each.who === me.name;
  return el("div", { class: "acts tight" }, said, own ? null : button(say("approve"), settle(true), { class: "firm" }), button(say(own ? "take_back" : "refuse"), settle(false)));
}

async function showYou(place: HTMLElement, say: Say, me: Me): Promise<void> {
  place.replaceChildren(el("p", {}, el("b", {}, me.name), " · ", say(`role_${me.role}`)));
  if (me.alone) {
    place.append(el("p", { class: "quiet" }, say("alone")));
    return;
  }
  const sessions = await api<Session[]>("me/sessions");
  const leave = (everywhere: boolean): (() => void) =>
    tried(place, async () => {
      await api("sign-out", { body: { everywhere } });
      location.assign("/sign-in");
    });
  const rows = sessions.map((each) => [
    each.here ? el("b", {}, say("here")) : button(say("end"), tried(place, async () => {
      await api(`me/sessions/${each.id}`, { method: "DELETE" });
      await showYou(place, say, me);
    })),
    moment(each.begun), moment(each.seen), each.address, each.agent,
  ]);
  place.append(
    grid([say("session"), say("begun"), say("seen"), say("address"), say("browser")], rows),
    el("div", { class: "acts" }, button(say("sign_out"), leave(false)), button(say("sign_out_all"), leave(true))),
    passwordForm(place, say, me),
  );
}

function passwordForm(place: HTMLElement, say: Say, me: Me): HTMLElement {
  const current = el("input", { type: "password", autocomplete: "current-password", required: true, maxlength: 256 });
  const fresh = el("input", { type: "password", autocomplete: "new-password", required: true, minlength: 12, maxlength: 256 });
  const change = tried(place, async () => {
    await api("me/password", { body: { current: current.value, password: fresh.value } });
    await showYou(place, say, me);
    told(place, say("password_changed"));
  });
  const form = el("form", { class: "row more" }, labelled(say("current"), current), labelled(say("fresh"), fresh), el("button", { type: "submit" }, say("change_password")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change();
  });
  return form;
}

async function showTokens(place: HTMLElement, say: Say, me: Me): Promise<void> {
  const tokens = await api<Token[]>("tokens");
  const rows = tokens.map((each) => [
    el("code", {}, each.prefix), each.name, each.scopes.join(", "), each.note, moment(each.until), moment(each.used),
    button(say("revoke"), tried(place, async () => {
      await api(`tokens/${each.prefix}`, { method: "DELETE" });
      await showTokens(place, say, me);
    })),
  ]);
  const titles = ["prefix", "who", "scopes", "for", "until", "used"].map((each) => say(each));
  place.replaceChildren(tokens.length ? grid([...titles, ""], rows) : el("p", { class: "quiet" }, say("no_tokens")));
  if (!me.alone) place.append(tokenForm(place, say, me));
}

function tokenForm(place: HTMLElement, say: Say, me: Me): HTMLElement {
  const scopes = ["see", "label", "write"].filter((each) => me.acts.includes(each));
  const boxes = scopes.map((each) => el("input", { type: "checkbox", value: each, checked: each === "see" }));
  const days = el("input", { type: "number", min: 1, max: 366, value: 90 });
  const about = el("input", { maxlength: 200 });
  const make = tried(place, async () => {
    const wanted = boxes.filter((each) => each.checked).map((each) => each.value);
    const made = await api<{ token: string }>("tokens", { body: { scopes: wanted, days: Number(days.value), note: about.value } });
    await showTokens(place, say, me);
    place.append(el("p", { class: "callout", role: "status" }, say("token_once"), " ", el("code", {}, made.token)));
  });
  const ticks = boxes.map((box) => el("label", { class: "tick" }, box, say(`scope_${box.value}`)));
  const form = el("form", { class: "row more" }, el("fieldset", {}, el("legend", {}, say("scopes")), ...ticks), labelled(say("for"), about), labelled(say("days"), days), el("button", { type: "submit" }, say("make_token")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    make();
  });
  return form;
}
