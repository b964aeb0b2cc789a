// Time that somebody works on an ad: the page is in sight, and they did something in the last minute.

const IDLE = 60_000;

export class ActiveTime {
  private spent = 0;
  private since = 0;
  private last = 0;

  constructor() {
    const touch = (): void => this.touch();
    for (const name of ["keydown", "pointermove", "pointerdown", "wheel"]) {
      document.addEventListener(name, touch, { passive: true });
    }
    document.addEventListener("visibilitychange", () => (document.hidden ? this.pause() : this.touch()));
  }

  restart(): void {
    this.spent = 0;
    this.since = this.last = performance.now();
  }

  get seconds(): number {
    const end = Math.min(performance.now(), this.last + IDLE);
    return Math.round(this.spent + (this.since ? Math.max(0, end - this.since) : 0)) / 1000;
  }

  private touch(): void {
    const now = performance.now();
    if (this.since && now > this.last + IDLE) this.pause();
    if (!this.since) this.since = now;
    this.last = now;
  }

  private pause(): void {
    if (!this.since) return;
    this.spent += Math.max(0, Math.min(performance.now(), this.last + IDLE) - this.since);
    this.since = 0;
  }
}
