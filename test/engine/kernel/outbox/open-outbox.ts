import { Outbox } from "../../../../bot/engine/kernel/outbox/outbox.ts";
import type { Sender, SendResult } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { type Sendings, Tally } from "../../../../bot/engine/kernel/tally.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import type { LaneName, OutboxRow, Outgoing } from "../../../../bot/ports/store/outbox.ts";
import { leaseMs } from "../../../../bot/ports/timing.ts";
import { begunAt, openKernel, second } from "../../open-kernel.ts";

const outgoing: Outgoing = { kind: "page", pager: "desk", page: "i-1-1-1", reason: "unclaimed" };
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
  const passedOn = new Set<string>();
  const onUnleased = ({ key }: OutboxRow) => void passedOn.add(key);
  const sendings: Sendings = new Tally();
  const options = { handler: base.handler, senders, sendings, ...limits, onUnleased };
  const outbox = new Outbox(base.kernel, options);

  async function put(by: "us" | "another process", keys: readonly string[], lane: LaneName): Promise<void> {
    const rows = keys.map((key) => ({ key, lane, incident: "", outgoing, dueAt: clock.now() }));
    await base.handler.write(async (tx) => {
      const enqueued = await tx.enqueue(rows, clock.now() + leaseMs);
      return { value: null, commits: by === "us" ? [{ rows: enqueued, nextAt: null }] : [] };
    });
  }
  return {
    ...base,
    outbox,
    sendings,
    tries,
    results,
    /** Pages that were due and could not be leased. */
    passedOn,
    enqueue: (keys: readonly string[], lane: LaneName = "pager:desk") => put("us", keys, lane),
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
