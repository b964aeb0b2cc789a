// Reports: written for a reader as a job, fetched, scheduled, told of.

import { api } from "./api";
import { button, el } from "./dom";
import { moment, unwritten } from "./grid";
import { alarm, note, runJob } from "./job";
import { sayings, type Say } from "./saying";

interface FileTold {
  name: string;
  kind: string;
  bytes: number;
}

interface Report {
  run: number;
  at: string;
  period: string;
  audience: string;
  files: FileTold[];
}

interface Schedule {
  id: string;
  when: string;
  zone: string;
  next: string;
  sends: boolean;
  who: string;
  audience: string;
  kinds: string[];
}

interface Turn {
  schedule: string;
  due: string;
  state: string;
  told: string;
}

interface Reports {
  reports: Report[];
  schedules: Schedule[];
  turns: Turn[];
  missing: Record<string, string>;
  told: string;
}

interface Files {
  run: number | null;
  headline: string;
}

const QUERY = document.body.dataset.query ?? "";
const LANGUAGE = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

function table(titles: string[], rows: (Node | string)[][]): HTMLElement {
  const head = el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title || unwritten())));
  const body = rows.map(([first, ...rest]) =>
    el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((cell) => el("td", {}, cell))),
  );
  return el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  const form = place.querySelector<HTMLFormElement>("[data-write]")!;
  const outcome = place.querySelector<HTMLElement>("[data-outcome]")!;
  const may = form.dataset.may !== "";
  const renew = async (): Promise<void> => show(place, say, await api<Reports>("reports"), renew, may);
  if (!may) for (const each of form.querySelectorAll("button")) each.disabled = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void write(form, outcome, say).then(renew);
  });
  startSchedule(form, outcome, say, renew);
  try {
    await renew();
  } catch (fault) {
    outcome.replaceChildren(alarm(fault));
  }
}

function asked(form: HTMLFormElement): Record<string, unknown> {
  const given = new FormData(form);
  return {
    audience: given.get("audience"),
    languages: given.getAll("language"),
    kinds: given.getAll("kind"),
    publish: given.has("publish"),
  };
}

async function write(form: HTMLFormElement, outcome: HTMLElement, say: Say): Promise<void> {
  const submit = form.querySelector<HTMLButtonElement>("button[type=submit]")!;
  submit.disabled = true;
  try {
    const job = await runJob<Files>(`reports?${QUERY}`, asked(form), outcome);
    if (job?.result) outcome.append(note(say("done", { headline: job.result.headline }), "good"));
  } catch (fault) {
    outcome.replaceChildren(alarm(fault));
  } finally {
    submit.disabled = false;
  }
}

function startSchedule(form: HTMLFormElement, outcome: HTMLElement, say: Say, renew: () => Promise<void>): void {
  const box = form.querySelector<HTMLElement>("#schedule-form")!;
  const open = form.querySelector<HTMLButtonElement>("[data-open-schedule]")!;
  const preset = form.querySelector<HTMLSelectElement>("[name=preset]")!;
  const cron = form.querySelector<HTMLInputElement>("[name=cron]")!;
  const zone = form.querySelector<HTMLInputElement>("[name=zone]")!;
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  open.addEventListener("click", () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
  });
  preset.addEventListener("change", () => {
    form.querySelector<HTMLElement>("[data-cron]")!.hidden = preset.value !== "";
    if (preset.value) cron.value = preset.value;
  });
  const keep = async (): Promise<void> => {
    const sends = form.querySelector<HTMLInputElement>("[name=sends]")!.checked;
    const body = { ...asked(form), cron: cron.value, zone: zone.value, sends };
    try {
      const made = await api<Schedule>(`reports/schedules?${QUERY}`, { body });
      outcome.replaceChildren(note(say("scheduled_at", { next: moment(made.next).textContent ?? "" }), "good"));
      await renew();
    } catch (fault) {
      outcome.replaceChildren(alarm(fault));
    }
  };
  form.querySelector("[data-schedule]")!.addEventListener("click", () => void keep());
}

function show(place: HTMLElement, say: Say, told: Reports, renew: () => Promise<void>, may: boolean): void {
  const lacks = Object.entries(told.missing).map(([kind, what]) => note(say("missing", { kind: kind.toUpperCase(), what })));
  place.querySelector("[data-missing]")!.replaceChildren(...lacks);
  for (const [kind] of Object.entries(told.missing)) {
    const box = place.querySelector<HTMLInputElement>(`[name=kind][value=${kind}]`);
    if (box) box.disabled = true;
  }
  const sends = place.querySelector<HTMLElement>("[data-sends]")!;
  sends.hidden = !told.told;
  sends.querySelector("span")!.textContent = say("tell", { host: told.told });
  place.querySelector("[data-written]")!.replaceChildren(written(told, say, may));
  place.querySelector("[data-scheduled]")!.replaceChildren(scheduled(told, say, renew, may));
}

function written(told: Reports, say: Say, may: boolean): HTMLElement {
  if (!told.reports.length) return note(say("none_written"));
  const rows = told.reports.map((report) => {
    const files = report.files.map((file) => {
      const address = `/api/v1/reports/${report.run}/files/${encodeURIComponent(file.name)}`;
      const size = `${Math.max(1, Math.round(file.bytes / 1024))} KB`;
      return el("a", { class: "file", href: address, download: "", title: `${file.name}, ${size}` }, label(file));
    });
    const acts = el("span", { class: "files" }, ...files);
    if (!files.length) acts.append(say("gone"));
    const cell = el("span", { class: "files" });
    if (told.told && may) cell.append(button(say("send"), () => void send(report, cell, say)));
    return [moment(report.at), say(`name_${report.audience}`), el("span", { class: "moment" }, report.period), acts, ...(told.told ? [cell] : [])];
  });
  const titles = [say("at"), say("audience"), say("period"), say("files"), ...(told.told ? [""] : [])];
  return table(titles, rows);
}

function label(file: FileTold): string {
  const language = file.name.includes(".zh.") ? "中文" : file.name.includes(".en.") ? "EN" : "";
  return `${file.kind.toUpperCase()} ${language}`.trim();
}

async function send(report: Report, cell: HTMLElement, say: Say): Promise<void> {
  try {
    const { host } = await api<{ host: string }>(`reports/${report.run}/send?language=${LANGUAGE}`, { method: "POST" });
    cell.replaceChildren(say("told", { host }));
  } catch (fault) {
    cell.replaceChildren(alarm(fault));
  }
}

function scheduled(told: Reports, say: Say, renew: () => Promise<void>, may: boolean): HTMLElement {
  if (!told.schedules.length) return note(say("none_scheduled"));
  const rows = told.schedules.map((each) => {
    const last = told.turns.find((turn) => turn.schedule === each.id);
    const stop = async (): Promise<void> => {
      await api(`reports/schedules/${each.id}`, { method: "DELETE" });
      await renew();
    };
    return [
      say(`name_${each.audience}`),
      each.kinds.map((kind) => kind.toUpperCase()).join(", "),
      `${each.when} (${each.zone})`,
      moment(each.next),
      last ? `${say(`state_${last.state}`)}: ${last.told}` : say("not_yet"),
      may ? button(say("unschedule"), () => void stop()) : "",
    ];
  });
  return table([say("audience"), say("kinds"), say("when"), say("next"), say("last"), ""], rows);
}
