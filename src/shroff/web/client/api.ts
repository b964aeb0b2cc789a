// Questions to our own server, and how it says what is wrong.

import { words } from "./words";

export class Told extends Error {}

export interface Asked {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
}

export async function api<T>(path: string, { method, body, signal }: Asked = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  headers["x-shroff-request"] = requestToken();
  const reply = await fetch(`/api/v1/${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  });
  const text = await reply.text();
  if (!reply.ok) throw new Told(fault(text));
  return (text ? JSON.parse(text) : null) as T;
}

/** Proves that a page of this dashboard asks: no other site can read the cookie. */
export function requestToken(): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith("shroff_request="));
  return found?.slice("shroff_request=".length) ?? "";
}

export function fault(text: string): string {
  try {
    const told = JSON.parse(text) as { error?: Record<string, string>; detail?: unknown };
    if (told.error) {
      const { where, cause, hint } = told.error;
      return [where, cause, hint].filter((part) => part).join(" · ");
    }
    if (typeof told.detail === "string") return told.detail;
  } catch {
    // not a fault of ours to tell: the general words stand
  }
  return words("failed");
}
