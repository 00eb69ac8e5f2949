import type { Page, ReadyPager } from "../../contracts.ts";
import type { Press } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import { toIncident } from "../../domain/incident/press.ts";
import { formatKey } from "../../domain/message-key.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { type ToPage, toUnlinkedPage } from "./page.ts";

/** Presses of one button that follow each other within this time go out once: a sender that tries again, or somebody in a panic. */
const sameButtonMs = 60_000;
/** A message with an id gets through once, for as long as a duplicate is recognised (rule 2). */
const sameMessageMs = 24 * 3_600_000;
const timeoutMs = 5_000;

export interface UnrecordedOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: Log;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** Posts a card that says "not recorded", without the store; rejects with DeliveryError. */
  readonly post: (press: Press, at: number, signal: AbortSignal) => Promise<void>;
  /** The finished sentences of such a page, which say that it could not be recorded. */
  readonly toWords: (press: Press, at: number) => Page["words"];
  readonly toPage: ToPage;
}

export interface Unrecorded {
  /** Posts and pages from memory, each until it got through once; never throws, everything that fails is logged. `key`: the message's identity. */
  raise(press: Press, key: string | null, receivedAt: number): void;
  /** What is due on an incident that is on disk, but can't be recorded now: its pages go out, and again every `repeatEvery`, under their own keys. */
  escalate(incident: string): void;
  pending(): number;
}

/**
 * The storage can't be written. Since some networks try only once, a press goes out from memory (rule 1); and an open
 * incident does not fall silent: what can still be read says which pages are due.
 */
export function createUnrecorded(options: UnrecordedOptions): Unrecorded {
  const { store, clock, directory, log, pagers, post, toWords, toPage } = options;
  /** Until when a message or a button is known, by either. */
  const raised = new Map<string, number>();
  /** When each page went out from memory last, and how often before that, by its key. */
  const paged = new Map<string, { readonly at: number; readonly times: number }>();
  let pending = 0;

  async function once(
    what: string,
    send: (signal: AbortSignal) => Promise<unknown>,
    withinMs = timeoutMs,
  ): Promise<boolean> {
    using timeout = clock.timeout(withinMs);
    pending += 1;
    try {
      await send(timeout.signal);
      log.warn({ what }, "sent-unrecorded");
      return true;
    } catch (error) {
      log.error({ what, err: error }, "unrecorded-not-sent");
      return false;
    } finally {
      pending -= 1;
    }
  }

  /** The first pager that takes it, in the policy's order. */
  async function page(press: Press, policy: Policy, at: number): Promise<boolean> {
    const incident = toIncident(press, policy, at);
    for (const [index, step] of policy.steps.entries()) {
      if (step.kind !== "page") continue;
      const key = formatKey({ kind: "page", incident: press.incident, round: 1, step: index });
      const message = toUnlinkedPage(incident, key, "unclaimed", toWords(press, at));
      if (await sendPage(step.pager, message)) return true;
    }
    return false;
  }

  function sendPage(name: string, message: Page): Promise<boolean> {
    const pager = pagers[name];
    const send = async (signal: AbortSignal) => {
      if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is not in the configuration");
      await pager.page(message, signal);
    };
    return once(`page ${name} ${message.key}`, send, pager?.timeoutMs);
  }

  /** What got through is not sent again; what did not is, as soon as somebody asks for it again. */
  function raiseOnce(
    what: "card" | "page",
    { source, button, via }: Press,
    key: string | null,
    receivedAt: number,
    send: () => Promise<boolean>,
  ): void {
    // Without an id a second try and a second press look the same; and who clicks in a panic clicks ten times.
    const marks = new Map<string, number>();
    if (key === null || via === "chat") marks.set(`${what} ${JSON.stringify([source, button])}`, sameButtonMs);
    if (key !== null) marks.set(`${what} ${key}`, sameMessageMs);
    if ([...marks.keys()].some((mark) => raised.has(mark))) return;
    for (const [mark, knownMs] of marks) raised.set(mark, receivedAt + knownMs);
    void send().then((isSent) => {
      if (!isSent) for (const mark of marks.keys()) raised.delete(mark);
    });
  }

  async function escalate(id: string): Promise<void> {
    const found = await store.read(async (reader) => {
      const incident = await reader.loadIncident(id);
      const policy = incident && (await reader.loadPolicy(incident.policy));
      return incident && policy && { incident, policy };
    });
    if (!found) return;
    const now = clock.now();
    const { incident, effects } = decide(
      found.incident,
      { kind: "deadline", onDuty: directory.onDuty(now) },
      now,
      found.policy,
    );
    for (const effect of effects) {
      if (effect.kind !== "page") continue;
      const { key, pager, reason } = effect;
      const before = paged.get(key);
      if (before !== undefined && now - before.at < found.policy.repeatEveryMs) continue;
      // The round can't be recorded, so its pages repeat (rule 14): under keys of their own, or they would pass for retries.
      const times = before === undefined ? 0 : before.times + 1;
      const again = times === 0 ? key : formatKey({ kind: "again", page: key, times });
      paged.set(key, { at: now, times });
      void sendPage(pager, { ...toPage(incident, key, key, reason), key: again, page: again }).then((isSent) => {
        if (isSent) return;
        // What did not arrive is tried again at the next look.
        if (before === undefined) paged.delete(key);
        else paged.set(key, before);
      });
    }
  }

  return {
    raise(press, key, receivedAt) {
      for (const [what, until] of raised) if (until <= receivedAt) raised.delete(what);
      const { policy } = directory.policyOf(press.source);
      raiseOnce("card", press, key, receivedAt, () => once("card", (signal) => post(press, receivedAt, signal)));
      raiseOnce("page", press, key, receivedAt, () => page(press, policy, receivedAt));
    },
    escalate(incident) {
      escalate(incident).catch((error: unknown) => log.error({ incident, err: error }, "unrecorded-not-read"));
    },
    pending: () => pending,
  };
}
