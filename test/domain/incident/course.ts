import { maxMentions, newestRing } from "../../../bot/domain/incident/colleagues/ring.ts";
import type { Command, Decision, Effect, Elsewhere, Press } from "../../../bot/domain/incident/command.ts";
import { decide } from "../../../bot/domain/incident/decide.ts";
import type { HistoryLine } from "../../../bot/domain/incident/history.ts";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import type { Policy } from "../../../bot/domain/incident/policy.ts";
import type { Person } from "../../../bot/domain/person.ts";
import type { Request } from "../../../bot/engine/kernel/decisions.ts";
import { buildPolicy, toSteps } from "../../fixtures/policy.ts";
import { buildPress } from "../../fixtures/press.ts";

export const second = 1_000;
export const minute = 60 * second;

export const alice: Person = { id: "alice", name: "Alice Jansen" };
export const bob: Person = { id: "bob", name: "Bob de Vries" };
export const carol: Person = { id: "carol", name: "Carol Smit" };
export const presser: Person = { id: "paul", name: "Paul Drager" };

export const policy = buildPolicy({ steps: toSteps("desk", "phone") });
export const press = buildPress({ incident: "incident-1", holder: presser });

/** One incident under a clock that the test pushes; every decision is made at its moment, as the timekeeper would. */
export class Course {
  now = 0;
  incident: Incident | null = null;
  readonly history: HistoryLine[] = [];
  readonly effects: (Effect & { at: number })[] = [];
  policy: Policy;
  onDuty: readonly Person[] | null;
  ofOthers: ReadonlySet<string> = new Set();
  isTeamsBusy = false;
  /** Ids of those whom another alarm occupies. */
  occupied: ReadonlySet<string> = new Set();
  /** Since when another alarm has them, by their ids. */
  elsewhere: ReadonlyMap<string, Elsewhere> = new Map();
  constructor(options: { policy?: Partial<Policy>; onDuty?: readonly Person[] | null } = {}) {
    this.policy = { ...policy, ...options.policy };
    this.onDuty = options.onDuty === undefined ? [alice, bob] : options.onDuty;
  }

  /** `at`: as of when it counts, where it had to wait until now. */
  do(request: Request, at = this.now): Decision {
    const { onDuty, occupied, elsewhere, ofOthers, isTeamsBusy } = this;
    const command = { ...request, onDuty, occupied, elsewhere, ofOthers, isTeamsBusy, decidedAt: this.now } as Command;
    const decision = decide(this.incident, command, at, this.policy);
    this.incident = decision.incident;
    this.history.push(...decision.history);
    this.effects.push(...decision.effects.map((effect) => ({ ...effect, at: this.now })));
    return decision;
  }

  /** The policy of now takes over, because those pagers have left the configuration. */
  replacePolicy(part: Partial<Policy>, gone: readonly string[]): Decision {
    const former = this.policy;
    this.policy = { ...policy, ...part };
    return this.do({ kind: "replace-policy", policy: "policy-2", former, gone });
  }

  /** Opens the incident and puts its card in Teams. */
  open(part: Partial<Press> = {}): this {
    this.do({ kind: "press", press: { ...press, ...part } });
    const ring = this.incident === null ? null : newestRing(this.incident);
    const rung = (ring?.people ?? []).slice(0, maxMentions).map(({ id }) => id);
    this.do({ kind: "card-posted", ring: ring?.number ?? 0, rung });
    return this;
  }

  /** Pushes the clock, handling every deadline on the way at its own moment; pages are started and accepted at once. */
  to(at: number, pages: "accepted" | "unreachable" | "left" = "accepted"): this {
    this.sendPages(pages);
    for (let turns = 0; ; turns += 1) {
      const nextAt = this.incident?.nextAt ?? Number.POSITIVE_INFINITY;
      if (nextAt > at) break;
      if (turns > 10_000) throw new Error(`stands still at ${nextAt}`);
      this.now = Math.max(this.now, nextAt);
      this.do({ kind: "deadline" });
      this.sendPages(pages);
    }
    this.now = at;
    return this;
  }

  #sent = 0;
  sendPages(pages: "accepted" | "unreachable" | "left"): void {
    if (pages === "left") return;
    for (; this.#sent < this.effects.length; this.#sent += 1) {
      const effect = this.effects[this.#sent];
      if (effect?.kind !== "page") continue;
      if (this.do({ kind: "page-starting", key: effect.key }).reason !== "page-started") continue;
      if (pages === "accepted") this.do({ kind: "page-accepted", key: effect.key });
      else this.do({ kind: "page-failed", key: effect.key, reason: pages });
    }
  }

  /** "desk unclaimed 60" for each page so far, with its second. */
  get pages(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === "page" ? [`${effect.pager} ${effect.reason} ${effect.at / second}`] : [],
    );
  }

  get kinds(): string[] {
    return this.history.map((line) => line.kind);
  }
}
