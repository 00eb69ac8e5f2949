import { randomBytes } from "node:crypto";
import { unnamed } from "../../domain/incident/incident.ts";

/**
 * What the address of a guard's page says behind its token. There are no cookies: what the page knows of who is looking
 * stands in its address.
 */
export interface GuardAddress {
  /** Which of the guards who have this link is looking, as `Guard.who`; null in the link as it was sent. */
  readonly me: string | null;
  /** Whether the page renews itself; a guard may switch that off (WCAG 2.2.1). */
  readonly renews: boolean;
  /** Whether the page asks how it ended, before it closes the incident. */
  readonly asksOutcome: boolean;
  /** Whether whoever looks has just closed the incident, as far as they know. */
  readonly saidSafe: boolean;
}

const idShape = /^[\w-]{11}$/;
const known: readonly string[] = Object.values(unnamed);

/** Reads what the address of a page says, as it was received; what is none of ours counts as left out. */
export function parseGuardAddress(url: string): GuardAddress {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const me = query.get("me");
  return {
    me: me !== null && (idShape.test(me) || known.includes(me)) ? me : null,
    renews: query.get("renew") !== "off",
    asksOutcome: query.get("ask") === "outcome",
    saidSafe: query.get("said") === "safe",
  };
}

/** The fields of a query that leads to that address. */
export function toGuardFields({
  me,
  renews,
  asksOutcome,
  saidSafe,
}: GuardAddress): readonly [name: string, value: string][] {
  const fields: [string, string][] = [
    ["me", me ?? ""],
    ["renew", renews ? "" : "off"],
    ["ask", asksOutcome ? "outcome" : ""],
    ["said", saidSafe ? "safe" : ""],
  ];
  return fields.filter(([, value]) => value !== "");
}

/** The query of that address, with its question mark; "" for that of the link as it was sent. */
export function toGuardQuery(address: GuardAddress): string {
  const query = new URLSearchParams(toGuardFields(address)).toString();
  return query === "" ? "" : `?${query}`;
}

/** Makes an id by which one guard is told from the others who have the same link. */
export function newGuardId(): string {
  return randomBytes(8).toString("base64url");
}

/** Whether a page may have made that id; the names of guards who did not say who they are are none. */
export function isGuardId(text: string): boolean {
  return idShape.test(text);
}
