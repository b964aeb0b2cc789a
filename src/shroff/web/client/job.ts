// Long work: started at the server, watched with its progress, taken back by a button, its result shown.

import { api, Told } from "./api";
import { inner, words } from "./words";

export interface JobTold<T> {
  id: string;
  state: "waiting" | "working" | "done" | "failed" | "cancelled";
  seconds: number;
  done: number;
  of: number;
  error: Record<string, string> | null;
  result: T | null;
}

const WAITS = [250, 400, 700, 1000];

/** Starts a job at an address, or goes on with one that was started, and waits for it. */
export async function runJob<T>(what: string | JobTold<T>, body: unknown, place: HTMLElement): Promise<JobTold<T> | null> {
  let job = typeof what === "string" ? await api<JobTold<T>>(what, { body }) : what;
  const bar = progress(() => void api(`jobs/${job.id}`, { method: "DELETE" }));
  place.replaceChildren(bar.box);
  for (let turn = 0; job.state === "waiting" || job.state === "working"; turn++) {
    bar.tell(job);
    await new Promise((go) => window.setTimeout(go, WAITS[Math.min(turn, WAITS.length - 1)]));
    job = await api<JobTold<T>>(`jobs/${job.id}`);
  }
  place.replaceChildren();
  if (job.error) {
    const { where, cause, hint } = job.error;
    throw new Told([where, cause, hint].filter((part) => part).join(" · "));
  }
  if (job.state === "cancelled") {
    place.append(note(words("cancelled")));
    return null;
  }
  return job;
}

export async function showResult(id: string, place: HTMLElement): Promise<void> {
  const query = document.body.dataset.query ?? "";
  const reply = await fetch(`/part/jobs/${id}?${query}`);
  if (!reply.ok) throw new Told(words("failed"));
  inner(place, await reply.text());
  for (const chart of place.querySelectorAll<HTMLElement>(".chart[data-chart]")) void draw(id, chart, query);
}

async function draw(id: string, chart: HTMLElement, query: string): Promise<void> {
  const width = Math.floor(chart.clientWidth);
  const name = encodeURIComponent(chart.dataset.chart ?? "");
  const [reply, { show }] = await Promise.all([
    fetch(`/api/v1/jobs/${id}/charts/${name}?width=${width}&${query}`),
    import("./vega_chart"),
  ]);
  if (reply.ok) await show(chart, (await reply.json()) as object); // else the numbers stand under it
}

export function note(text: string, tone = ""): HTMLElement {
  const line = document.createElement("p");
  line.className = `note ${tone}`.trim();
  line.textContent = text;
  return line;
}

export function alarm(fault: unknown): HTMLElement {
  const box = document.createElement("aside");
  box.className = "callout bad";
  box.setAttribute("role", "alert");
  box.textContent = fault instanceof Told ? fault.message : words("failed");
  return box;
}

function progress(cancel: () => void): { box: HTMLElement; tell: (job: JobTold<unknown>) => void } {
  const box = document.createElement("div");
  const bar = document.createElement("progress");
  const text = document.createElement("span");
  const button = document.createElement("button");
  box.className = "job";
  box.setAttribute("role", "status");
  bar.setAttribute("aria-label", words("working"));
  button.type = "button";
  button.textContent = words("cancel");
  button.addEventListener("click", () => {
    button.disabled = true;
    cancel();
  });
  box.append(bar, text, button);
  const tell = (job: JobTold<unknown>): void => {
    if (job.of) {
      bar.max = job.of;
      bar.value = job.done;
    }
    text.textContent = `${words("working")} ${words("seconds").replace("0", String(Math.round(job.seconds)))}`;
  };
  return { box, tell };
}
