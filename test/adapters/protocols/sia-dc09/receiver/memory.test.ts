import { describe, expect, it } from "vitest";
import { Memory } from "../../../../../adapters/protocols/sia-dc09/receiver/memory.ts";
import {
  identifyFrame,
  isDue,
  isRefusedBefore,
  toPressedButtons,
  withPassedOn,
  withPressed,
  withRefusal,
} from "../../../../../adapters/protocols/sia-dc09/receiver/snapshot.ts";

const moment = { now: 1_000_000, wall: 1_000_000 };
const minute = 60_000;

describe("the memory of the accounts", () => {
  it("forgets the one that was remembered longest ago when there are too many", () => {
    const memory = new Memory();
    const isPollDue = (account: string) => isDue(memory.snapshot(account), "heartbeat", minute, moment);
    const remember = (account: string) =>
      memory.remember(account, withPassedOn(memory.snapshot(account), "heartbeat", moment));
    for (let name = 0; name < 10_000; name++) remember(String(name));
    remember("0");
    // Looking makes nobody younger.
    expect(isPollDue("1")).toBe(false);
    remember("10000");
    expect(["0", "1", "2", "10000"].map(isPollDue)).toEqual([false, true, false, false]);
  });

  it("counts identities over all accounts, so that no two frames get the same", () => {
    const memory = new Memory();
    const ids = ["1234", "5678", "1234"].map((account, index) => {
      const { id, remember } = identifyFrame("said", memory.snapshot(account), { now: index * minute, wall: 0 });
      memory.remember(account, remember);
      return id;
    });
    expect(new Set(ids).size).toBe(3);
  });

  it("makes due again what was not stored, and keeps all else", () => {
    const memory = new Memory();
    const pressed = withPressed(withRefusal(memory.snapshot("A100"), moment), "A100/7", moment);
    const { id, remember } = identifyFrame("said", withPassedOn(pressed, "heartbeat", moment), moment);
    memory.remember("A100", remember);
    memory.forgetPassedOn("A100");
    const snapshot = memory.snapshot("A100");
    expect(isDue(snapshot, "heartbeat", minute, moment)).toBe(true);
    expect(isRefusedBefore(snapshot, moment)).toBe(true);
    expect(toPressedButtons(snapshot, moment)).toEqual(["A100/7"]);
    expect(identifyFrame("said", snapshot, moment).id).toBe(id);
  });
});
