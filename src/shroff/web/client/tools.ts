// What there is to work with on a page: its script is loaded where the page has one.

interface Tool {
  start(place: HTMLElement): void | Promise<void>;
}

const TOOLS: Record<string, () => Promise<Tool>> = {
  ad: () => import("./tool_ad"),
  find: () => import("./tool_find"),
  rules: () => import("./tool_rules"),
  advise: () => import("./tool_advise"),
  label: () => import("./tool_label"),
  labels: () => import("./tool_labels"),
  models: () => import("./tool_models"),
  changes: () => import("./tool_changes"),
  first_run: () => import("./tool_first_run"),
  settings: () => import("./tool_settings"),
  reports: () => import("./tool_reports"),
};

export async function startTool(): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-tool]");
  const load = TOOLS[place?.dataset.tool ?? ""];
  if (place && load) await (await load()).start(place);
}
