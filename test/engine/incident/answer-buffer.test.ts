import { expect, it } from "vitest";
import type { ClickVerb } from "../../../bot/domain/incident/command.ts";
import type { Person } from "../../../bot/domain/person.ts";
import { AnswerBuffer } from "../../../bot/engine/incident/answer-buffer.ts";
import { OpenIncidents } from "../../../bot/engine/kernel/open/open-incidents.ts";
import type { HumanAnswer } from "../../../bot/engine/kernel/unrecorded/human-answer.ts";
import { UnrecordedQueue } from "../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import { openKernel, second } from "../open-kernel.ts";
import { unstoredNothing } from "../unstored-nothing.ts";

const alice = { id: "00000000-0000-0000-0000-00000000000c", name: "Alice" };
const bob = { id: "00000000-0000-0000-0000-00000000000d", name: "Bob" };

/** What stands in its history before anybody answered. */
const atFirst = ["opened", "nobody-on-duty", "page-queued"];

/** What they answer to the incident of that id. */
function toAnswer(by: Person, kind: ClickVerb, incident = "i-1"): HumanAnswer {
  const request = kind === "resolve" ? ({ kind, by, isLead: true, outcome: "false" } as const) : { kind, by };
  return { incident, who: by.id, request };
}

/** The same, which can't be written by itself the first two times. */
function fails(answer: HumanAnswer): HumanAnswer {
  let tries = 0;
  const also: HumanAnswer["also"] = async () => {
    tries += 1;
    if (tries <= 2) throw new Error("a fault of ours");
  };
  return { ...answer, also };
}

