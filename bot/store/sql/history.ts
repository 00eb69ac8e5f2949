import { type Kysely, sql } from "kysely";
import type { HistoryLine } from "../../domain/incident/history.ts";
import type { Connection } from "./connection.ts";
import { maxRows, prepareRows, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** A line of the history of that incident. */
export interface NewLine {
  readonly incident: string;
  readonly line: HistoryLine;
}

/** `after`: how many lines stand before it among those of its incident that are written with it, and itself. */
interface NewRow {
  readonly incident: string;
  readonly after: number;
  readonly at: number;
  readonly body: string;
}

/** Prepares adding lines to histories: each after what its incident has, in the order in which they are given. */
export function prepareAppend(db: Kysely<Tables>, on: Connection): (lines: readonly NewLine[]) => Promise<unknown> {
  const append = prepareRows(on, (rows: readonly Slot<NewRow>[]) => {
    const values = rows.map(
      (slot) =>
        sql`(${slot("incident")}, cast(${slot("after")} as integer), cast(${slot("at")} as bigint), ${slot("body")})`,
    );
    // SQLite and PostgreSQL both name the columns of VALUES like that.
    type Line = { column1: string; column2: number; column3: number; column4: string };
    return db
      .insertInto("history")
      .columns(["incident", "seq", "at", "body"])
      .expression((from) =>
        from.selectFrom(sql<Line>`(values ${sql.join(values)})`.as("line")).select((line) => [
          "line.column1",
          line(
            line.fn.coalesce(
              line
                .selectFrom("history")
                .select(({ fn }) => fn.max("history.seq").as("last"))
                .whereRef("history.incident", "=", "line.column1"),
              line.val(0),
            ),
            "+",
            line.ref("line.column2"),
          ).as("seq"),
          "line.column3",
          "line.column4",
        ]),
      );
  });
  return (lines) => {
    const parts: Promise<unknown>[] = [];
    // Each statement finds what the one before it has added.
    for (let from = 0; from < lines.length; from += maxRows)
      parts.push(append.run(toRows(lines.slice(from, from + maxRows))));
    return Promise.all(parts);
  };
}

function toRows(lines: readonly NewLine[]): readonly NewRow[] {
  const counts = new Map<string, number>();
  return lines.map(({ incident, line }) => {
    const after = (counts.get(incident) ?? 0) + 1;
    counts.set(incident, after);
    return { incident, after, at: line.at, body: JSON.stringify(line) };
  });
}
