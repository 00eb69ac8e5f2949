import { expect, it } from "vitest";
import { createDirectory } from "../../../bot/config/directory.ts";
import { forgetOld } from "../../../bot/engine/kernel/forget.ts";
import { LastSeenBuffer } from "../../../bot/engine/kernel/last-seen-buffer.ts";
import { load } from "../../config/small.ts";
import { begunAt, openKernel } from "../open-kernel.ts";

const hour = 3_600_000;
const taken = { source: "buttons", key: "k", incident: null, outcome: "seen" } as const;
const state = { source: "buttons", name: "0042", isOn: true, run: null, wasOff: true, message: null } as const;

it("rule 2: a state that is heard of stays known, and an identity that was renewed stays for another day", async () => {
  await using opened = await openKernel();
  const { kernel } = opened;
  await using lastSeen = new LastSeenBuffer(kernel);
  const forget = () =>
    forgetOld(
      kernel,
      createDirectory(load(), new Set(), () => null),
      lastSeen,
    );
  await kernel.store.write(async (tx) => {
    await tx.saveAlarm({ ...taken, receivedAt: begunAt });
    await tx.saveAlarm({ ...taken, receivedAt: begunAt + 20 * hour });
    await tx.saveAlarm({ ...taken, key: "not-renewed", receivedAt: begunAt });
    await tx.saveButtonState({ ...state, at: begunAt });
  });
  kernel.clock.to(begunAt + 25 * hour);
  expect(await forget()).toBe(1);
  expect(await kernel.store.write((tx) => tx.findAlarm("buttons", "k"))).not.toBeNull();
  kernel.clock.to(begunAt + 30 * 24 * hour);
  expect(await forget()).toBe(1);
  expect(await kernel.store.write((tx) => tx.loadButtonState("buttons", "0042"))).not.toBeNull();
  kernel.clock.to(begunAt + 30 * 24 * hour + 1);
  expect(await forget()).toBe(1);
});
