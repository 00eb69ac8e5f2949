import { expect, it } from "vitest";
import type { Page } from "../../../bot/contracts.ts";
import { page } from "../../contracts/pager-contract.ts";
import { endless, next, pass, settle, start } from "../protocols/sia-dc09/sender/setup.ts";

/** A page of that alarm. */
const of = (number: number, parts: Partial<Page> = {}): Page => ({
  ...next(number),
  incident: { ...page.incident, id: `i-${number}` },
  ...parts,
});
const end = (number: number) => of(number, { key: `c-${number}`, reason: "call-off" });

it.each([
  ["of that alarm is tried no more, or it would begin it anew behind its end", 1, "refused", "accepted", ["PH000"]],
  ["of another alarm is tried on, and the end, which names no alarm, is not sent", 2, "accepted", "refused", ["PA000"]],
] as const)("a page that an end overtakes: one %s", async (_, number, pageEnds, endEnds, sent) => {
  await using setup = await start({ codes: { callOff: "PH" } });
  const ready = setup.open();
  const toOutcome = (sending: Promise<unknown> | undefined) =>
    Promise.resolve(sending).then(
      () => "accepted",
      ({ reason }) => reason,
    );
  await ready.page(of(1, { key: "first", pageKey: "first" }), endless);
  setup.centre.behave({ kind: "hang" });
  const { received } = setup.centre;
  const paging = toOutcome(ready.page(of(number), endless));
  await received();
  const ending = toOutcome(ready.callOff?.(end(1), endless));
  await settle();
  setup.centre.behave({ kind: "ACK" });
  await pass(setup.clock, setup.clock.now() + 12_000);
  expect(await Promise.all([paging, ending])).toEqual([pageEnds, endEnds]);
  expect(setup.centre.events.map(({ data }) => data.slice(-5))).toEqual(["PA000", "PA000", ...sent]);
});

it("a page of a later round, after the end, begins it anew", async () => {
  await using setup = await start({ codes: { callOff: "PH" } });
  const ready = setup.open();
  await ready.page(of(1), endless);
  await ready.callOff?.(end(1), endless);
  await ready.page(of(1, { key: "i-1-2", pageKey: "i-1-2" }), endless);
  expect(setup.centre.events.map(({ data }) => data.slice(-5))).toEqual(["PA000", "PH000", "PA000"]);
});
