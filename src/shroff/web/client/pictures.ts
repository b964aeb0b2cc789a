// A chart as a picture file, drawn as it stands on the page, on white.

export async function savePicture(button: HTMLElement): Promise<void> {
  const form = button.dataset.picture === "svg" ? "svg" : "png";
  const place = button.closest("figure")?.querySelector<HTMLElement>(".chart[data-chart]");
  if (!place) return;
  const { picture } = await import("./vega_chart");
  const blob = await picture(place, form);
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `shroff-${place.dataset.chart ?? "chart"}.${form}`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
