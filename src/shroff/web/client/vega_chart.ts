// Draws one chart: Vega, with expressions that are read, never run as code; its marks can be clicked.

import { expressionInterpreter } from "vega-interpreter";
import { Error as QuietLevel, parse, View, type Spec } from "vega";
import { openMark } from "./pointing";

const drawn = new WeakMap<HTMLElement, View>();

export async function show(place: HTMLElement, program: object): Promise<void> {
  const runtime = parse(program as Spec, undefined, { ast: true });
  const view = new View(runtime, {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
    hover: true,
    logLevel: QuietLevel,
  });
  view.addEventListener("click", (event, item) => {
    const datum = (item?.datum ?? {}) as { part?: Record<string, string>; at?: string; said?: string; value?: number };
    if ((!datum.part && datum.at === undefined) || !(event.target instanceof Element)) return;
    openMark(event.target, datum, datum.at === undefined ? [] : daysOf(program));
  });
  await view.runAsync();
  quiet(place);
  drawn.set(place, view);
}

// Vega calls each group of marks a symbol, with or without a name; one without a name tells a screen reader nothing.
function quiet(place: HTMLElement): void {
  for (const group of place.querySelectorAll('g[role="graphics-symbol"]:not([aria-label])')) {
    for (const name of ["role", "aria-roledescription"]) group.removeAttribute(name);
  }
}

function daysOf(program: object): number[] {
  const data = (program as { data?: { values?: { at?: string; value?: unknown }[] }[] }).data ?? [];
  const all = data.flatMap((each) => (Array.isArray(each.values) ? each.values : []));
  const days = all.filter((each) => each.at !== undefined && "value" in each).map((each) => new Date(each.at ?? 0).getTime());
  return [...new Set(days)].sort((a, b) => a - b);
}

export async function picture(place: HTMLElement, form: "png" | "svg"): Promise<Blob | null> {
  const view = drawn.get(place);
  if (!view) return null;
  const before = view.background();
  view.background("#fff");
  try {
    if (form === "svg") return new Blob([await view.toSVG()], { type: "image/svg+xml" });
    const canvas = await view.toCanvas(2);
    return await new Promise((given) => canvas.toBlob(given, "image/png"));
  } finally {
    view.background(before);
  }
}
