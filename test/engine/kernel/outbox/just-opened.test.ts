import { expect, it } from "vitest";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { JustOpened } from "../../../../bot/engine/kernel/outbox/just-opened.ts";
import { openNoted } from "../../../store/sql/group/open-noted.ts";
import { openUnrecorded } from "../unrecorded/open-unrecorded.ts";

async function open() {
  const { store } = await openNoted();
  const { handler, take } = await openUnrecorded(store);
  const opened = new JustOpened(handler);
  const press = async (button: string, id: string) => {
    const [receipt] = await take(toAlarm("press", { button, id }));
    return receipt?.incident ?? "";
  };
  return { store, handler, opened, press };
}

it("gives what was opened just now, as it was written, once", async () => {
  const { store, opened, press } = await open();
  const id = await press("0042", "one");
  const [incident, lines] = await store.read((reader) =>
    Promise.all([reader.loadIncident(id), reader.loadHistory(id, 0)]),
  );
  const given = opened.take(id);
  expect(given?.incident).toEqual(incident);
  expect(given?.lines).toEqual(lines.map(({ seq: _seq, ...line }) => line));
  expect(opened.take(id)).toBe(null);
});

it.each([
  ["pressed again", ({ press }: Awaited<ReturnType<typeof open>>) => press("0042", "two")],
  [
    "claimed",
    ({ handler }: Awaited<ReturnType<typeof open>>, id: string) =>
      handler.handle(id, { kind: "claim", by: { id: "alice", name: "Alice" } }),
  ],
])("knows nothing of an alarm that was %s since: that has to be read", async (_how, change) => {
  const opening = await open();
  const id = await opening.press("0042", "one");
  await change(opening, id);
  expect(opening.opened.take(id)).toBe(null);
});

it("keeps the newest thousand", async () => {
  const { opened, press } = await open();
  const ids: string[] = [];
  for (let number = 0; number < 1_001; number += 1) ids.push(await press(`button ${number}`, `${number}`));
  expect([opened.take(ids[0] ?? ""), opened.take(ids[1] ?? "")?.incident.id]).toEqual([null, ids[1]]);
});
