import { expect, it } from "vitest";
import { createDirectory } from "../../../../bot/config/directory.ts";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { toRows } from "../../../../bot/engine/incident/effect-rows.ts";
import { Handler } from "../../../../bot/engine/kernel/handle.ts";
import { correctPlace } from "../../../../bot/engine/kernel/taking/correct-place.ts";
import { load } from "../../../config/small.ts";
import { openKernel, second } from "../../open-kernel.ts";

const paul = { id: "paul", name: "Paul" };
const locations = `locations:
  yard: { name: Stadswerf }
  pool: { name: Zwembad }
`;

function typed(place: string, isEdited: boolean) {
  const colleague = { ...paul, via: "chat", isPlaceTyped: true, isEdited } as const;
  return toAlarm("press", { button: paul.id, id: "typed", place, colleague });
}

it("corrects nothing that was said since, where the edit could not be written in its turn", async () => {
  await using base = await openKernel();
  const { kernel } = base;
  const directory = createDirectory(load("buttons:\n", `${locations}buttons:\n`), new Set(), () => null);
  const handler = new Handler(kernel, directory, toRows);
  const pressedAt = kernel.clock.now();
  const press = directory.toPress("buttons", typed("Stadswerf", false), "i-1", pressedAt);
  const { hash, policy } = directory.policyOf(press);
  await handler.write(async (tx) => {
    await tx.savePolicy(hash, policy);
    return { value: null, commits: [(await handler.open(tx, press, policy, pressedAt)).commit] };
  });
  const located: (string | undefined)[] = [];
  for (const receivedAt of [pressedAt - second, pressedAt + second]) {
    kernel.clock.to(pressedAt + second);
    const received = { source: "buttons", alarm: typed("Zwembad", true), receivedAt };
    const correct = { handler, directory };
    await handler.write(async (tx) => ({ value: null, commits: await correctPlace(tx, correct, received, "i-1") }));
    located.push((await base.load())?.location);
  }
  expect(located).toEqual(["yard", "pool"]);
});
