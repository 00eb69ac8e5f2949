import { describe, expect, it } from "vitest";
import type { Store } from "../../bot/ports/store/store.ts";
import { pressedAt } from "../fixtures/incident.ts";
import { close, newIncident } from "./new-incident.ts";

const sign = { source: "buttons", button: "0042", kind: "heartbeat", battery: null } as const;
const alarm = { source: "buttons", key: "k", incident: null, outcome: "seen" } as const;
const state = { source: "buttons", name: "0042", isOn: true, run: null, wasOff: false, message: null } as const;

/** The part of the store's contract that is about how far time has come. */
export function momentsContract(open: () => Promise<Store>): void {
  describe("the newest moment", () => {
    const newest = (store: Store) => store.read((reader) => reader.newestMoment());

    it("is none where nothing is stored, and the newest of whatever was heard, seen, said or noted", async () => {
      await using store = await open();
      expect(await newest(store)).toBeNull();
      await store.write((tx) => tx.saveLastSeen([{ ...sign, at: 1_000 }]));
      expect(await newest(store)).toBe(1_000);
      await store.write((tx) => tx.saveButtonState({ ...state, at: 2_000 }));
      expect(await newest(store)).toBe(2_000);
      await store.write((tx) => tx.saveAlarm({ ...alarm, receivedAt: 3_000 }));
      expect(await newest(store)).toBe(3_000);
      await store.write((tx) => tx.saveSetting("clock", "now", "4000"));
      expect(await newest(store)).toBe(4_000);
      await store.write((tx) => tx.saveSetting("clock", "now", "nonsense"));
      expect(await newest(store)).toBe(3_000);
    });

    it("is in the history of what is open, also when an older one is noted", async () => {
      await using store = await open();
      const record = (id: string, at: number) =>
        store.write(async (tx) => {
          const incident = await tx.insertIncident(newIncident(id));
          await tx.appendHistory(id, [
            { kind: "cancelled", at: at - 1 },
            { kind: "cancelled", at },
          ]);
          return incident;
        });
      await record("a", pressedAt + 1_000);
      const closed = await record("b", pressedAt + 2_000);
      expect(await newest(store)).toBe(pressedAt + 2_000);
      await store.write((tx) => tx.updateIncident(close(closed)));
      expect(await newest(store)).toBe(pressedAt + 1_000);
      const note = (at: number) => store.write((tx) => tx.saveSetting("clock", "now", String(at)));
      await note(pressedAt - 4_000);
      expect(await newest(store)).toBe(pressedAt + 1_000);
      await note(pressedAt + 1_500);
      expect(await newest(store)).toBe(pressedAt + 1_500);
    });

    it("is not in history of a clock that was ahead, and was brought back since", async () => {
      await using store = await open();
      await store.write(async (tx) => {
        await tx.insertIncident(newIncident("a"));
        await tx.appendHistory("a", [{ kind: "cancelled", at: pressedAt + 3_600_000 }]);
        await tx.saveSetting("clock", "now", String(pressedAt));
      });
      expect(await newest(store)).toBe(pressedAt);
    });
  });

  it("brings back what lies ahead, and nothing else", async () => {
    await using store = await open();
    const settings = ["linked-until", "route-known", "route-proven", "clock"] as const;
    await store.write(async (tx) => {
      for (const [name, at] of [
        ["early", 1_000],
        ["late", 9_000],
      ] as const) {
        await tx.saveLastSeen([{ ...sign, button: name, at }]);
        await tx.saveButtonState({ ...state, name, at });
        await tx.saveAlarm({ ...alarm, key: name, receivedAt: at });
        for (const subject of settings) await tx.saveSetting(subject, name, String(at));
        await tx.saveSetting("greeted", name, String(at));
      }
      await tx.bringBackMoments(5_000);
    });
    const found = await store.write(async (tx) => {
      const all = [];
      for (const name of ["early", "late"]) {
        all.push((await tx.findAlarm("buttons", name))?.receivedAt, (await tx.loadButtonState("buttons", name))?.at);
        for (const subject of settings) all.push(Number(await tx.loadSetting(subject, name)));
      }
      return [...all, ...(await tx.listLastSeen()).map(({ at }) => at)];
    });
    expect(found).toEqual([...Array(6).fill(1_000), ...Array(6).fill(5_000), 1_000, 5_000]);
    expect(await store.read((reader) => reader.loadSetting("greeted", "late"))).toBe("9000");
  });
}
