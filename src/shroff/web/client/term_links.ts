// From a new term to the ads that say it: Find counts them, and makes a rule of it in one step.

export function linkTerms(root: HTMLElement): void {
  const said = document.getElementById("words")?.dataset.find;
  if (!said || document.body.dataset.page !== "emerging") return;
  for (const cell of root.querySelectorAll<HTMLElement>("#new-terms > .scroll tbody th")) {
    const term = cell.textContent?.trim() ?? "";
    if (!term || cell.querySelector("a.find")) continue;
    const link = document.createElement("a");
    link.className = "find";
    link.textContent = said;
    link.setAttribute("aria-label", `${said}: ${term}`);
    const query = new URLSearchParams(document.body.dataset.query);
    query.set("q", `"${term.replaceAll('"', " ")}"`);
    link.href = `/find?${query}`;
    cell.append(" ", link);
  }
}
