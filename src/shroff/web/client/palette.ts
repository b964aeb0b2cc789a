// The palette: type part of a page's or a section's name, Enter goes there.

interface Place {
  name: string;
  go: () => void;
}

function places(): Place[] {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("#menu a, .contents a, .tools a")];
  return links.map((link) => ({ name: link.textContent?.trim() ?? "", go: () => link.click() }));
}

export function showPalette(): void {
  const dialog = document.getElementById("palette") as HTMLDialogElement | null;
  const input = dialog?.querySelector("input");
  const list = dialog?.querySelector("ul");
  if (!dialog || !input || !list || dialog.open) return;
  const all = places();
  let found: Place[] = [];
  let chosen = 0;
  const choose = (place: Place | undefined): void => {
    dialog.close();
    place?.go();
  };
  const show = (): void => {
    const asked = input.value.trim().toLowerCase();
    found = all.filter((place) => place.name.toLowerCase().includes(asked)).slice(0, 12);
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(
      ...found.map((place, at) => {
        const item = document.createElement("li");
        item.textContent = place.name;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(at === chosen));
        item.addEventListener("click", () => choose(place));
        return item;
      }),
    );
  };
  input.value = "";
  input.oninput = show;
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length);
      show();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[chosen]);
    }
  };
  show();
  dialog.showModal();
  input.focus();
}
