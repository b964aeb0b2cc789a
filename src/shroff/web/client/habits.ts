// Words of the habits that all pages share, and where a page is: its address, taken apart and put together.

const brought = document.getElementById("habits-words");
const told = JSON.parse(brought?.dataset.words ?? "{}") as Record<string, string>;

export function habit(name: string, slots: Record<string, string | number> = {}): string {
  return (told[name] ?? name).replace(/\{(\w+)(?::\w+)?\}/g, (whole, slot: string) => String(slots[slot] ?? whole));
}

export const SLICE = "by.";
export const BESIDE = "vs.";

export function asked(): URLSearchParams {
  return new URLSearchParams(location.search);
}

export function go(changed: URLSearchParams, path = location.pathname): void {
  location.assign(`${path}?${changed.toString()}`);
}

export function narrowed(terms: Record<string, string>, prefix = SLICE): URLSearchParams {
  const next = asked();
  if (prefix === BESIDE) for (const name of [...next.keys()]) if (name.startsWith(BESIDE) || name === "vs") next.delete(name);
  for (const [name, value] of Object.entries(terms)) next.set(prefix + name.replace(SLICE, ""), value);
  return next;
}
