import { describe, expect, it } from "vitest";
import type { AlarmSource } from "../../bot/contracts.ts";
import type { Alarm } from "../../bot/domain/alarm.ts";

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 24, 9, 0, 0);

/** What a source reports: events, which happen, or a state, which it repeats for as long as it lasts (rule 2). */
export type Reports = "events" | "a state";

/** What the same press means after 25 hours, in a message of the same bytes. */
export function againContract(name: string, source: AlarmSource<unknown>, reports: Reports): void {
  const options = source.exampleOptions;
  const read = (receivedAt: number): Alarm | undefined =>
    source.parse({ ...source.example(options, "0042", now), remote: "127.0.0.1", receivedAt }, options)[0];

  describe(`source ${name}, which reports ${reports}`, () => {
    it(`takes the same message after 25 h for ${reports === "events" ? "a new press" : "still pressed"}`, () => {
      const [first, again] = [read(now), read(now + 25 * hour)];
      expect(first).toMatchObject({ kind: "press", button: "0042" });
      expect(again).toMatchObject({ kind: reports === "events" ? "press" : "still-pressed", button: "0042" });
      // Only the identity of a state is renewed by each repetition: a press is not one of yesterday.
      expect(first?.state?.run ?? null).toEqual(reports === "events" ? null : expect.any(String));
      expect(again?.state).toEqual(first?.state);
    });
  });
}
