import { expect, it } from "vitest";
import { toReadySource } from "../../../adapters/index.ts";
import type { ReadySource } from "../../../bot/contracts.ts";
import { openDoors, secret } from "../doors.ts";

const ready = toReadySource("webhook", { secret });

it("each message notes by which value of its source's secret it was proven", async () => {
  await using doors = await openDoors({ sources: { buttons: ready } });
  await doors.press();
  expect(doors.used).toEqual([{ secret: "sources.buttons", value: "first" }]);
});

it("none is noted for a source that was replaced while its message came in, because that one has other secrets", async () => {
  const sources: Record<string, ReadySource> = {};
  const verify = () => () => {
    sources.buttons = ready;
    return "first" as const;
  };
  sources.buttons = { ...ready, verify };
  await using doors = await openDoors({ sources });
  expect((await doors.press()).status).toBe(202);
  expect(doors.used).toEqual([]);
  await doors.press();
  expect(doors.used).toHaveLength(1);
});
