import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Incident, StepState } from "../../bot/domain/incident/incident.ts";
import { type PagerType, type Provider, pagerTypes } from "../fakes/providers.ts";
import type { KilledBotWithPagers } from "./killed-bot-with-pagers.ts";

/** How far one page was when the process was killed. The three in the middle are while it is sent. */
export const stages = [
  "undecided",
  "decided",
  "started, not connected",
  "connected, not whole",
  "whole, not recorded",
  "recorded",
] as const;
export type Stage = (typeof stages)[number];

/** A page may come twice only when the process died between `started` on disk and the answer on disk. */
export const whileSending: ReadonlySet<Stage> = new Set(stages.slice(2, 5));

/** By pager: how each of the pages stood, in the order of the presses. */
export type Seen = Readonly<Record<PagerType, readonly Stage[]>>;

export interface Pressed {
  readonly incident: string;
  readonly place: string;
}

/** The keys of all messages about that place which the provider has whole. */
export function keysOf(provider: Provider, { place }: Pressed): string[] {
  const about = new RegExp(`${place}(?!\\d)`);
  return provider.arrivals().flatMap(({ key, text }) => (about.test(text) ? [key] : []));
}

/** Reads a copy of what a dead process left on disk, so that the next start finds that untouched. */
export function seeKilled(bot: KilledBotWithPagers, pressed: readonly Pressed[]): Seen {
  const copy = join(bot.folder, "copy.db");
  for (const end of ["", "-wal"]) {
    if (existsSync(bot.database + end)) copyFileSync(bot.database + end, copy + end);
  }
  const incidents = loadIncidents(copy, pressed);
  const seen = bot.providers.map((provider) => {
    const stagesOf = pressed.map((press) => {
      const state = stateOf(incidents.get(press.incident), provider.type);
      return toStage(state, keysOf(provider, press).length > 0, bot.hasConnected(provider));
    });
    return [provider.type, stagesOf] as const;
  });
  return Object.fromEntries(seen) as Record<PagerType, Stage[]>;
}

function toStage(state: StepState, isWhole: boolean, hasConnected: boolean): Stage {
  if (state === "waiting") return "undecided";
  if (state === "queued") return "decided";
  if (state !== "started") return "recorded";
  if (isWhole) return "whole, not recorded";
  return hasConnected ? "connected, not whole" : "started, not connected";
}

/** Whether all pages of these are recorded as accepted, and nothing of theirs waits to go out. */
export function isSettled(bot: KilledBotWithPagers, pressed: readonly Pressed[]): boolean {
  using held = new DisposableStack();
  const database = held.adopt(new Database(bot.database, { readonly: true }), (each) => void each.close());
  const waiting = database.prepare("select count(*) from outbox where lane like 'pager:%'").pluck().get();
  if (waiting !== 0) return false;
  const incidents = load(database, pressed);
  return pressed.every(({ incident }) =>
    pagerTypes.every((type) => stateOf(incidents.get(incident), type) === "accepted"),
  );
}

export function loadIncidents(path: string, pressed: readonly Pressed[]): Map<string, Incident> {
  using held = new DisposableStack();
  return load(
    held.adopt(new Database(path), (each) => void each.close()),
    pressed,
  );
}

function load(database: Database.Database, pressed: readonly Pressed[]): Map<string, Incident> {
  const find = database.prepare<[string], { body: string }>("select body from incidents where id = ?");
  return new Map(
    pressed.flatMap(({ incident }) => {
      const body = find.get(incident)?.body;
      return body === undefined ? [] : [[incident, JSON.parse(body) as Incident] as const];
    }),
  );
}

export function stateOf(incident: Incident | undefined, pager: PagerType): StepState {
  return incident?.pagers[pager]?.state ?? incident?.round.steps[1 + pagerTypes.indexOf(pager)]?.state ?? "waiting";
}
