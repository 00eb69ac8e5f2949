import type { Circumstances, Command, Decision, FirstCommand } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import type { Moment } from "../../domain/incident/time/is-since.ts";
import { type Copied, toReturn } from "../../domain/incident/time/return.ts";
import { whereCorrected } from "../../domain/incident/whereabouts/correct-place.ts";
import { listOfOthers, type Where, whereAfter, whereOf } from "../../domain/incident/whereabouts/move.ts";
import { withoutOutweighed } from "../../domain/incident/whereabouts/outweighed.ts";
import { toWhereabouts, type Whereabouts } from "../../domain/location.ts";
import type { Directory } from "../../ports/directory.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Clock } from "../../ports/time.ts";
import { type InAlarms, toInAlarms } from "./incidents/in-alarms.ts";
import { type LoadedIncident, toLoaded } from "./incidents/load-or-restore.ts";

/** A command without what the world adds. */
export type Request = Command extends infer C ? (C extends Command ? Omit<C, keyof Circumstances> : never) : never;

/** What is asked of the world at each decision. */
export interface World {
  readonly teams: Pick<TeamsSender, "isBusy">;
  readonly inAlarms: InAlarms;
  /** What the database says of the copy that it was; null: it was none. */
  readonly copied: Copied | null;
}

/** Teams takes messages, nobody is in an alarm, and the database was no copy. */
const quietWorld: World = {
  teams: { isBusy: () => false },
  inAlarms: { isOccupied: () => false, findElsewhere: () => null },
  copied: null,
};

/** A decision, and by which policy it was made. */
export interface Decided extends Decision {
  readonly policy: Policy;
  readonly request: Request;
}

/** Has `decide` decide, by what the world is now; whether that is written is for others. */
export class Decisions {
  readonly #clock: Pick<Clock, "now">;
  readonly #directory: Directory;
  readonly #world: World;

  /** `world` left out: as `quietWorld`. */
  constructor(clock: Pick<Clock, "now">, directory: Directory, world: World = quietWorld) {
    this.#clock = clock;
    this.#directory = directory;
    this.#world = world;
  }

  /** Decides what `request` changes as of `now` (epoch milliseconds); `before` null: it opens an incident. */
  decide(before: Incident | null, request: Request, policy: Policy, now: number): Decided {
    const { teams, inAlarms } = this.#world;
    // Whoever is rung is rung now, also for a press that could not be written until now.
    const decidedAt = this.#clock.now();
    const moment = { now, decidedAt };
    const onDuty = this.#directory.onDuty(decidedAt, whereaboutsAfter(before, request, moment));
    const circumstances: Circumstances = {
      onDuty,
      ...toInAlarms(before, request, onDuty, inAlarms),
      ...(before && { ofOthers: listOfOthers(before, toWhere(before, request, moment), this.#directory.stationOf) }),
      isTeamsBusy: before !== null && teams.isBusy(before.channel),
      decidedAt,
    };
    return { ...decide(before, { ...request, ...circumstances }, now, policy), policy, request };
  }

  /** Decides on what has to be decided first, if anything has, and then on `request`; the last one is the answer. */
  *decideAll(found: LoadedIncident, request: Request, now: number): Generator<Decided, void> {
    let { incident, policy } = found;
    for (let first = this.#toFirst(found); first !== null && incident.closedAt === null; ) {
      const decided = this.decide(incident, first, policy, now);
      yield decided;
      const next = toLoaded({ incident: decided.incident, policy }, this.#directory);
      incident = next.incident;
      policy = next.policy;
      first = this.#toFirst(next);
    }
    yield this.decide(incident, request, policy, now);
  }

  /** That it comes from a copy is decided last, because it begins a round of the policy of now. */
  #toFirst({ incident, first }: LoadedIncident): FirstCommand | null {
    return first ?? toReturn(incident, this.#world.copied);
  }
}

/** Where the incident is once that is decided on. */
function whereaboutsAfter(before: Incident | null, request: Request, moment: Moment): Whereabouts | null {
  if (before === null) return request.kind === "press" ? toWhereabouts(request.press) : null;
  const { channel, source } = before;
  return toWhereabouts({ channel, source, ...toWhere(before, request, moment) });
}

function toWhere(before: Incident, request: Request, moment: Moment): Where {
  if (request.kind === "press") return whereAfter(before, withoutOutweighed(before, request.press, moment));
  return request.kind === "correct-place" ? whereCorrected(before, request, moment.now) : whereOf(before);
}
