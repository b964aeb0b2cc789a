// Which files: those in the folder that is served, and those that are sent there.

import { api, fault, Told } from "./api";
import { button, el } from "./dom";
import { alarm, note } from "./job";
import type { Say } from "./saying";

interface Found {
  name: string;
  path: string;
  bytes: number;
}

interface Folder {
  folder: string;
  folders: string[];
  files: Found[];
}

type Look = (files: string[]) => Promise<void>;

export async function startFiles(place: HTMLElement, say: Say, outcome: HTMLElement, look: Look): Promise<void> {
  const list = place.querySelector<HTMLElement>("[data-files]")!;
  const go = place.querySelector<HTMLButtonElement>("[data-look]")!;
  const chosen = new Set<string>();
  const settle = (): void => void (go.disabled = chosen.size === 0);
  const open = async (folder: string): Promise<void> => {
    const told = await api<Folder>(`first/files?folder=${encodeURIComponent(folder)}`);
    list.replaceChildren(...entries(told, say, chosen, settle, (next) => void open(next)));
  };
  go.addEventListener("click", () => void look([...chosen]));
  const upload = place.querySelector<HTMLInputElement>("[data-upload]")!;
  upload.addEventListener("change", () => {
    void send([...(upload.files ?? [])], say, outcome).then(async (sent) => {
      for (const path of sent) chosen.add(path);
      settle();
      await open("uploads");
    });
  });
  await open("");
}

function entries(told: Folder, say: Say, chosen: Set<string>, settle: () => void, open: (folder: string) => void): Node[] {
  const here = told.folder ? `${told.folder}/` : "";
  const items: Node[] = [];
  if (told.folder) {
    const above = told.folder.split("/").slice(0, -1).join("/");
    items.push(el("li", {}, button(`↑ ${say("up")}`, () => open(above), { class: "bare" })));
  }
  for (const name of told.folders) items.push(el("li", {}, button(`${name}/`, () => open(here + name), { class: "bare" })));
  for (const file of told.files) {
    const box = el("input", { type: "checkbox", checked: chosen.has(file.path) });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(file.path);
      else chosen.delete(file.path);
      settle();
    });
    const size = `${Math.max(1, Math.round(file.bytes / 1024))} KB`;
    items.push(el("li", {}, el("label", { class: "tick" }, box, file.name, el("small", {}, size))));
  }
  if (!items.length) return [note(say("no_files"))];
  return [el("p", { class: "note" }, `/${told.folder}`), el("ul", { class: "plain listing" }, ...items)];
}

async function send(files: File[], say: Say, outcome: HTMLElement): Promise<string[]> {
  const sent: string[] = [];
  for (const file of files) {
    outcome.replaceChildren(note(say("uploading", { name: file.name })));
    try {
      const reply = await fetch(`/api/v1/first/files/${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
      if (!reply.ok) throw new Told(fault(await reply.text()));
      sent.push(((await reply.json()) as Found).path);
    } catch (wrong) {
      outcome.replaceChildren(alarm(wrong));
      return sent;
    }
  }
  outcome.replaceChildren();
  return sent;
}
