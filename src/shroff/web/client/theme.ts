// Light and dark: the reader's choice, else that of the system.

const KEY = "shroff-theme";

function wanted(): string {
  const kept = localStorage.getItem(KEY);
  if (kept) return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function useTheme(): void {
  document.documentElement.dataset.theme = wanted();
}

export function switchTheme(): void {
  const next = wanted() === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, next);
  useTheme();
}
