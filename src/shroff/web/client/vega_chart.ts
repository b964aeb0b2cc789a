// Draws one chart: Vega, with expressions that are read, never run as code.

import { expressionInterpreter } from "vega-interpreter";
import { Error as QuietLevel, parse, View, type Spec } from "vega";

export async function show(place: HTMLElement, program: object): Promise<void> {
  const runtime = parse(program as Spec, undefined, { ast: true });
  const view = new View(runtime, {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
    hover: true,
    logLevel: QuietLevel,
  });
  await view.runAsync();
}
