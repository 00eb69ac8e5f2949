import type { Kysely } from "kysely";
import type { MomentReader, MomentTx } from "../../../ports/store/moments.ts";
import type { SettingSubject } from "../../../ports/store/settings.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** The subjects whose values are moments. */
const subjects = ["clock", "linked-until", "route-known", "route-proven"] as const satisfies readonly SettingSubject[];

/**
 * History is at most seconds newer than the note of how far time has come. What is newer by more than this was written
 * before a clock that was ahead was brought back, and tells nothing.
 */
const maxAfterNoteMs = 60_000;

/** Reads the newest of each kind of moments by its index. */
export function momentReader(db: Kysely<Tables>, on: Connection) {
  const noted = prepare(on, () => db.selectFrom("settings").select("value").where("subject", "=", "clock"));
  const heard = prepare(on, () => db.selectFrom("alarms").select(({ fn }) => fn.max("received_at").as("at")));
  const said = prepare(on, () => db.selectFrom("button_states").select(({ fn }) => fn.max("at").as("at")));
  const seen = prepare(on, () => db.selectFrom("buttons").select(({ fn }) => fn.max("at").as("at")));
  const recorded = prepare(on, () =>
    db
      .selectFrom("incidents")
      .where("closed_at", "is", null)
      .where("next_at", ">", 0)
      .select((from) =>
        from
          .selectFrom("history")
          .select("at")
          .whereRef("history.incident", "=", "incidents.id")
          .orderBy("seq", "desc")
          .limit(1)
          .as("at"),
      ),
  );
  return {
    async newestMoment() {
      // Each by itself: where one can't be read, the others still tell.
      const asked = [noted.one({}), recorded.all({}), heard.one({}), said.one({}), seen.one({})] as const;
      const [note, lines, ...kinds] = await Promise.allSettled(asked);
      if ([note, lines, ...kinds].every(({ status }) => status === "rejected")) await asked[0];
      const notedAt = Number(note.status === "fulfilled" ? note.value?.value : undefined);
      const limit = Number.isFinite(notedAt) ? notedAt + maxAfterNoteMs : Number.POSITIVE_INFINITY;
      const recordedAt = lines.status === "fulfilled" ? lines.value.map((line) => line.at ?? 0) : [];
      const others = kinds.map((kind) => (kind.status === "fulfilled" ? (kind.value?.at ?? 0) : 0));
      const newest = [notedAt || 0, ...recordedAt.filter((at) => at <= limit), ...others];
      return newest.reduce((last, at) => Math.max(last, at), 0) || null;
    },
  } satisfies MomentReader;
}

/** Brings back what lies ahead of now. */
export function momentTx(db: Kysely<Tables>, on: Connection) {
  type Now = Slot<{ now: number }>;
  const changes = [
    prepare(on, (slot: Now) =>
      db
        .updateTable("alarms")
        .set({ received_at: slot("now") })
        .where("received_at", ">", slot("now")),
    ),
    prepare(on, (slot: Now) =>
      db
        .updateTable("button_states")
        .set({ at: slot("now") })
        .where("at", ">", slot("now")),
    ),
    prepare(on, (slot: Now) =>
      db
        .updateTable("buttons")
        .set({ at: slot("now") })
        .where("at", ">", slot("now")),
    ),
  ];
  const settings = prepare(on, () =>
    db.selectFrom("settings").select(["subject", "name", "value"]).where("subject", "in", subjects),
  );
  const save = prepare(on, (slot: Slot<Tables["settings"]>) =>
    db
      .updateTable("settings")
      .set({ value: slot("value") })
      .where("subject", "=", slot("subject"))
      .where("name", "=", slot("name")),
  );
  return {
    ...momentReader(db, on),
    async bringBackMoments(now) {
      for (const change of changes) await change.run({ now });
      // Databases differ in what they make of a text that is no number.
      const ahead = (await settings.all({})).filter(({ value }) => Number(value) > now);
      for (const each of ahead) await save.run({ ...each, value: String(now) });
    },
  } satisfies MomentTx;
}
