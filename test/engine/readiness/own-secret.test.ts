import { expect, it } from "vitest";
import { OwnSecret } from "../../../bot/engine/readiness/own-secret.ts";
import { changeDatabase } from "../../damage.ts";
import { openKernel } from "../open-kernel.ts";

const stored = "het-geheim-van-deze-installatie";
const spare = "het-geheim-van-dit-proces";
const second = 1_000;

type Held = Awaited<ReturnType<typeof openKernel>>;
const load = ({ kernel }: Held) => OwnSecret.load(kernel, "guard-key", () => spare);
const read = ({ kernel }: Held) => kernel.store.read((reader) => reader.loadSetting("secret", "guard-key"));

/** What is stored can't be read until that is disposed of. */
function hide({ path }: Held): Disposable {
  changeDatabase(path, "alter table settings rename to hidden");
  return { [Symbol.dispose]: () => changeDatabase(path, "alter table hidden rename to settings") };
}

it("that could not be read at the start is read as soon as it can be; what the spare one made goes on working", async () => {
  await using held = await openKernel();
  await held.kernel.store.write((tx) => tx.saveSetting("secret", "guard-key", stored));
  const fault = hide(held);
  await using secret = await load(held);
  await held.pass(3 * second);
  expect(secret.values).toEqual([spare]);
  expect(held.lines.filter((line) => line.startsWith("secret-not-read"))).toHaveLength(1);
  fault[Symbol.dispose]();
  await held.pass(second);
  expect(secret.values).toEqual([stored, spare]);
  expect(await read(held)).toBe(stored);
  expect(held.lines).toHaveLength(1);
});

it("that was made while the disk took nothing is the one that is stored as soon as it does", async () => {
  await using held = await openKernel();
  const disk = held.holdDisk();
  await using secret = await load(held);
  await held.pass(3 * second);
  expect([secret.values, await read(held)]).toEqual([[spare], null]);
  disk[Symbol.dispose]();
  await held.pass(second);
  expect([secret.values, await read(held)]).toEqual([[spare], spare]);
});

it("that is stored already is the only one", async () => {
  await using held = await openKernel();
  await held.kernel.store.write((tx) => tx.saveSetting("secret", "guard-key", stored));
  await using secret = await load(held);
  expect(secret.values).toEqual([stored]);
});