/** Answers on a real file, with one open incident. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  await base.press();
  const openIncidents = new OpenIncidents(base.kernel.clock);
  const incident = await base.load();
  if (incident === null) throw new Error("no incident");
  openIncidents.note({ incident, policy: base.policy });
  const queue = new UnrecordedQueue(base.kernel, base.handler);
  const answers = new AnswerBuffer(base.kernel, base.handler, queue, openIncidents, unstoredNothing);
  const held = stack.move();
  return {
    ...base,
    answers,
    stop: () => queue[Symbol.asyncDispose](),
    openIncidents,
    submit: (by: Person, kind: ClickVerb) => answers.submit(toAnswer(by, kind)),
    async events() {
      const lines = await base.kernel.store.read((reader) => reader.loadHistory("i-1", 0));
      return lines.map(({ kind }) => kind);
    },
    async responders() {
      const incident = await base.load();
      return incident?.responders.map(({ person, state }) => `${person.name} ${state}`).sort();
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

it("writes an answer at once where the disk takes it", async () => {
  await using held = await openCase();
  expect(await held.submit(alice, "claim")).toMatchObject({ reason: "claimed" });
  expect(held.kernel.inFlight.count).toBe(0);
  await held.stop();
  expect(held.lines).toEqual([]);
});

it("keeps what the disk does not take, tries every second, and the newest answer of each counts", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    expect(await held.submit(alice, "claim")).toBe("buffered");
    expect(await held.submit(bob, "claim")).toBe("buffered");
    await held.pass(3 * second);
    expect(await held.submit(alice, "decline")).toBe("buffered");
    await held.pass(2 * second);
    expect(await held.responders()).toEqual([]);
  }
  await held.pass(second);
  expect(await held.responders()).toEqual(["Alice declined", "Bob coming"]);
  await held.stop();
  expect(held.lines.filter((line) => line.startsWith("answer-lost"))).toEqual([]);
});

it("knows of a promise before it is on disk, unless it was made by a key on the phone", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    const now = held.kernel.clock.now();
    expect(await held.submit(alice, "claim")).toBe("buffered");
    const byPhone = { kind: "claim", by: bob, byPhone: true } as const;
    expect(await held.answers.submit({ incident: "i-1", who: bob.id, request: byPhone })).toBe("buffered");
    expect(held.openIncidents.findElsewhere(alice, "i-2")).toMatchObject({ comingSince: now, since: null });
    expect(held.openIncidents.findElsewhere(bob, "i-2")).toBeNull();
  }
  await held.pass(second);
  expect(await held.responders()).toEqual(["Alice coming", "Bob coming"]);
});

it("knows of no promise any more that is refused or taken back when it is written", async () => {
  await using held = await openCase();
  const presser = (await held.load())?.pressers[0]?.holder;
  if (presser?.id == null) throw new Error("nobody carries that button");
  const by = { id: presser.id, name: presser.name };
  {
    using _disk = held.holdDisk();
    for (const each of [by, bob]) expect(await held.submit(each, "claim")).toBe("buffered");
    const comingSince = held.kernel.clock.now();
    for (const each of [by, bob]) expect(held.openIncidents.findElsewhere(each, "i-2")).toMatchObject({ comingSince });
    await held.submit(bob, "decline");
  }
  await held.pass(second);
  expect(held.openIncidents.findElsewhere(bob, "i-2")).toBeNull();
  expect(held.openIncidents.findElsewhere(by, "i-2")).not.toHaveProperty("comingSince");
  expect(await held.responders()).toEqual(["Bob declined"]);
});

it("keeps of somebody who changes their mind without end the last word, on top of what they said before", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "arrive");
    for (const kind of ["claim", "decline", "claim", "decline", "claim"] as const)
      expect(await held.submit(alice, kind)).toBe("buffered");
  }
  await held.pass(second);
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("drops nothing that somebody said as long as they don't say too much, because others may have said more between", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "decline");
    await held.submit(bob, "resolve");
    for (const kind of ["claim", "decline"] as const) await held.submit(alice, kind);
  }
  await held.pass(second);
  expect(await held.responders()).toEqual(["Alice declined"]);
});

it("keeps of where somebody is all that they said, because each of it has rung people", async () => {
  await using held = await openCase();
  using _disk = held.holdDisk();
  for (const location of ["yard", "pool"]) {
    const request = { kind: "correct-place", by: alice, place: null, where: { location } } as const;
    expect(await held.answers.submit({ incident: "i-1", who: alice.id, request })).toBe("buffered");
  }
  const stopping = held.stop();
  await held.pass(17 * second);
  await stopping;
  expect(held.lines.filter((line) => line.startsWith("answer-lost"))).toHaveLength(2);
});

it("keeps what one guard promised when another one with the same link declines", async () => {
  await using held = await openCase();
  const step = held.policy.steps.findIndex(({ kind }) => kind === "page");
  held.kernel.clock.to(held.kernel.clock.now() + 10 * 60 * second);
  await held.handler.handle("i-1", { kind: "deadline" });
  const pageKey = `i-1-1-${step}`;
  const toGuardAnswer = (answer: "accept" | "decline" | "help"): HumanAnswer => ({
    incident: "i-1",
    who: `${pageKey} link`,
    request: { kind: "guard", pageKey, answer },
  });
  {
    using _disk = held.holdDisk();
    for (const answer of ["accept", "decline", "help"] as const) {
      expect(await held.answers.submit(toGuardAnswer(answer))).toBe("buffered");
    }
  }
  await held.pass(2 * second);
  expect((await held.load())?.round.guards).toMatchObject([{ who: "link", state: "coming" }]);
  expect((await held.load())?.round.helpAskedBy).toBe("guard");
});

it("keeps what was said in Teams when the phone is picked up and says otherwise", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "claim");
    const request = { kind: "decline", by: alice, byPhone: true } as const;
    expect(await held.answers.submit({ incident: "i-1", who: alice.id, request })).toBe("buffered");
  }
  await held.pass(2 * second);
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("goes on trying when it is stopped while the disk is held, and ends as soon as all is written", async () => {
  await using held = await openCase();
  let stopping: PromiseLike<void>;
  let isStopped = false;
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "claim");
    stopping = held.stop().then(() => {
      isStopped = true;
    });
    await held.pass(8 * second);
    expect(isStopped).toBe(false);
  }
  await held.pass(second);
  await stopping;
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("waits for a try that is under way when it is stopped", async () => {
  await using held = await openCase();
  const giving = held.submit(alice, "claim");
  await held.stop();
  expect(held.kernel.inFlight.count).toBe(0);
  expect(await giving).toMatchObject({ reason: "claimed" });
});

it("keeps an answer whose first try fails while it is being stopped", async () => {
  await using held = await openCase();
  let stopping: PromiseLike<void>;
  {
    using _disk = held.holdDisk();
    const giving = held.submit(alice, "claim");
    stopping = held.stop();
    expect(await giving).toBe("buffered");
    await held.pass(2 * second);
  }
  await held.pass(second);
  await stopping;
  expect(await held.responders()).toEqual(["Alice coming"]);
});

it("ends after 15 s when the disk takes nothing, and says of each what was lost, but not by whom", async () => {
  await using held = await openCase();
  using _disk = held.holdDisk();
  await held.submit(alice, "claim");
  const begun = held.kernel.clock.now();
  const stopping = held.stop().then(() => held.kernel.clock.now() - begun);
  await held.pass(17 * second);
  expect(await stopping).toBe(15 * second);
  const lost = held.lines.filter((line) => line.startsWith("answer-lost"));
  expect(lost).toEqual(['answer-lost {"incident":"i-1","command":"claim"}']);
  expect(lost.join()).not.toContain("Alice");
  // Nothing is left that would keep the process alive, or write to a store that is closed.
  expect(held.kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});

it("knows nothing of an incident that is not there, and keeps no answer to it", async () => {
  await using held = await openCase();
  expect(await held.answers.submit(toAnswer(alice, "claim", "i-2"))).toBeNull();
  await held.stop();
  expect(held.lines).toEqual([]);
});

it("writes what waits before what is said next, and so that is not kept", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    await held.submit(alice, "claim");
  }
  expect(await held.submit(alice, "arrive")).toMatchObject({ reason: "arrived" });
  expect(await held.events()).toEqual([...atFirst, "claimed", "arrived"]);
});

it("keeps an answer behind one of the same person that can't be written by itself, but no call for help", async () => {
  await using held = await openCase();
  expect(await held.answers.submit(fails(toAnswer(alice, "claim")))).toBe("buffered");
  expect(await held.submit(alice, "arrive")).toBe("buffered");
  expect(await held.submit(bob, "claim")).toMatchObject({ reason: "claimed" });
  expect(await held.submit(alice, "help")).toMatchObject({ reason: "help-asked" });
  await held.pass(second);
  expect(await held.events()).toEqual([...atFirst, ...["claimed", "help", "page-queued", "also-coming", "arrived"]]);
});

it("closes no alarm that was pressed after it, where it could not be written in its turn", async () => {
  await using held = await openCase();
  await held.submit(alice, "arrive");
  expect(await held.answers.submit(fails(toAnswer(alice, "resolve")))).toBe("buffered");
  held.kernel.clock.to(held.kernel.clock.now() + second / 2);
  await held.pressAgain();
  await held.pass(3 * second);
  expect(await held.load()).toMatchObject({ presses: 2, closedAt: null });
});

it("closes an alarm that was pressed by a clock which was ahead, where it could not be written in its turn", async () => {
  await using held = await openCase();
  await held.submit(alice, "arrive");
  const incident = await held.load();
  if (incident === null) throw new Error("no incident");
  const lastPressAt = held.kernel.clock.now() + 3_600 * second;
  await held.kernel.store.write((tx) => tx.updateIncident({ ...incident, version: incident.version + 1, lastPressAt }));
  expect(await held.answers.submit(fails(toAnswer(alice, "resolve")))).toBe("buffered");
  await held.pass(3 * second);
  expect((await held.load())?.closedAt).not.toBeNull();
});

it("says after 5 s that a write which hangs is buffered, does not begin it again, and it counts in the end", async () => {
  await using held = await openCase();
  const { promise: disk, resolve: goOn } = Promise.withResolvers<void>();
  let begun = 0;
  const also = () => {
    begun += 1;
    return disk;
  };
  const said = held.answers.submit({ ...toAnswer(alice, "claim"), also });
  await held.pass(5 * second, 1);
  expect(await said).toBe("buffered");
  const next = held.submit(alice, "arrive");
  await held.pass(5 * second, 2);
  expect(await next).toBe("buffered");
  await held.pass(20 * second, 2);
  goOn();
  await held.settle();
  expect([begun, await held.responders()]).toEqual([1, ["Alice there"]]);
});

it("writes an answer and what goes with it together, or neither", async () => {
  await using held = await openCase();
  let fails = true;
  const also: HumanAnswer["also"] = async (tx) => {
    await tx.saveSetting("probe", "alice", "claimed");
    if (fails) throw new Error("that did not fit");
  };
  const remembered = () => held.kernel.store.read((reader) => reader.loadSetting("probe", "alice"));
  expect(await held.answers.submit({ ...toAnswer(alice, "claim"), also })).toBe("buffered");
  expect([await remembered(), await held.responders()]).toEqual([null, []]);
  fails = false;
  await held.pass(second);
  expect([await remembered(), await held.responders()]).toEqual(["claimed", ["Alice coming"]]);
});

/** What a guard answers to the first page of `i-1`, under a name that their page made. */
function toGuardAnswer(
  who: string,
  answer: "accept" | "decline" | "arrived" | "help",
  pageKey = "i-1-1-1",
): HumanAnswer {
  const guard = { who, isCertain: true };
  return { incident: "i-1", who: `${pageKey} ${who}`, request: { kind: "guard", pageKey, guard, answer } };
}

