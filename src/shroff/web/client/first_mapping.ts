// Which column is which: what was guessed, changed by hand, tried on the first rows at once.

import { api } from "./api";
import { button, el, labelled, options } from "./dom";
import { alarm, note } from "./job";
import { bilingual, CHINESE, count, type Say } from "./saying";

type Both = { en: string; zh: string };
type Words = Record<string, string>;

interface Column {
  name: string;
  meaning: string;
  required: boolean;
  values: string[];
}

interface Mapped {
  table: string;
  columns: Words;
  constants: Words;
  values: Record<string, Words>;
  time_zone: string;
}

interface Table {
  table: string;
  files: string[];
  columns: Column[];
  mapping: Mapped;
  perhaps: Words;
  doubts: Both[];
}

export interface Proposed {
  tables: Table[];
  strangers: Both[];
}

interface Fault {
  column: string;
  value: string;
  reason: Both;
  rows: number;
}

interface Trial {
  columns: string[];
  rows: { line: number; cells: string[]; fault: Fault | null }[];
  looked_at: number;
  refused: number;
  faults: Fault[];
  missing: string[];
  source: string[];
}

const SHOWN = 12;

export function startMapping(place: HTMLElement, say: Say, found: Proposed, make: (body: unknown) => void): void {
  const wanted = new Map<string, Mapped>();
  const parts = found.tables.map((table) => tablePart(table, say, wanted));
  const name = el("input", { value: "", maxlength: 120 });
  const go = button(say("make"), () => make({ name: name.value, language: CHINESE ? "zh" : "en", tables: [...wanted.values()] }), {
    class: "firm",
  });
  place.replaceChildren(
    el("h2", { class: "next" }, say("map_title")),
    el("p", { class: "lead" }, say("map_lead")),
    ...found.strangers.map((each) => note(say("no_table", { what: bilingual(each) }), "bad")),
    ...parts,
    el("div", { class: "row last" }, labelled(say("name"), name), go),
  );
  place.scrollIntoView({ block: "start" });
}

function tablePart(table: Table, say: Say, wanted: Map<string, Mapped>): HTMLElement {
  const mapped = table.mapping;
  const grid = el("div", {});
  const fields = el("div", { class: "mapping" });
  const take = el("input", { type: "checkbox", checked: true });
  wanted.set(table.table, mapped);
  take.addEventListener("change", () => {
    if (take.checked) wanted.set(table.table, mapped);
    else wanted.delete(table.table);
    fields.hidden = grid.hidden = !take.checked;
  });
  let turn = 0;
  let drawn = false;
  const renew = async (): Promise<void> => {
    const mine = ++turn;
    try {
      const trial = await api<Trial>("first/try", { body: mapped });
      if (mine !== turn) return;
      if (!drawn) fields.replaceChildren(...mappingFields(table, trial, say, renew));
      drawn = true;
      grid.replaceChildren(...gridOf(table, trial, say, renew));
    } catch (fault) {
      if (mine === turn) grid.replaceChildren(alarm(fault));
    }
  };
  void renew();
  const doubts = table.doubts.map((each) => el("li", {}, bilingual(each)));
  return el(
    "section",
    { class: "mapped" },
    el("h3", {}, table.table, " ", el("small", {}, say("of_files", { files: table.files.join(", ") }))),
    el("label", { class: "tick" }, take, say("take")),
    fields,
    grid,
    doubts.length ? el("details", {}, el("summary", {}, `${say("doubts")} (${doubts.length})`), el("ul", { class: "plain" }, ...doubts)) : null,
  );
}

function mappingFields(table: Table, trial: Trial, say: Say, renew: () => Promise<void>): Node[] {
  const mapped = table.mapping;
  const field = (column: Column): HTMLElement => {
    const select = el("select", { title: column.meaning });
    const same = trial.source.find((each) => each.toLowerCase() === column.name.toLowerCase());
    const sources: [string, string][] = trial.source.map((each) => [`column:${each}`, each]);
    const fixed: [string, string][] = column.values.map((each) => [`always:${each}`, say("always", { value: each })]);
    options(select, [["", say("nothing")], ...sources, ...fixed]);
    const now = mapped.columns[column.name] ?? same;
    select.value = now ? `column:${now}` : "";
    select.addEventListener("change", () => {
      const [kind, value] = [select.value.split(":", 1)[0], select.value.slice(select.value.indexOf(":") + 1)];
      delete mapped.columns[column.name];
      delete mapped.constants[column.name];
      if (kind === "column") mapped.columns[column.name] = value;
      if (kind === "always") mapped.constants[column.name] = value;
      void renew();
    });
    const title = el("span", {}, column.name, column.required ? el("small", {}, ` ${say("required")}`) : null);
    return el("label", {}, title, select);
  };
  const known = new Set([...trial.columns, ...Object.keys(table.perhaps)]);
  const first = table.columns.filter((each) => each.required || known.has(each.name));
  const rest = table.columns.filter((each) => !first.includes(each));
  const zone = el("input", { value: mapped.time_zone, maxlength: 60 });
  zone.addEventListener("change", () => {
    mapped.time_zone = zone.value.trim() || "UTC";
    void renew();
  });
  return [
    el("div", { class: "fields" }, ...first.map(field), labelled(say("zone"), zone)),
    rest.length ? el("details", {}, el("summary", {}, say("more_columns")), el("div", { class: "fields" }, ...rest.map(field))) : el("span", {}),
  ];
}

function gridOf(table: Table, trial: Trial, say: Say, renew: () => Promise<void>): Node[] {
  const told: Node[] = [];
  if (trial.missing.length) told.push(note(say("lacks", { columns: trial.missing.join(", ") }), "bad"));
  const rows = count(trial.looked_at);
  told.push(
    trial.refused
      ? note(say("refused", { refused: count(trial.refused), rows }), "bad")
      : note(say("all_fine", { rows }), "good"),
  );
  return [...told, ...trial.faults.slice(0, SHOWN).map((fault) => answer(table, fault, say, renew)), cells(trial, say)];
}

function answer(table: Table, fault: Fault, say: Say, renew: () => Promise<void>): HTMLElement {
  const column = table.columns.find((each) => each.name === fault.column);
  const slots = { column: fault.column, value: fault.value, rows: count(fault.rows), reason: bilingual(fault.reason) };
  if (!column?.values.length || !fault.value) return note(say("other_fault", slots), "bad");
  const select = el("select", {});
  options(select, [["", say("nothing")], ...column.values.map((each): [string, string] => [each, each])]);
  select.addEventListener("change", () => {
    const values = (table.mapping.values[fault.column] ??= {});
    if (select.value) values[fault.value] = select.value;
    else delete values[fault.value];
    void renew();
  });
  return el("label", { class: "meaning" }, say("means", slots), select);
}

function cells(trial: Trial, say: Say): HTMLElement {
  const head = [say("line"), ...trial.columns].map((each) => el("th", { scope: "col" }, each));
  const rows = trial.rows.map((row) => {
    const cells = trial.columns.map((name, place) => {
      const fault = row.fault?.column === name ? row.fault : null;
      const missing = trial.missing.includes(name);
      const why = fault ? bilingual(fault.reason) : "";
      const text = fault ? `${fault.value || "∅"} · ${why}` : missing ? "∅" : (row.cells[place] ?? "");
      return el("td", { class: fault || missing ? "wrong" : undefined }, text);
    });
    return el("tr", {}, el("th", { scope: "row" }, String(row.line)), ...cells);
  });
  return el(
    "div",
    { class: "scroll grid", tabindex: 0 },
    el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)),
  );
}
