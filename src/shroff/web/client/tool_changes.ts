// Incidents: what changed, acknowledged, closed with a reason, opened again.

import { api } from "./api";
import { button, el, labelled } from "./dom";
import { alarm, note } from "./job";
import { bilingual, sayings, type Say } from "./saying";

interface Incident {
  id: string;
  state: "open" | "acknowledged" | "closed" | "resolved";
  onset: string;
  en: string;
  zh: string;
  who: string;
  why: string;
}

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const list = place.querySelector<HTMLElement>("[data-incidents]")!;
  try {
    show(list, say, await api<Incident[]>("incidents"));
  } catch (fault) {
    list.replaceChildren(alarm(fault));
  }
}

function show(list: HTMLElement, say: Say, all: Incident[]): void {
  const live = all.filter((each) => each.state === "open" || each.state === "acknowledged");
  const over = all.filter((each) => !live.includes(each));
  const item = (each: Incident): HTMLElement => row(list, say, each, all);
  list.replaceChildren(
    live.length ? el("ul", { class: "incidents" }, ...live.map(item)) : note(say("none")),
    over.length
      ? el("details", {}, el("summary", {}, say("over", { count: over.length })), el("ul", { class: "incidents" }, ...over.map(item)))
      : el("span", {}),
  );
}

function row(list: HTMLElement, say: Say, incident: Incident, all: Incident[]): HTMLElement {
  const place = el("li", { class: `incident ${incident.state}` });
  const move = async (state: string, why = ""): Promise<void> => {
    try {
      const moved = await api<Incident>(`incidents/${incident.id}`, { body: { state, why } });
      show(list, say, all.map((each) => (each.id === moved.id ? moved : each)));
    } catch (fault) {
      place.append(alarm(fault));
    }
  };
  const acts = el("div", { class: "acts" });
  if (list.dataset.may) {
    if (incident.state === "open") acts.append(button(say("acknowledge"), () => void move("acknowledged")));
    if (incident.state === "closed" || incident.state === "resolved") acts.append(button(say("reopen"), () => void move("open")));
    else acts.append(button(say("close"), () => acts.replaceChildren(reason(say, (why) => void move("closed", why)))));
  }
  const by = [say(`state_${incident.state}`), incident.who, incident.why].filter((part) => part).join(" · ");
  place.append(el("p", {}, bilingual(incident)), el("p", { class: "note" }, by), acts);
  return place;
}

function reason(say: Say, close: (why: string) => void): HTMLElement {
  const why = el("input", { required: true, maxlength: 2000 });
  const form = el("form", { class: "row" }, labelled(say("why"), why), el("button", { type: "submit", class: "firm" }, say("close")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close(why.value);
  });
  window.setTimeout(() => why.focus());
  return form;
}
