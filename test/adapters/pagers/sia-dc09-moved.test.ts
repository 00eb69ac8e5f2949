import { expect, it } from "vitest";
import type { Page, PageSite } from "../../../bot/contracts.ts";
import { page } from "../../contracts/pager-contract.ts";
import { account, endless, next, reasonOf, start } from "../protocols/sia-dc09/sender/setup.ts";

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
