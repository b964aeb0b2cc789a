// Words of the page's language, and the one way HTML from our own server enters a page.

interface TrustedPolicy {
  createHTML(text: string): string;
}

interface TrustedFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): TrustedPolicy;
}

const factory = (window as unknown as { trustedTypes?: TrustedFactory }).trustedTypes;
const policy = factory?.createPolicy("shroff", { createHTML: (text) => text });

export function words(name: string): string {
  return document.getElementById("words")?.dataset[name] ?? "";
}

export function inner(place: HTMLElement, html: string): void {
  place.innerHTML = policy ? policy.createHTML(html) : html;
}
