import { expect } from "vitest";
import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import type { Press } from "../../../../bot/domain/incident/command.ts";
import { Alarms } from "../../../../bot/engine/kernel/alarms.ts";
import { LastSeenBuffer } from "../../../../bot/engine/kernel/last-seen-buffer.ts";
import { Occupations } from "../../../../bot/engine/kernel/open/occupations.ts";
import { UnrecordedEnds } from "../../../../bot/engine/kernel/unrecorded/unrecorded-ends.ts";
import { UnrecordedPresses } from "../../../../bot/engine/kernel/unrecorded/unrecorded-presses.ts";
import { UnrecordedQueue } from "../../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import { UnrecordedWriter } from "../../../../bot/engine/kernel/unrecorded/unrecorded-writer.ts";
import type { Store } from "../../../../bot/ports/store/store.ts";
import type { UnstoredCard } from "../../../../bot/ports/teams-sender.ts";
import { openKernel, second } from "../../open-kernel.ts";

/** Takes alarms on a real file; `isDown`: nothing is written, `broken`: so many kept presses fail by themselves. */
export async function openUnrecorded(store?: Store) {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel(store));
  const { kernel, handler, directory, hash, policy } = base;
  await kernel.store.write((tx) => tx.savePolicy(hash, policy));
  const queue = new UnrecordedQueue(kernel, handler);
  const occupations = new Occupations();
  const presses = new UnrecordedPresses(queue, occupations, kernel.log, (kept) => writer.toPressWriting(kept));
  const raised: Press[] = [];
  const unstored = { raise: (press: Press) => void raised.push(press) };
  const lastSeen = stack.use(new LastSeenBuffer(kernel));
  const ends = new UnrecordedEnds(queue, kernel.log, (kept) => writer.toEndWriting(kept));
  const alarms = new Alarms(kernel, { handler, directory, lastSeen, presses, ends, unstored });
  const held = { isDown: false, broken: 0 };
  const breakOr =
    (take: Alarms["takeIn"]): Alarms["takeIn"] =>
    (...each) => {
      held.broken -= 1;
      if (held.broken >= 0) throw new Error("a fault of ours");
      return take.apply(alarms, each);
    };
  const broken = { takeIn: breakOr(alarms.takeIn), takeKeptIn: breakOr(alarms.takeKeptIn) };
  const cards = new Set<UnstoredCard>();
  const teams = { listUnstored: () => [...cards], forgetUnstored: (card: UnstoredCard) => void cards.delete(card) };
  const parts = { handler, alarms: broken, queue, presses, ends, lastSeen, teams };
  const writer = new UnrecordedWriter(kernel, parts);
  const write = kernel.store.write.bind(kernel.store);
  let synced = Promise.resolve();
  kernel.store.write = (work, foreseen) => {
    const once = synced;
    synced = Promise.resolve();
    return held.isDown ? Promise.reject(new Error("disk full")) : write(work, foreseen).finally(() => once);
  };
  const all = stack.move();
  const press = (button: string, id: string | null): Alarm => toAlarm("press", { button, id });
  const take = (alarm: Alarm) => alarms.take("buttons", [alarm], kernel.clock.now());
  return {
    ...base,
    queue,
    occupations,
    presses,
    ends,
    lastSeen,
    raised,
    cards,
    held,
    /** Has what is kept tried for so long while time goes on, as a process does that stops. */
    async stop(ms = 17 * second) {
      await Promise.all([queue[Symbol.asyncDispose](), base.pass(ms)]);
    },
    press,
    take,
    refuse: (alarm: Alarm) => expect(take(alarm)).rejects.toThrow("disk full"),
    /** Whoever writes next hears that it is on disk once the result is called. */
    holdSync() {
      const { promise, resolve } = Promise.withResolvers<void>();
      synced = promise;
      return resolve;
    },
    resolve: (id = "") => handler.handle(id, { kind: "resolve", by: lea, outcome: "real", isLead: true }),
    listOpen: () => kernel.store.read((reader) => reader.listOpen(100)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What a button says that repeats whether it is pressed. */
export function toState(isOn: boolean, id: string, button = "0042"): Alarm {
  return toAlarm(isOn ? "pressed" : "heartbeat", { button, id, state: { name: null, run: null, isOn } });
}

const lea = { id: "lea", name: "Lea" };
