import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { createDirectory } from "../../../bot/config/directory.ts";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { AnswerBuffer, type HumanAnswer } from "../../../bot/engine/incident/answer-buffer.ts";
import { toRows } from "../../../bot/engine/incident/effect-rows.ts";
import { Handler } from "../../../bot/engine/kernel/handle.ts";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { openStore } from "../../../bot/store/store.ts";
import { load } from "../../config/small.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { newDatabase } from "../../store/new-database.ts";

const second = 1_000;
const alice = { id: "00000000-0000-0000-0000-00000000000c", name: "Alice" };
const bob = { id: "00000000-0000-0000-0000-00000000000d", name: "Bob" };

/** Answers on a real file, with one open incident. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock(Date.UTC(2026, 10, 24, 9));
  const lines: string[] = [];
  const write = (facts: object, event: string) => lines.push(`${event} ${JSON.stringify(facts)}`);
  const log = { info: () => undefined, warn: () => undefined, error: write };
  const path = newDatabase();
  const store = stack.use(await openStore({ url: `sqlite:${path}`, log }));
  const directory = createDirectory(load(), new Set(), () => null);
  const inFlight = new InFlight();
  const kernel = { store, clock, log, inFlight };
  const handler = new Handler(kernel, directory, toRows);
  const { hash, policy } = directory.policyOf("buttons");
  const press = directory.toPress("buttons", toAlarm("press", { button: "0042" }), "i-1", clock.now());
  await handler.write(async (tx) => {
    await tx.savePolicy(hash, policy);
    const { commit } = await handler.open(tx, press, policy, clock.now());
    return { value: null, commits: [commit] };
  });
  const answers = new AnswerBuffer(kernel, handler);
  const held = stack.move();

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 5; quiet = inFlight.count === 0 ? quiet + 1 : 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return {
    answers,
    inFlight,
    lines,
    clock,
    submit: (by: typeof alice, kind: "claim" | "decline") => {
      const answer: HumanAnswer = { incident: "i-1", who: by.id, request: { kind, by } };
      return answers.submit(answer);
    },
    holdDisk() {
      const other = new Database(path);
      other.exec("begin immediate");
      return { [Symbol.dispose]: () => other.close() };
    },
    /** Second after second, and what follows from each. */
    async pass(seconds: number) {
      for (let passed = 0; passed < seconds; passed += 1) {
        await settle();
        clock.to(clock.now() + second);
      }
      await settle();
    },
    async responders() {
      const incident = await store.read((reader) => reader.loadIncident("i-1"));
      return incident?.responders.map(({ person, state }) => `${person.name} ${state}`).sort();
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("writes an answer at once where the disk takes it", async () => {
  await using held = await openCase();
  expect(await held.submit(alice, "claim")).toMatchObject({ reason: "claimed" });
  expect(held.inFlight.count).toBe(0);
  await held.answers[Symbol.asyncDispose]();
  expect(held.lines).toEqual([]);
});

it("keeps what the disk does not take, tries every second, and the newest answer of each counts", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    expect(await held.submit(alice, "claim")).toBe("buffered");
    expect(await held.submit(bob, "claim")).toBe("buffered");
    await held.pass(3);
    expect(await held.submit(alice, "decline")).toBe("buffered");
    await held.pass(2);
    expect(await held.responders()).toEqual([]);
  }
  await held.pass(1);
  expect(await held.responders()).toEqual(["Alice declined", "Bob coming"]);
  await held.answers[Symbol.asyncDispose]();
  expect(held.lines.filter((line) => line.startsWith("answer-lost"))).toEqual([]);
});

it("goes on trying when it is stopped while the disk is held, and ends as soon as all is written", async () => {
  await using held = await openCase();
  let stopping: PromiseLike<void>;
  let isStopped = false;
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "claim");
    stopping = held.answers[Symbol.asyncDispose]().then(() => {
      isStopped = true;
    });
    await held.pass(8);
    expect(isStopped).toBe(false);
  }
  await held.pass(1);
  await stopping;
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("waits for a try that is under way when it is stopped", async () => {
  await using held = await openCase();
  const giving = held.submit(alice, "claim");
  await held.answers[Symbol.asyncDispose]();
  expect(held.inFlight.count).toBe(0);
  expect(await giving).toMatchObject({ reason: "claimed" });
});

it("keeps an answer whose first try fails while it is being stopped", async () => {
  await using held = await openCase();
  let stopping: PromiseLike<void>;
  {
    using _disk = held.holdDisk();
    const giving = held.submit(alice, "claim");
    stopping = held.answers[Symbol.asyncDispose]();
    expect(await giving).toBe("buffered");
    await held.pass(2);
  }
  await held.pass(1);
  await stopping;
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("ends after 15 s when the disk takes nothing, and says of each what was lost, but not by whom", async () => {
  await using held = await openCase();
  using _disk = held.holdDisk();
  await held.submit(alice, "claim");
  const begun = held.clock.now();
  const stopping = held.answers[Symbol.asyncDispose]().then(() => held.clock.now() - begun);
  await held.pass(17);
  expect(await stopping).toBe(15 * second);
  const lost = held.lines.filter((line) => line.startsWith("answer-lost"));
  expect(lost).toEqual(['answer-lost {"incident":"i-1","command":"claim"}']);
  expect(lost.join()).not.toContain("Alice");
  // Nothing is left that would keep the process alive, or write to a store that is closed.
  expect(held.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});
