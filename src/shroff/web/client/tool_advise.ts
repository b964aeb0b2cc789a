// Advice: what is recommended and decided, and lines moved by hand.

import { startPlan } from "./advice_plan";
import { startLines } from "./line_mover";
import { sayings } from "./saying";

export async function start(place: HTMLElement): Promise<void> {
  const say = sayings(place);
  startLines(place.querySelector<HTMLElement>("[data-lines]")!, say);
  await startPlan(place.querySelector<HTMLElement>("[data-plan]")!, say);
}
