import type { DecisionReason } from "../../domain/incident/command.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Personal, PersonalAlarms } from "../../ports/personal.ts";
import type { Clock } from "../../ports/time.ts";
import { toOwnPlace } from "../cards/own-location.ts";
import { type PersonalCard, type PersonalContent, toPersonalCard } from "../cards/personal-card.ts";
import type { InboundActivity, Origin } from "../wire/activity.ts";
import { isRingCommand, isTestCommand, type OwnCommand } from "../wire/personal-command.ts";
import { answerWithinMs } from "./answers/submit-answer.ts";
import type { Askers } from "./askers.ts";
import { handleRingCommand, type RingingOptions } from "./handle-ring-command.ts";
import { handleTestCommand, type TestingOptions } from "./handle-test-command.ts";
import { toMessageIdentity } from "./origin.ts";

const quarterMs = 15 * 60_000;

export interface PersonalCommandOptions {
  readonly personal: Personal;
  /** Whether an alarm can be raised from Teams at all. */
  readonly isSetUp: boolean;
  readonly testing: TestingOptions & RingingOptions;
  readonly askers: Askers;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
}

/**
 * Runs a colleague's command and resolves with the card that answers it; never rejects, and always ends in time. The
 * command is about whoever sent the activity, whatever a card says.
 */
export async function handlePersonalCommand(
  { origin, command, isEdited }: Extract<InboundActivity, { kind: "personal" }>,
  options: PersonalCommandOptions,
): Promise<PersonalCard> {
  const { clock, log } = options;
  if (isTestCommand(command)) return handleTestCommand(origin, command, options.testing);
  if (isRingCommand(command)) return handleRingCommand(origin, command, options.testing);
  const running = runOwnCommand(origin, command, isEdited, options).catch((error: unknown) => {
    log.error({ command: command.kind, err: error }, "wish-failed");
    return toFailure(command);
  });
  const reply = await withTimeout(clock, answerWithinMs, running);
  if (reply !== late) return toPersonalCard(reply, options);
  log.error({ command: command.kind }, "wish-late");
  const card = toPersonalCard(toLate(command), options);
  // Whatever the disk does, what becomes of an alarm is known soon; of anything else it may never be.
  if (command.kind !== "alarm") return card;
  return { ...card, isKnown: running.then((content) => toPersonalCard(content, options)) };
}

async function runOwnCommand(
  origin: Origin,
  command: OwnCommand,
  isEdited: boolean,
  options: PersonalCommandOptions,
): Promise<PersonalContent> {
  const { personal, isSetUp } = options;
  const { from } = origin;
  // A visit is handled in the personal chat only, because its end and its buttons concern nobody else.
  const isVisit = command.kind.startsWith("visit");
  if (isVisit && options.askers.refusalOf("visit", origin) !== null) return { kind: "visit-elsewhere" };
  switch (command.kind) {
    case "alarm":
      return pressAlarm(origin, toFresh(command, options.clock.now()), isEdited, options);
    case "oops":
      return toOopsAnswer(await personal.alarms.undoPress(from, command.incident));
    case "at-location":
      return nameLocation(from, command, { alarms: personal.alarms, names: options.names });
    case "place":
      if (!isSetUp) return { kind: "not-set-up" };
      await personal.alarms.setPlace(from, command.place);
      return command.place === null ? { kind: "place-forgotten" } : { kind: "place-set", place: command.place };
    case "place-too-long":
      return { kind: isSetUp ? "place-too-long" : "not-set-up" };
    case "visit": {
      const visit = await personal.visits.startVisit(from, command.lengthMs, toMessageIdentity(origin));
      if (visit !== null) return { kind: "visit", visit };
      // The same message was delivered again, after its visit was over.
      return { kind: isSetUp ? "no-visit" : "not-set-up" };
    }
    case "visit-longer": {
      const visit = await personal.visits.extendVisit(from, quarterMs);
      return visit === null ? { kind: "no-visit" } : { kind: "visit", visit };
    }
    case "visit-done":
      return { kind: (await personal.visits.endVisit(from)) ? "visit-ended" : "no-visit" };
    case "visit-unclear":
      return { kind: isSetUp ? "visit-unclear" : "not-set-up" };
  }
}

/** What was typed, unless that was so long ago that they may be elsewhere. */
function toFresh({ typed, typedAt }: Extract<OwnCommand, { kind: "alarm" }>, now: number): string | null {
  return typedAt === undefined || Math.abs(now - typedAt) <= quarterMs ? typed : null;
}

async function pressAlarm(
  origin: Origin,
  typed: string | null,
  isEdited: boolean,
  { personal, names }: PersonalCommandOptions,
): Promise<PersonalContent> {
  const press = await personal.alarms.press(origin.from, typed, toMessageIdentity(origin), isEdited);
  if (press.kind === "not-configured") return { kind: "no-alarm" };
  if (press.kind === "unstored") return { kind: "unstored", incident: press.id };
  if (press.incident !== null && press.incident.closedAt !== null) return { kind: "closed" };
  return { kind: "pressed", incident: press.id, ...toOwnPlace(press.incident, names) };
}

/** Takes a location for that alarm of theirs, and resolves with what came of it. */
export async function nameLocation(
  from: Person,
  { incident, location }: Pick<Extract<OwnCommand, { kind: "at-location" }>, "incident" | "location">,
  { alarms, names }: { readonly alarms: Pick<PersonalAlarms, "nameLocation">; readonly names: Names },
): Promise<PersonalContent> {
  const result = await alarms.nameLocation(from, incident, location);
  if (result === "no-location") return { kind: "location-failed" };
  if (result === "buffered") return { kind: "location-kept", incident };
  if (result?.reason === "already-closed") return { kind: "closed" };
  if (result === null || result.reason === "not-allowed") return { kind: "not-yours" };
  return { kind: "location-named", incident, ...toOwnPlace(result.incident, names) };
}

function toOopsAnswer(reason: DecisionReason | null): PersonalContent {
  switch (reason) {
    case "cancelled":
    case "already-so":
      return { kind: "cancelled" };
    case "too-late":
      return { kind: "too-late" };
    case "already-closed":
      return { kind: "closed" };
    default:
      return { kind: "not-yours" };
  }
}

/** What is not known in time to be done; a location is tried again, as every answer is. */
function toLate(command: OwnCommand): PersonalContent {
  return command.kind === "at-location" ? { kind: "location-kept", incident: command.incident } : toFailure(command);
}

function toFailure(command: OwnCommand): PersonalContent {
  switch (command.kind) {
    case "alarm":
      return { kind: "unsure" };
    case "oops":
      return { kind: "oops-failed", incident: command.incident };
    case "at-location":
      return { kind: "location-failed" };
    case "place":
      return { kind: "failed" };
    default:
      return { kind: "visit-failed" };
  }
}
