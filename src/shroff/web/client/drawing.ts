// Charts are drawn when they come into view, by a script that is loaded then.

export function drawCharts(root: HTMLElement): void {
  const waiting = [...root.querySelectorAll<HTMLElement>(".chart[data-chart]")];
  if (!waiting.length) return;
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        void draw(entry.target as HTMLElement);
      }
    },
    { rootMargin: "200px" },
  );
  waiting.forEach((each) => seen.observe(each));
}

async function draw(place: HTMLElement): Promise<void> {
  const { chart, answer } = place.dataset;
  const query = document.body.dataset.query ?? "";
  const width = Math.floor(place.clientWidth);
  const address = `/api/v1/pages/${answer}/charts/${encodeURIComponent(chart ?? "")}?width=${width}&${query}`;
  const [reply, { show }] = await Promise.all([fetch(address), import("./vega_chart")]);
  if (!reply.ok) return; // the numbers stand under the chart
  await show(place, (await reply.json()) as object);
}
