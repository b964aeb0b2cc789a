// Texts of strangers: what is not seen is shown as a mark, what matches stands out, what is long is folded.

import { el } from "./dom";

export interface Spot {
  start: number;
  end: number;
  title: string;
  tone?: string;
  offensive?: boolean;
}

export interface Shown {
  text: string;
  length: number;
}

export interface FoldWords {
  all: (characters: number) => string;
  cut: (characters: number) => string;
  reveal: string;
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const JOINER = "\u200d";
const FOLDED = 480;
const BEFORE = 80;

/** Shows a text; places are counted in code points, as the server counts them. */
export function adText(shown: Shown, spots: Spot[], words: FoldWords): HTMLElement {
  const signs = Array.from(shown.text);
  const place = el("div", { class: "ad-text", dir: "auto" });
  const whole = (): void => {
    place.replaceChildren(...pieces(signs, spots, 0, signs.length, words));
    if (shown.length > signs.length) place.append(el("p", { class: "note" }, words.cut(shown.length)));
  };
  if (signs.length <= FOLDED * 1.5) {
    whole();
    return place;
  }
  const first = Math.max(0, Math.min(...spots.map((spot) => spot.start), signs.length) - BEFORE);
  const from = spots.length ? first : 0;
  const to = Math.min(signs.length, from + FOLDED);
  const more = el("button", { type: "button", class: "bare" }, words.all(shown.length));
  more.addEventListener("click", whole);
  place.append(from ? "… " : "", ...pieces(signs, spots, from, to, words), to < signs.length ? " … " : "", more);
  return place;
}

function pieces(signs: string[], spots: Spot[], from: number, to: number, words: FoldWords): Node[] {
  const cuts = new Set([from, to]);
  for (const spot of spots) {
    if (spot.start > from && spot.start < to) cuts.add(spot.start);
    if (spot.end > from && spot.end < to) cuts.add(spot.end);
  }
  const edges = [...cuts].sort((one, other) => one - other);
  const found: Node[] = [];
  edges.slice(0, -1).forEach((start, at) => {
    const end = edges[at + 1] ?? to;
    const inside = spots.filter((spot) => spot.start <= start && spot.end >= end && spot.end > spot.start);
    const parts = plain(signs, start, end);
    found.push(...(inside.length ? [marked(parts, inside, words)] : parts));
  });
  return found;
}

function marked(parts: Node[], spots: Spot[], words: FoldWords): HTMLElement {
  const title = [...new Set(spots.map((spot) => spot.title).filter((each) => each))].join("\n");
  const mark = el("mark", { title, class: spots.find((spot) => spot.tone)?.tone });
  mark.append(...parts);
  if (spots.some((spot) => spot.offensive)) {
    mark.classList.add("offends");
    mark.tabIndex = 0;
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-label", words.reveal);
    const reveal = (): void => {
      mark.classList.remove("offends");
      mark.removeAttribute("role");
      mark.removeAttribute("aria-label");
      mark.removeAttribute("tabindex");
    };
    mark.addEventListener("click", reveal);
    mark.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        reveal();
      }
    });
  }
  return mark;
}

function plain(signs: string[], from: number, to: number): Node[] {
  const found: Node[] = [];
  let run = "";
  const flush = (): void => {
    if (run) found.push(document.createTextNode(run));
    run = "";
  };
  for (let at = from; at < to; at++) {
    const sign = signs[at] ?? "";
    const joins = sign === JOINER && PICTURE.test(signs[at - 1] ?? "") && PICTURE.test(signs[at + 1] ?? "");
    if (sign === "\n" || sign === "\t" || joins || !UNSEEN.test(sign)) {
      run += sign;
      continue;
    }
    flush();
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    found.push(el("span", { class: "unseen", title: `U+${code}` }, code));
  }
  flush();
  return found;
}

/** An address of strangers: only http and https lead anywhere, after a question. */
export function outward(address: string, question: string): HTMLElement {
  if (!/^https?:\/\/[^\s]+$/i.test(address)) return el("code", { class: "address" }, address);
  const link = el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", class: "address" }, address);
  link.addEventListener("click", (event) => {
    if (!window.confirm(`${question}\n\n${address.slice(0, 300)}`)) event.preventDefault();
  });
  return link;
}
