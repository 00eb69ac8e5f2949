import { Outbox, type OutboxOptions } from "../../../../bot/engine/kernel/outbox/outbox.ts";
import type { Sender, SendResult } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { type Sendings, Tally } from "../../../../bot/engine/kernel/tally.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import type { SendOutcome } from "../../../../bot/ports/send-outcome.ts";
import type { LaneName, OutboxRow, Outgoing } from "../../../../bot/ports/store/outbox.ts";
import { leaseMs } from "../../../../bot/ports/timing.ts";
import { begunAt, openKernel, second } from "../../open-kernel.ts";

const page: Outgoing = { kind: "page", pager: "desk", page: "i-1-1-1", reason: "unclaimed" };
export const unreachable = new DeliveryError("unreachable", "nobody is there");

/** One sending as the other side sees it. */
interface Try {
  readonly key: string;
  readonly atMs: number;
}

/** An outbox of one sender, that goes on trying unless the test says otherwise. */
export async function openOutbox(sender: Pick<Sender, "send"> & Partial<Sender>, maxAtOnce = 1) {
  const base = await openKernel();
  const { clock, store } = base.kernel;
  const tries: Try[] = [];
  const results: (SendResult & { key: string; atMs: number })[] = [];
  const recorded: Sender = {
    retry: () => true,
    async after(_tx, { key }, result) {
      results.push({ key, atMs: clock.now() - begunAt, ...result });
      return [];
    },
    ...sender,
    send(row, signal) {
      tries.push({ key: row.key, atMs: clock.now() - begunAt });
      return sender.send(row, signal);
    },
  };
  const senders = new Proxy({} as Record<Outgoing["kind"], Sender>, { get: () => recorded });
  const limits = { maxAtOnceOf: () => maxAtOnce, timeoutOf: () => 10 * second };
  const passedOn = new Map<string, number>();
  const onUnleased = ({ key, attempts }: OutboxRow) => void passedOn.set(key, attempts);
  const untold = new Map<string, SendOutcome["kind"] | "failed">();
  const onUnsettled: OutboxOptions["onUnsettled"] = ({ key }, outcome) => untold.set(key, outcome?.kind ?? "failed");
  const sendings: Sendings = new Tally();
  const options = { handler: base.handler, senders, sendings, ...limits, onUnleased, onUnsettled };
  const outbox = new Outbox(base.kernel, options);

  async function put(
    by: "us" | "another process",
    keys: readonly string[],
    lane: LaneName,
    outgoing: Outgoing = page,
    leasedForMs = leaseMs,
  ): Promise<void> {
    const rows = keys.map((key) => ({ key, lane, incident: "", outgoing, dueAt: clock.now() }));
    await base.handler.write(async (tx) => {
      const enqueued = await tx.enqueue(rows, clock.now() + leasedForMs);
      return { value: null, commits: by === "us" ? [{ rows: enqueued, nextAt: null }] : [] };
    });
  }
  return {
    ...base,
    outbox,
    sendings,
    tries,
    results,
    /** How often what was due and could not be leased was tried in vain, by its key. */
    passedOn,
    /** What came of that which could not be recorded. */
    untold,
    enqueue: (keys: readonly string[], lane: LaneName = "pager:desk", outgoing = page, leasedForMs = leaseMs) =>
      put("us", keys, lane, outgoing, leasedForMs),
    /** Puts it on disk as a process would that dies right after. */
    leaveBehind: (key: string) => put("another process", [key], "pager:desk"),
    waiting: () => store.read((reader) => reader.countOutbox()),
  };
}

/** A sending that ends when the test says so. */
export function holdSendings() {
  const ends = new Map<string, () => void>();
  return {
    send: ({ key }: OutboxRow) =>
      new Promise<{ kind: "done" }>((resolve) => ends.set(key, () => resolve({ kind: "done" }))),
    end: (key: string) => ends.get(key)?.(),
  };
}
