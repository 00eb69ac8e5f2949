import { expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { LastSeenBuffer } from "../../../bot/engine/kernel/last-seen-buffer.ts";
import { openKernel, second, turn } from "../open-kernel.ts";

it("writes thousands of signs of life with room for a press between them", async () => {
  await using base = await openKernel();
  const { clock, store } = base.kernel;
  await using buffer = new LastSeenBuffer(base.kernel);
  const buttons = Array.from({ length: 2_000 }, (_, at) => `hart-${at}`);
  for (const button of buttons) buffer.note("buttons", toAlarm("heartbeat", { button }), clock.now());
  clock.to(clock.now() + second);
  await turn();
  const count = store.write(async (tx) => (await tx.listLastSeen()).length);
  expect(await count).toBeLessThan(buttons.length / 2);
  await base.settle();
  expect(await store.read((reader) => reader.listLastSeen())).toHaveLength(buttons.length);
});
