import { randomInt } from "node:crypto";

/** Makes a code that links a channel where there is no team lead, such as "1234-5678"; a person types it. */
export function createLinkCode(): string {
  const digits = String(randomInt(100_000_000)).padStart(8, "0");
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
