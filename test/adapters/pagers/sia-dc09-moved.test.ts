import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../adapters/pagers/sia-dc09.ts";
import type { Page, PageSite, ReadyPager } from "../../../bot/contracts.ts";
import { page } from "../../contracts/pager-contract.ts";
import { account, endless, next, pass, reasonOf, settle, start } from "../protocols/sia-dc09/sender/setup.ts";

const nowhere = {
  organisation: "",
  location: null,
  address: null,
  entrance: null,
  callBack: null,
  position: null,
  mayBeAt: [],
  usual: null,
};

/** What is sent of an alarm that is at the location with that account by then; null: at one without. */
function at(account: string | null, parts: Partial<Page> = {}): Page {
  const site: PageSite = { ...nowhere, location: account, account };
  return { ...next(1), site, ...parts };
}

const update = (account: string | null, verification: Page["incident"]["verification"] = "none") =>
  at(account, { key: "i-9-1-1-u1", reason: "update", incident: { ...page.incident, verification } });
const callOff = (account: string | null, parts: Partial<Page> = {}) =>
  at(account, { key: "i-9-1-1-c1", reason: "call-off", ...parts });
const settings = { text: true, codes: { callOff: "PH" } };

async function begin() {
  const setup = await start(settings);
  const sent = () => setup.centre.events.map((event) => `${event.account} ${event.data.slice(-5)}`);
  return { ...setup, sent, [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose]() };
}

it("begins at the account of where the alarm is by now, once, and says there what is known of it", async () => {
  await using setup = await begin();
  const ready = setup.open();
  await ready.page(at("7777"), endless);
  await ready.update?.(update("7777", "second-button"), endless);
  await ready.update?.(update("8888"), endless);
  await ready.update?.(update("8888"), endless);
  await ready.update?.(update("8888", "second-button"), endless);
  expect(setup.sent()).toEqual(["7777 PA000", "7777 BV000", "8888 PA000", "8888 BV000"]);
  expect(setup.centre.events[2]?.extended.join()).toContain("8888");
});

it("a test goes out under each number that it is for, and has failed where one of them is refused", async () => {
  await using setup = await begin();
  const ready = setup.open();
  const test: Page = { ...next(1), key: "test-9 desk", reason: "test", accounts: ["7777", null, "8888"] };
  await ready.page(test, endless);
  const tested = setup.centre.events.map((event) => event.account).toSorted();
  expect(tested).toEqual([account, "7777", "8888"].toSorted());
  expect(new Set(setup.sent().map((event) => event.slice(-5))).size).toBe(1);
  setup.centre.behave({ kind: "DUH" });
  expect(await reasonOf(ready.page({ ...test, key: "test-10 desk", accounts: ["7777"] }, endless))).toBe("refused");
});

it("is called off at each account at which it was begun, also by earlier pages and before a restart", async () => {
  await using setup = await begin();
  await setup.open().page(at("7777"), endless);
  await setup.open().page(at("8888", next(2)), endless);
  await setup.open().update?.({ ...update(null), pageKey: next(2).key }, endless);
  const off = callOff(null, { pageKey: next(2).key, earlier: [next(1).key] });
  await setup.open().callOff?.(off, endless);
  await setup.open().callOff?.(off, endless);
  const ended = setup.sent().slice(3);
  expect(ended.toSorted()).toEqual([`${account} PH000`, "7777 PH000", "8888 PH000"].toSorted());
  // What stands in the text is the way to where it is now.
  for (const event of setup.centre.events.slice(3))
    expect(event.extended.length).toBe(event.account === account ? 1 : 0);
});

it("is called off where a page from memory began it, which is none of the pages that are recorded", async () => {
  await using setup = await begin();
  const ready = setup.open();
  await ready.page(at("7777", { key: "i-9-1-1:again:1", pageKey: "i-9-1-1:again:1" }), endless);
  await ready.page(at("8888"), endless);
  await ready.callOff?.(callOff("8888"), endless);
  expect(setup.sent().slice(2).toSorted()).toEqual(["7777 PH000", "8888 PH000"]);
});

