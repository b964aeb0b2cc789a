// First run: makes the demo, or has the columns of files looked over before they are read.

import { api } from "./api";
import { button, el } from "./dom";
import { startFiles } from "./first_files";
import { startMapping, type Proposed } from "./first_mapping";
import { alarm, note, runJob } from "./job";
import { count, sayings, type Say } from "./saying";

interface Ingested {
  ingests: { table: string; read: number; inserted: number; quarantined: number }[];
}

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const outcome = place.querySelector<HTMLElement>("[data-outcome]")!;
  const mapping = place.querySelector<HTMLElement>("[data-mapping]")!;
  const run = async <T>(path: string, body: unknown): Promise<T | null> => {
    try {
      return (await runJob<T>(path, body, outcome))?.result ?? null;
    } catch (fault) {
      outcome.replaceChildren(alarm(fault));
      return null;
    }
  };
  const read = async (path: string, body: unknown): Promise<void> => {
    const made = await run<Ingested>(path, body);
    if (made) finish(place, say, made);
  };
  const ads = place.querySelector<HTMLSelectElement>("[data-ads]");
  place.querySelector("[data-demo]")?.addEventListener("click", () => void read("first/demo", { ads: Number(ads?.value) }));
  await startFiles(place, say, outcome, async (files) => {
    const found = await run<Proposed>("first/look", { files });
    if (found) startMapping(mapping, say, found, (body) => void read("first/make", body));
  });
}

function finish(place: HTMLElement, say: Say, made: Ingested): void {
  const lines = made.ingests.map((each) => {
    const told = say("read", { table: each.table, inserted: count(each.inserted), read: count(each.read) });
    const kept = each.quarantined ? ` · ${say("quarantined", { rows: count(each.quarantined) })}` : "";
    return el("li", {}, told + kept);
  });
  const open = button(say("open"), () => void opened(place, say), { class: "firm" });
  place.replaceChildren(el("ul", { class: "support" }, ...lines), el("div", { class: "acts" }, open));
  open.focus();
}

async function opened(place: HTMLElement, say: Say): Promise<void> {
  await api("first/open", { method: "POST" });
  place.replaceChildren(note(say("opening")));
  for (;;) {
    await new Promise((go) => window.setTimeout(go, 700));
    const reply = await fetch("/api/v1/openapi.json").catch(() => null);
    if (reply?.ok) break;
  }
  location.assign("/");
}
