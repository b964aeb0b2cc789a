// Words that a tool brought along, and numbers as its reader writes them.

export type Say = (name: string, slots?: Record<string, string | number>) => string;

export function sayings(place: HTMLElement): Say {
  const brought = place.querySelector<HTMLTemplateElement>("template[data-words]");
  const told = JSON.parse(brought?.dataset.words ?? "{}") as Record<string, string>;
  return (name, slots = {}) =>
    (told[name] ?? name).replace(/\{(\w+)(?::\w+)?\}/g, (whole, slot: string) => String(slots[slot] ?? whole));
}

const LANGUAGE = document.documentElement.lang || "en";
export const CHINESE = LANGUAGE.startsWith("zh");

export function bilingual(message: { en: string; zh: string } | null | undefined): string {
  return message ? (CHINESE ? message.zh : message.en) : "";
}

export function count(value: number): string {
  return new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 }).format(value);
}

export function percent(value: number): string {
  const fine = Math.abs(value) < 0.1 ? 2 : 1;
  const text = new Intl.NumberFormat(LANGUAGE, { style: "percent", maximumFractionDigits: fine }).format(value);
  return text.replace("-", "−");
}

export function chance(value: number): string {
  return value >= 0.995 ? ">99%" : value <= 0.005 ? "<1%" : percent(Math.round(value * 100) / 100);
}

export function points(value: number): string {
  const text = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: Math.abs(value) < 0.1 ? 2 : 1 }).format(100 * value);
  return CHINESE ? `${text} 个百分点` : `${text} pts`;
}

export function signed(value: number, write: (value: number) => string): string {
  const text = write(Math.abs(value));
  if (text === write(0)) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}