it("is not sent to the building of before by a retry, whose first try may have arrived all the same", async () => {
  await using setup = await begin();
  const ready = setup.open();
  setup.centre.behave({ kind: "garbage" });
  expect(await reasonOf(ready.page(at("7777"), endless))).toBe("unreachable");
  const before = setup.sent().length;
  setup.centre.behave({ kind: "ACK" });
  await ready.page(at("8888"), endless);
  expect(setup.sent().slice(before)).toEqual(["8888 PA000"]);
  await ready.callOff?.(callOff("8888"), endless);
  expect(
    setup
      .sent()
      .slice(before + 1)
      .toSorted(),
  ).toEqual(["7777 PH000", "8888 PH000"]);
});

it("is called off at one account although the alarm centre refuses another, and that is said", async () => {
  await using setup = await begin();
  const ready = setup.open();
  await ready.page(at("7777"), endless);
  await ready.update?.(update("8888"), endless);
  const { received } = setup.centre;
  const ending = reasonOf(ready.callOff?.(callOff("8888"), endless) ?? Promise.resolve());
  setup.centre.behave({ kind: "DUH" });
  await received();
  setup.centre.behave({ kind: "ACK" });
  expect(await ending).toBe("refused");
  expect(new Set(setup.sent().slice(2))).toEqual(new Set(["7777 PH000", "8888 PH000"]));
});

/** An update of an alarm that is at that location by then, with the account that it shares with others. */
function moved(number: number, location: string | null, account: string | null = null): Page {
  const site: PageSite = { ...nowhere, location, address: location && `${location}straat 1`, account };
  return { ...next(1), site, key: `i-9-1-1-u${number}`, reason: "update" };
}

it("that moves under one account is told there anew, once, as long as the text says where it is", async () => {
  await using setup = await begin();
  const texts = () => setup.centre.events.map(({ extended }) => extended.join());
  await setup.open().page({ ...moved(0, "Gemeentehuis"), key: next(1).key, reason: "unclaimed" }, endless);
  await setup.open().update?.(moved(1, "Gemeentehuis"), endless);
  expect(texts()).toHaveLength(1);
  await setup.open().update?.(moved(2, "Stadswerf"), endless);
  await setup.open().update?.(moved(2, "Stadswerf"), endless);
  await setup.open().update?.(moved(3, "Stadswerf"), endless);
  // Back again: the last that the alarm centre has is where it is.
  await setup.open().update?.(moved(4, "Gemeentehuis"), endless);
  expect(texts().map((text) => /Gemeentehuis|Stadswerf/.exec(text)?.[0])).toEqual([
    "Gemeentehuis",
    "Stadswerf",
    "Gemeentehuis",
  ]);
  expect(new Set(setup.sent())).toEqual(new Set([`${account} PA000`]));
});

it.each([
  ["garbage", "unreachable"],
  ["DUH", "refused"],
] as const)(
  "that moves under one account is told there later where the alarm centre did not take it: %s",
  async (kind, reason) => {
    await using setup = await begin();
    const ready = setup.open();
    await ready.page({ ...moved(0, "Gemeentehuis"), key: next(1).key, reason: "unclaimed" }, endless);
    setup.centre.behave({ kind });
    expect(await reasonOf(ready.update?.(moved(1, "Stadswerf"), endless) ?? Promise.resolve())).toBe(reason);
    const before = setup.sent().length;
    setup.centre.behave({ kind: "ACK" });
    for (const number of [2, 3]) await ready.update?.(moved(number, "Stadswerf"), endless);
    expect(setup.sent().slice(before)).toEqual([`${account} PA000`]);
  },
);

