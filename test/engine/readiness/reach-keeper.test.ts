import { describe, expect, it } from "vitest";
import { ReachKeeper } from "../../../bot/engine/readiness/reach-keeper.ts";
import { DeliveryError } from "../../../bot/errors.ts";
import type { TeamsSender } from "../../../bot/ports/teams-sender.ts";
import { openKernel, second } from "../open-kernel.ts";

type Prepare = TeamsSender["prepareToMessage"];

const hour = 3_600 * second;
const [alice, bob] = [person("a", "Alice Jansen"), person("b", "Bob de Vries")];

function person(id: string, name: string) {
  return { id, name };
}

function refuse(): never {
  throw new DeliveryError("refused", "Teams does not know this person in the channel");
}

/** A keeper of these people, in a Teams that does what `prepare` does. */
async function openKeeper(people: readonly { id: string; name: string }[], prepare: Prepare, isAlarmOpen = false) {
  await using stack = new AsyncDisposableStack();
  const engine = stack.use(await openKernel());
  const { kernel } = engine;
  const began = kernel.clock.now();
  /** Who was prepared when, in seconds since the start. */
  const asked: [seconds: number, id: string, isAnew: boolean][] = [];
  const teams = {
    prepareToMessage: (each: (typeof people)[number], isAnew: boolean, signal: AbortSignal) => {
      asked.push([(kernel.clock.now() - began) / second, each.id, isAnew]);
      return prepare(each, isAnew, signal);
    },
  };
  const ready: string[] = [];
  const onReady = ({ id }: { readonly id: string }) => void ready.push(id);
  const keeper = stack.use(
    new ReachKeeper(kernel, { directory: { people }, teams, isAlarmOpen: () => isAlarmOpen, onReady }),
  );
  const held = stack.move();

  return {
    keeper,
    asked,
    /** Who turned out to be ready, each time. */
    ready,
    lines: engine.lines,
    kernel,
    /** Moment after moment for which somebody waits, whatever hangs meanwhile. */
    async pass(ms: number) {
      const until = kernel.clock.now() + ms;
      for (await engine.rest(); kernel.clock.now() < until; await engine.rest())
        kernel.clock.to(Math.min(until, kernel.clock.nextAt));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const many = Array.from({ length: 12 }, (_, index) => person(`p${index}`, `P. ${index}`));

describe("whom it prepares, and when", () => {
  it("everybody, ten seconds after a start, and nobody twice", async () => {
    await using house = await openKeeper([alice, bob], async () => undefined);
    await house.pass(9 * second);
    expect(house.asked).toEqual([]);
    await house.pass(hour);
    expect(house.asked).toEqual([
      [10, "a", false],
      [10, "b", false],
    ]);
    expect(house.keeper.troubles).toEqual([]);
  });

  it("at most five a second, and one while an alarm is open", async () => {
    await using quiet = await openKeeper(many, async () => undefined);
    await quiet.pass(20 * second);
    expect(quiet.asked.map(([at]) => at)).toEqual([10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 12, 12]);
    await using busy = await openKeeper(many, async () => undefined, true);
    await busy.pass(14 * second);
    expect(busy.asked.map(([at]) => at)).toEqual([10, 11, 12, 13, 14]);
  });

  it("whoever is not ready at once when a channel is linked, and everybody anew by the calendar", async () => {
    let isKnown = false;
    await using house = await openKeeper([alice, bob], async ({ id }) =>
      id === "a" || isKnown ? undefined : refuse(),
    );
    await house.pass(11 * second);
    isKnown = true;
    house.keeper.resume();
    await house.pass(second);
    expect(house.asked.slice(2)).toEqual([[11, "b", true]]);
    expect(await house.keeper.renew()).toBe(2);
    await house.pass(2 * second);
    expect(house.asked.slice(3).map(([, ...each]) => each)).toEqual([
      ["a", true],
      ["b", true],
    ]);
  });
});

describe("who can't be messaged", () => {
  it("is a trouble from the first refusal on, and is not asked for again until the next day", async () => {
    let isKnown = false;
    await using house = await openKeeper([bob], async () => (isKnown ? undefined : refuse()));
    const since = house.kernel.clock.now() + 10 * second;
    await house.pass(hour);
    expect(house.asked).toHaveLength(1);
    expect(house.keeper.troubles).toEqual([{ kind: "person-not-ready", person: bob, since }]);
    await house.keeper.renew();
    await house.pass(second);
    expect(house.keeper.troubles).toEqual([{ kind: "person-not-ready", person: bob, since }]);
    expect(house.lines).toEqual(['person-not-ready {"person":"b"}']);
    isKnown = true;
    await house.keeper.renew();
    await house.pass(second);
    expect(house.keeper.troubles).toEqual([]);
  });

  it.each(["unreachable", "throttled"] as const)(
    "is tried each minute while Teams is %s, and a trouble after an hour",
    async (reason) => {
      await using house = await openKeeper([bob], async () => {
        throw new DeliveryError(reason, "Teams answered 503");
      });
      await house.pass(130 * second);
      expect(house.asked.map(([at]) => at)).toEqual([10, 70, 130]);
      expect(house.keeper.troubles).toEqual([]);
      await house.pass(hour);
      expect(house.keeper.troubles).toMatchObject([{ kind: "person-not-ready", person: bob }]);
    },
  );

  it("is no trouble while no channel is linked", async () => {
    await using house = await openKeeper([bob], async () => {
      throw new DeliveryError("misconfigured", "No channel is linked to a conversation in Teams");
    });
    await house.pass(2 * hour);
    expect(house.keeper.troubles).toEqual([]);
  });
});

describe("what it calls", () => {
  it.each<[string, Prepare]>([
    [
      "throws",
      () => {
        throw new Error("no promise at all");
      },
    ],
    ["rejects with what is no failure of a delivery", async () => Promise.reject("no error at all")],
    [
      "hangs until its time is up",
      (_person, _isAnew, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ],
    ["hangs without heeding that", () => new Promise(() => undefined)],
  ])("%s: the others are prepared all the same, it is tried again, and the end does not wait", async (_, wrong) => {
    const sixth = many[5];
    await using house = await openKeeper(many, (each, ...rest) =>
      each === sixth ? wrong(each, ...rest) : Promise.resolve(),
    );
    await house.pass(90 * second);
    expect(new Set(house.asked.map(([, id]) => id)).size).toBe(12);
    expect(house.asked.filter(([, id]) => id === sixth?.id).length).toBeGreaterThan(1);
    expect(house.keeper.troubles).toEqual([]);
    house.keeper.resume();
    await house.pass(second);
    let isOver = false;
    void house.keeper[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await house.pass(2 * second);
    expect(isOver).toBe(true);
    // The test itself waits for all that it began.
    await house.pass(10 * second);
  });
});
