import type { Incident } from "../domain/incident/incident.ts";
import type { Person } from "../domain/person.ts";
import type { Role } from "../domain/who-may.ts";
import type { Click, CommandResult } from "./click.ts";
import type { Personal } from "./personal.ts";
import type { Status } from "./status.ts";
import type { RingTesting } from "./tests/ring-testing.ts";
import type { RouteTesting } from "./tests/route-testing.ts";

/** An alarm, and what somebody is in it who may answer it from their chat with the bot. */
export interface AnswerableAlarm {
  readonly incident: Incident;
  readonly roles: readonly Role[];
}

/** A message that was acted upon as an answer. */
export interface Answered {
  readonly incident: Incident;
  readonly isHelp: boolean;
}

/** What a colleague may answer from their chat with the bot. */
export interface AnswerableAlarms {
  /** The open ones, newest first; never rejects. */
  listOpen(by: Person): Promise<readonly AnswerableAlarm[]>;
  /**
   * The alarm that was closed last, within the last hour, of those for which this person was rung or which they
   * answered; null when there is none. Rejects when the storage is down.
   */
  loadLastClosed(by: Person): Promise<Incident | null>;
  /**
   * What the message with that identity answered, as last written; null: it was no answer, or is a day old. Rejects
   * when the storage is down.
   */
  loadAnswered(message: string): Promise<Answered | null>;
}

/** The calls from Teams into the engine. */
export interface TeamsRequests {
  /**
   * Applies a click; null when there is no such incident, or none that may be answered from there. "buffered": not on
   * disk yet, and tried again. Rejects when it is not kept, because too many of that person wait.
   */
  answerClick(click: Click): Promise<CommandResult | null | "buffered">;
  /** What a colleague may answer by typing. */
  readonly answerable: AnswerableAlarms;
  /** What colleagues do for themselves. */
  readonly personal: Personal;
  /** Tests of the routes to external security. */
  readonly routeTests: RouteTesting;
  /** Tests of whether people hear that they are rung. */
  readonly ringTests: RingTesting;
  /** Loads the status of that channel; null: of all. */
  status(channel: string | null): Promise<Status>;
  /** Sends what waited for a channel that is now linked (rule 16), and has open alarms follow it there. */
  onChannelLinked(name: string): Promise<void>;
}
