import { DeliveryError } from "../errors.ts";
import type { Press } from "../incident/command.ts";
import type { Policy } from "../incident/policy.ts";
import { toIncident } from "../incident/press.ts";
import { toPageKey } from "../incident/round.ts";
import type { Log } from "../log.ts";
import type { Clock, Directory, Page, ReadyPager } from "../ports.ts";
import { toUnlinkedPage } from "./delivery.ts";

/** The same button within this time is the same alarm: a sender that tries again must not page again. */
const sameMs = 60_000;
const timeoutMs = 5_000;

export interface UnrecordedOptions {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: Log;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** Posts a card that says "not recorded", without the store; rejects with DeliveryError. */
  readonly post: (press: Press, at: number, signal: AbortSignal) => Promise<void>;
  /** The finished sentences of such a page, which say that it could not be recorded. */
  readonly toWords: (press: Press, at: number) => Page["words"];
}

export interface Unrecorded {
  /** Posts and pages once from memory; never rejects, everything that fails is logged. */
  raise(press: Press, receivedAt: number): void;
  pending(): number;
}

/** Rule 1: the storage is down, and since some networks try only once, the press goes out from memory. */
export function createUnrecorded(options: UnrecordedOptions): Unrecorded {
  const { clock, directory, log, pagers, post, toWords } = options;
  const raised = new Map<string, number>();
  let pending = 0;

  async function once(what: string, send: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    using timeout = clock.timeout(timeoutMs);
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
  async function page(press: Press, policy: Policy, at: number): Promise<void> {
    const incident = toIncident(press, policy, at);
    for (const [index, step] of policy.steps.entries()) {
      if (step.kind !== "page") continue;
      const key = toPageKey(press.incident, 1, index);
      const message = toUnlinkedPage(incident, key, key, "unclaimed", toWords(press, at));
      const isTaken = await once(`page ${step.pager}`, async (signal) => {
        const pager = pagers[step.pager];
        if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is not in the configuration");
        await pager.page(message, signal);
      });
      if (isTaken) return;
    }
  }

  return {
    raise(press, receivedAt) {
      const button = JSON.stringify([press.source, press.button]);
      const before = raised.get(button);
      if (before !== undefined && receivedAt - before < sameMs) return;
      for (const [key, at] of raised) if (receivedAt - at >= sameMs) raised.delete(key);
      raised.set(button, receivedAt);
      void once("card", (signal) => post(press, receivedAt, signal));
      void page(press, directory.policyOf(press.source).policy, receivedAt);
    },
    pending: () => pending,
  };
}
