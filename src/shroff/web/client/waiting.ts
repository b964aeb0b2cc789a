// A page's answer that is still being worked out: how long it has taken and usually takes, and a way to take it back.

import { api, fault } from "./api";
import { button, el } from "./dom";
import { habit } from "./habits";
import { inner, words } from "./words";

const reader = crypto.getRandomValues(new Uint32Array(4)).join("-");

export async function waitForAnswer(place: HTMLElement, address: string, settle: () => void): Promise<void> {
  const since = performance.now();
  const stopping = new AbortController();
  const bar = el("progress", { "aria-label": words("working") });
  const said = el("span", {});
  const cancel = button(words("cancel"), () => void takeBack(place, address, stopping, settle));
  place.replaceChildren(el("div", { class: "waiting" }, el("p", {}, words("working"), " ", said), bar, cancel));
  let usual = 0;
  const ticking = window.setInterval(() => {
    const seconds = (performance.now() - since) / 1000;
    const told = words("seconds").replace("0", String(Math.round(seconds)));
    said.textContent = usual ? `${told} · ${habit("expected", { seconds: Math.max(1, Math.round(usual)) })}` : told;
    if (usual) bar.value = Math.min(0.95, seconds / usual);
  }, 1000);
  try {
    for (;;) {
      const reply = await fetch(`${address}&reader=${reader}`, { headers: { accept: "text/html" }, signal: stopping.signal });
      if (reply.status === 202) {
        usual = ((await reply.json()) as { usual: number | null }).usual ?? 0;
        continue;
      }
      if (!reply.ok) {
        place.replaceChildren(alertOf(await reply.text()));
        return;
      }
      inner(place, await reply.text());
      place.removeAttribute("data-waiting");
      settle();
      return;
    }
  } catch {
    if (!stopping.signal.aborted) place.replaceChildren(alertOf(""));
  } finally {
    window.clearInterval(ticking);
  }
}

async function takeBack(place: HTMLElement, address: string, stopping: AbortController, settle: () => void): Promise<void> {
  stopping.abort();
  const again = button(habit("again"), () => void waitForAnswer(place, address, settle));
  place.replaceChildren(el("div", { class: "waiting", role: "status" }, el("p", {}, words("cancelled")), again));
  again.focus();
  await api(`pages/${address.replace("/part/", "")}&reader=${reader}`, { method: "DELETE" }).catch(() => undefined);
}

export function alertOf(text: string): HTMLElement {
  return el("aside", { class: "callout bad", role: "alert" }, fault(text));
}
