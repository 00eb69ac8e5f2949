import { closeSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";

function toCircle(): Record<string, unknown> {
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  return circle;
}

const hostile = {
  get err(): unknown {
    throw new Error("not to be read");
  },
};

it.each<[string, Record<string, unknown>, number]>([
  ["nothing", { err: null }, 0],
  ["a text", { err: "gone" }, 0],
  ["a bigint", { err: 1n }, 0],
  ["a circle", { err: toCircle() }, 0],
  ["facts that are a circle", toCircle(), 0],
  ["what throws when it is read", hostile, 1],
])("never throws, whatever was thrown: %s", (_, facts, dropped) => {
  using resources = new DisposableStack();
  const log = openLog("error", resources.adopt(openSync("/dev/null", "w"), closeSync));
  expect(() => log.error(facts, "unhandled-rejection")).not.toThrow();
  expect(log.dropped).toBe(dropped);
});
