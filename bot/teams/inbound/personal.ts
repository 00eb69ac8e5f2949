import type { DecisionReason } from "../../domain/incident/command.ts";
import type { Language } from "../../domain/language.ts";
import { toDigest } from "../../kit/digest.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Personal } from "../../ports/personal.ts";
import type { Clock } from "../../ports/time.ts";
import { type PersonalCard, type PersonalContent, toPersonalCard } from "../cards/personal-card.ts";
import type { Origin } from "../wire/activity.ts";
import type { OwnWish, Wish } from "../wire/wish.ts";
import { answerWithinMs } from "./clicks.ts";
import { answerTestWish, type TestingOptions } from "./testing.ts";

const quarterMs = 15 * 60_000;

export interface WishOptions {
  readonly personal: Personal;
  /** Whether an alarm can be raised from Teams at all. */
  readonly isSetUp: boolean;
  readonly testing: TestingOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
}

/**
 * Does what a colleague wants. The answer for them: always one, and always in time; it never rejects. Who it is about
 * is who sent the activity, never what a card says.
 */
export async function fulfilWish(origin: Origin, wish: Wish, options: WishOptions): Promise<PersonalCard> {
  const { clock, log } = options;
  if (wish.kind === "test" || wish.kind === "test-look" || wish.kind === "test-confirm") {
    return answerTestWish(origin, wish, options.testing);
  }
  const reply = await withTimeout(clock, answerWithinMs, act(origin, wish, options)).catch((error: unknown) => {
    log.error({ wish: wish.kind, err: error }, "wish-failed");
    return toFailure(wish);
  });
  if (reply === late) log.error({ wish: wish.kind }, "wish-late");
  return toPersonalCard(reply === late ? toFailure(wish) : reply, options);
}

async function act(origin: Origin, wish: OwnWish, options: WishOptions): Promise<PersonalContent> {
  const { personal, isSetUp } = options;
  const { from, scope } = origin;
  // Until when somebody is out is nobody else's business, and neither are the buttons.
  if (wish.kind.startsWith("visit") && scope !== "personal") return { kind: "visit-elsewhere" };
  switch (wish.kind) {
    case "alarm":
      return press(origin, wish.place, personal);
    case "oops":
      return toOopsAnswer(await personal.alarms.oops(from, wish.incident));
    case "place":
      if (!isSetUp) return { kind: "not-set-up" };
      await personal.alarms.setPlace(from, wish.place);
      return wish.place === null ? { kind: "place-forgotten" } : { kind: "place-set", place: wish.place };
    case "place-too-long":
      return { kind: isSetUp ? "place-too-long" : "not-set-up" };
    case "visit": {
      const visit = await personal.visits.startVisit(from, wish.lengthMs, toIdentity(origin));
      if (visit !== null) return { kind: "visit", visit };
      // Delivered again, of a visit that is over.
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

async function press(origin: Origin, place: string | null, personal: Personal): Promise<PersonalContent> {
  const pressed = await personal.alarms.press(origin.from, place, toIdentity(origin));
  if (pressed.kind === "not-configured") return { kind: "no-alarm" };
  if (pressed.kind === "unrecorded") return { kind: "unrecorded" };
  const { incident, isClosed } = pressed;
  return isClosed ? { kind: "closed" } : { kind: "pressed", incident, place: pressed.place };
}

/**
 * The same message or click, delivered again, is the same press. Ids of messages are moments, so they count in their
 * conversation only.
 */
function toIdentity({ from, conversation, activity }: Origin): string | null {
  if (activity === null) return null;
  return toDigest(JSON.stringify([from.id, conversation, activity]));
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

function toFailure(wish: OwnWish): PersonalContent {
  switch (wish.kind) {
    case "alarm":
      return { kind: "unsure" };
    case "oops":
      return { kind: "oops-failed", incident: wish.incident };
    case "place":
      return { kind: "failed" };
    default:
      return { kind: "visit-failed" };
  }
}
