// What a button does: it is run, and below it stands what came of it.

import { alarm, note } from "./job";

function clear(place: HTMLElement): void {
  place.querySelectorAll(":scope > :is([role=alert], .note)").forEach((old) => old.remove());
}

/** Runs what a button does, and says what is wrong. */
export function tried(place: HTMLElement, run: () => Promise<void>): () => void {
  return () => {
    clear(place);
    run().catch((fault: unknown) => place.append(alarm(fault)));
  };
}

/** Says what was done. */
export function told(place: HTMLElement, text: string): void {
  clear(place);
  const line = note(text, "good");
  line.setAttribute("role", "status");
  place.append(line);
}