it("is told as where it is by the account alone, where that is another one and back again", async () => {
  await using setup = await begin();
  await setup.open().page({ ...moved(0, "A", "7777"), key: next(1).key, reason: "unclaimed" }, endless);
  for (const [number, at] of ["8888", "7777", "7777"].entries())
    await setup.open().update?.(moved(number + 1, "A", at), endless);
  expect(setup.sent()).toEqual(["7777 PA000", "8888 PA000", "7777 PA000"]);
});

describe("two alarms under one account", () => {
  /** A page of that alarm, or the end of it, at that account. */
  const of = (number: number, account: string, key = next(number).key): Page => {
    const { incident } = page;
    return at(account, { ...next(number), key, incident: { ...incident, id: `i-${number}` } });
  };
  const end = (number: number, account: string): Page => ({
    ...of(number, account, `c-${number}`),
    reason: "call-off",
  });

  it("are ended there once both are over, because an end names no alarm; and it is said of the first", async () => {
    await using setup = await begin();
    for (const number of [1, 2]) await setup.open().page(of(number, "7777"), endless);
    // Also tried again, and by another process.
    for (const _ of [1, 2])
      expect(await reasonOf(setup.open().callOff?.(end(1, "7777"), endless) ?? Promise.resolve())).toBe("refused");
    // An alarm at another account, and a round more of the same alarm, are none of this.
    await setup.open().page(of(3, "8888"), endless);
    await setup.open().page({ ...of(2, "7777", "round-2"), pageKey: "round-2" }, endless);
    await setup.open().callOff?.(end(2, "7777"), endless);
    expect(setup.sent()).toEqual(["7777 PA000", "7777 PA000", "8888 PA000", "7777 PA000", "7777 PH000"]);
  });

  it("of which one was not heard of for a day are one", async () => {
    await using setup = await begin();
    await setup.open().page(of(1, "7777"), endless);
    setup.clock.set(setup.clock.now() + 25 * 3_600_000);
    await setup.open().page(of(2, "7777"), endless);
    await setup.open().callOff?.(end(2, "7777"), endless);
    expect(setup.sent().at(-1)).toBe("7777 PH000");
  });

  it("of which one was paged again within a day are two", async () => {
    await using setup = await begin();
    const ready = setup.open();
    const hours = (count: number) => setup.clock.set(setup.clock.now() + count * 3_600_000);
    const { incident, ...first } = of(1, "7777");
    await ready.page({ ...first, incident }, endless);
    hours(20);
    await ready.update?.(
      { ...first, key: "u-1", reason: "update", incident: { ...incident, place: "Elders" } },
      endless,
    );
    hours(20);
    await ready.page(of(2, "7777"), endless);
    expect(await reasonOf(ready.callOff?.(end(2, "7777"), endless) ?? Promise.resolve())).toBe("refused");
  });

  it.each([
    ["another alarm", of(2, "7777"), []],
    ["the same alarm", { ...of(1, "7777", "round-2"), pageKey: "round-2" }, ["7777 PH000"]],
  ])("an end is tried again by what has begun since its first try: %s", async (_, begun, again) => {
    await using setup = await begin();
    const ready = setup.open();
    await ready.page(of(1, "7777"), endless);
    setup.centre.behave({ kind: "hang" });
    const { received } = setup.centre;
    const ending = ready.callOff?.(end(1, "7777"), endless).catch(() => null);
    await received();
    // It begins at that account while the first try of the end waits for its answer.
    const paging = ready.page(begun, endless);
    await settle();
    setup.centre.behave({ kind: "ACK" });
    await pass(setup.clock, setup.clock.now() + 12_000);
    await Promise.all([ending, paging]);
    expect(setup.sent()).toEqual(["7777 PA000", "7777 PH000", "7777 PA000", ...again]);
  });

  it("an end that is stored is not sent with another alarm that began before it could be read", async () => {
    await using setup = await begin();
    await setup.open().page(of(1, "7777"), endless);
    setup.centre.behave({ kind: "garbage" });
    expect(await reasonOf(setup.open().callOff?.(end(1, "7777"), endless) ?? Promise.resolve())).toBe("unreachable");
    const before = setup.sent().length;
    setup.centre.behave({ kind: "ACK" });
    const { host } = setup;
    const load = async (name: string) => (host.isDown ? Promise.reject(new Error("down")) : host.memory.load(name));
    host.isDown = true;
    const ready = siaDc09.open(setup.options, { ...host, memory: { ...host.memory, load } });
    await ready.page(of(2, "7777"), endless);
    host.isDown = false;
    const { incident } = of(2, "7777");
    const verified: Page = { ...of(2, "7777", "u-2"), reason: "update" };
    await ready.update?.({ ...verified, incident: { ...incident, verification: "second-button" } }, endless);
    expect(setup.sent().slice(before)).toEqual(["7777 PA000", "7777 BV000"]);
  });

  it("a page that the alarm centre refused is no alarm there, and keeps no end of another back", async () => {
    await using setup = await begin();
    const ready = setup.open();
    setup.centre.behave({ kind: "DUH" });
    expect(await reasonOf(ready.page(of(1, "7777"), endless))).toBe("refused");
    setup.centre.behave({ kind: "ACK" });
    await ready.page(of(2, "7777"), endless);
    await ready.callOff?.(end(2, "7777"), endless);
    expect(setup.sent().at(-1)).toBe("7777 PH000");
  });

  describe("a page that the alarm centre refused may be an alarm there all the same", () => {
    type Setup = Awaited<ReturnType<typeof begin>>;
    const refuse = async ({ centre }: Setup, send: () => Promise<unknown> | undefined) => {
      centre.behave({ kind: "DUH" });
      expect(await reasonOf(send() ?? Promise.resolve())).toBe("refused");
    };
    const expectOpen = async ({ centre }: Setup, ready: ReadyPager) => {
      centre.behave({ kind: "ACK" });
      await ready.page(of(2, "7777"), endless);
      expect(await reasonOf(ready.callOff?.(end(2, "7777"), endless) ?? Promise.resolve())).toBe("refused");
    };

    it("where its first try was given up", async () => {
      await using setup = await begin();
      const ready = setup.open();
      setup.centre.behave({ kind: "hang" });
      const stopped = new AbortController();
      const { received } = setup.centre;
      const sending = reasonOf(ready.page(of(1, "7777"), stopped.signal));
      await received();
      stopped.abort();
      expect(await sending).toBe("unreachable");
      await refuse(setup, () => ready.page(of(1, "7777"), endless));
      await expectOpen(setup, ready);
    });

    it("where nothing was said to its bare form", async () => {
      await using setup = await begin();
      const ready = setup.open();
      setup.centre.behave({ kind: "DUH" });
      const { received } = setup.centre;
      const sending = reasonOf(ready.page(of(1, "7777"), endless));
      await received();
      setup.centre.behave({ kind: "hang" });
      await received();
      await pass(setup.clock, setup.clock.now() + 2_900);
      expect(await sending).toBe("refused");
      await expectOpen(setup, ready);
    });

    it("where it was taken before, with another text", async () => {
      await using setup = await begin();
      const ready = setup.open();
      const { incident, ...page } = of(1, "7777");
      await ready.page({ ...page, incident }, endless);
      const moved: Page = { ...page, key: "u-1", reason: "update", incident: { ...incident, place: "Elders" } };
      await refuse(setup, () => ready.update?.(moved, endless));
      await expectOpen(setup, ready);
    });
  });
});

it("is no new alarm because nobody can be called back any more", async () => {
  await using setup = await begin();
  const ready = setup.open();
  const site = { ...nowhere, location: "Stadswerf", account: null };
  const number = { kind: "number", number: "0612345678" } as const;
  await ready.page({ ...next(1), site: { ...site, callBack: number } }, endless);
  const gone = { ...site, callBack: { kind: "impossible" } as const };
  await ready.update?.({ ...next(1), key: "u-1", reason: "update", site: gone }, endless);
  expect(setup.sent()).toEqual([`${account} PA000`]);
});
