import { expect, it } from "vitest";
import type { ClickVerb } from "../../../bot/domain/incident/command.ts";
import { AnswerBuffer } from "../../../bot/engine/incident/answer-buffer.ts";
import { answerClick } from "../../../bot/engine/incident/click.ts";
import { OpenIncidents } from "../../../bot/engine/kernel/open/open-incidents.ts";
import { UnrecordedQueue } from "../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import type { ClickedIn } from "../../../bot/ports/click.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { changeDatabase } from "../../damage.ts";
import { openKernel, second } from "../open-kernel.ts";
import { unstoredNothing } from "../unstored-nothing.ts";

const alice = { id: "00000000-0000-0000-0000-00000000000c", name: "Alice" };
const channel: ClickedIn = { conversation: "19:alarms", isChat: false, channels: ["frontdesk"] };
const chat: ClickedIn = { conversation: "a:alice", isChat: true, channels: [] };

/** Clicks on a real file with one open incident, whose reads go as the test says. */
async function openCase(read: Store["read"]) {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  await base.press();
  const queue = new UnrecordedQueue(base.kernel, base.handler);
  const answers = new AnswerBuffer(
    base.kernel,
    base.handler,
    queue,
    new OpenIncidents(base.kernel.clock),
    unstoredNothing,
  );
  const { store, clock } = base.kernel;
  const unread: Store = {
    read,
    write: (work) => store.write(work),
    writeFirst: (list) => store.writeFirst(list),
    probe: () => store.probe(),
    inspect: () => store.inspect(),
    readClock: () => store.readClock(),
    lastCopyAt: () => store.lastCopyAt(),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const kernel = { ...base.kernel, store: unread };
  const held = stack.move();
  return {
    ...base,
    clock,
    click: (from: ClickedIn, verb: ClickVerb = "claim") =>
      answerClick({ incident: "i-1", verb, outcome: null, by: alice, from }, kernel, answers, { rolesOf: () => [] }),
    responders: async () => (await base.load())?.responders.length,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("rule 28: a click from where a card stands counts, though what says so can't be read", async () => {
  await using held = await openCase(() => Promise.reject(new Error("disk I/O error")));
  expect(await held.click(channel)).toMatchObject({ reason: "claimed" });
  expect(await held.responders()).toBe(1);
});

it("rule 28: and it does not wait for a read that hangs", async () => {
  await using held = await openCase(() => new Promise(() => undefined));
  const clicking = held.click(channel);
  held.clock.to(held.clock.now() + second);
  expect(await clicking).toMatchObject({ reason: "claimed" });
});

it("rule 28: a click from elsewhere that could not be judged is judged when it is written", async () => {
  await using held = await openCase(() => Promise.reject(new Error("disk I/O error")));
  expect(await held.click(chat)).toBeNull();
  expect(await held.click({ ...chat, isChat: false })).toBeNull();
  expect(await held.responders()).toBe(0);
});

it("rule 28: and counts where that can't be read then either", async () => {
  await using held = await openCase(() => Promise.reject(new Error("disk I/O error")));
  changeDatabase(held.path, "alter table messages rename to hidden");
  expect(await held.click(chat)).toMatchObject({ reason: "claimed" });
  expect(await held.responders()).toBe(1);
});

it("rule 28: kept in memory while the disk takes nothing, it is judged afterwards, and others' answers count", async () => {
  await using held = await openCase(() => Promise.reject(new Error("disk I/O error")));
  {
    using _disk = held.holdDisk();
    expect(await held.click(chat, "arrive")).toBe("buffered");
  }
  await held.pass(2 * second);
  expect(await held.responders()).toBe(0);
  expect(await held.click(channel)).toMatchObject({ reason: "claimed" });
});
