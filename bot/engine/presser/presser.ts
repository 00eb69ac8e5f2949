import type { Person } from "../../domain/person.ts";
import type { Personal } from "../../ports/personal.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Senders } from "../kernel/outbox/sender.ts";
import { PressFollower, type PressFollowerOptions } from "./press-follower.ts";
import { createPresserSenders, enqueuePresserCard } from "./presser-senders.ts";

export interface PresserOptions extends PressFollowerOptions {
  readonly teams: Pick<TeamsSender, "tellPresser">;
}

/** What becomes of somebody's own press, as they are told of it (rule 27). */
export interface PresserRoom {
  readonly senders: Pick<Senders, "presser" | "presser-card">;
  readonly follower: PressFollower;
  readonly followPress: Personal["followPress"];
  /** Has their card made, or brought up to date; never rejects. */
  enqueueCard(person: Person): Promise<void>;
}

/** Makes what tells people of their own presses. */
export function createPresser(kernel: Kernel, options: PresserOptions): PresserRoom {
  const follower = new PressFollower(kernel, options);
  return {
    senders: createPresserSenders(options),
    follower,
    followPress: (...press) => follower.follow(...press),
    enqueueCard: (person) => enqueuePresserCard(person, kernel, options.handler, options.directory),
  };
}
