import type { PagerHost } from "../../bot/contracts.ts";
import type { Language } from "../../bot/domain/language.ts";
import type { Clock } from "../../bot/ports/time.ts";
import { FakeClock } from "./clock.ts";

/** The host of one pager, with a memory that outlives it and can be broken. */
export interface TestPagerHost extends PagerHost {
  readonly remembered: Map<string, string>;
  /** Whether the storage takes nothing. */
  isDown: boolean;
  /** The last that was reported of each part. */
  readonly parts: Map<string, "lost" | "there">;
  readonly notes: { event: string; facts: Readonly<Record<string, unknown>> }[];
}

export function createPagerHost(
  clock: Clock = new FakeClock(Date.UTC(2026, 10, 24, 9, 1, 0)),
  {
    language = "nl",
    callBackUrl = "https://alarm.example.nl/pagers/phone",
  }: { language?: Language; callBackUrl?: string } = {},
): TestPagerHost {
  const remembered = new Map<string, string>();
  const parts: TestPagerHost["parts"] = new Map();
  const notes: TestPagerHost["notes"] = [];
  const host: TestPagerHost = {
    clock,
    language,
    callBackUrl,
    remembered,
    isDown: false,
    parts,
    notes,
    memory: {
      load: async (name) => remembered.get(name) ?? null,
      async save(name, value) {
        if (host.isDown) throw new Error("the storage is down");
        remembered.set(name, value);
      },
    },
    report: (part, state) => {
      parts.set(part, state);
    },
    note: (event, facts = {}) => {
      notes.push({ event, facts });
    },
  };
  return host;
}