/** How many of them are refused; the others are kept. */
async function countRefused(answers: AnswerBuffer, given: readonly HumanAnswer[]): Promise<number> {
  const said = await Promise.allSettled(given.map((each) => answers.submit(each)));
  return said.filter(({ status }) => status === "rejected").length;
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

it("joins the same answer given again, however often", async () => {
  await using held = await openCase();
  using _disk = held.holdDisk();
  for (const _ of times(4_000, String)) expect(await held.submit(alice, "arrive")).toBe("buffered");
  const stopping = held.stop();
  await held.pass(17 * second);
  await stopping;
  expect(held.lines.filter((line) => line.startsWith("answer-lost"))).toHaveLength(1);
});

it.each([
  ["claim", "Alice coming", 1],
  ["arrive", "Alice none", 2],
  ["help", "Alice none", 1],
  ["decline", "Alice declined", 1],
] as const)("%s before a press is what it would have been where the disk had taken it", async (kind, state, number) => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    await held.submit(alice, kind);
    held.kernel.clock.to(held.kernel.clock.now() + second / 2);
  }
  await held.pressAgain();
  expect(await held.load()).toMatchObject({ presses: 2, round: { number } });
  expect(await held.responders()).toEqual([state]);
});

it("keeps a few for each link and for each person, and nobody is shut out by another one", async () => {
  await using held = await openCase();
  using _disk = held.holdDisk();
  expect(
    await countRefused(
      held.answers,
      times(4_000, (index) => toGuardAnswer(`made-up-${index}`, "accept")),
    ),
  ).toBe(3_980);
  expect(await countRefused(held.answers, [toGuardAnswer("g", "accept", "i-1-1-2")])).toBe(0);
  expect(await held.submit(bob, "claim")).toBe("buffered");
  // One guard who never says the same twice in a row leaves room for the others with that link.
  const restless = times(4_000, (index) => toGuardAnswer("g", index % 2 === 0 ? "arrived" : "accept", "i-1-2-1"));
  expect(await countRefused(held.answers, restless)).toBeGreaterThan(1_900);
  expect(await countRefused(held.answers, [toGuardAnswer("h", "accept", "i-1-2-1")])).toBe(0);
  // An incident's id can be made up as well.
  const elsewhere = times(4_000, (index) => toAnswer(alice, "claim", `made-up-${index}`));
  expect(await countRefused(held.answers, elsewhere)).toBe(3_980);
  expect(await countRefused(held.answers, [toAnswer(bob, "arrive")])).toBe(0);
});

it("never refuses a call for help, and keeps few of them", async () => {
  await using held = await openCase();
  {
    using _disk = held.holdDisk();
    const calls = times(4_000, (index) => toGuardAnswer(`made-up-${index}`, "help"));
    expect(await countRefused(held.answers, calls)).toBe(0);
    expect(
      await countRefused(
        held.answers,
        times(30, (index) => toAnswer(alice, "arrive", `made-up-${index}`)),
      ),
    ).toBe(10);
    expect(await countRefused(held.answers, [toAnswer(alice, "help")])).toBe(0);
    const stopping = held.stop();
    await held.pass(17 * second);
    await stopping;
  }
  const lost = held.lines.filter((line) => line.startsWith("answer-lost"));
  expect(lost.filter((line) => line.includes('"command":"guard"')).length).toBeLessThanOrEqual(21);
  expect(lost.filter((line) => line.includes('"command":"help"'))).toHaveLength(1);
});
