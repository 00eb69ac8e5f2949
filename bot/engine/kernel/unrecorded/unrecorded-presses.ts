import { isWhereUnknown } from "../../../domain/incident/colleagues/elsewhere.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { UnrecordedPress } from "../../../ports/status.ts";
import type { Occupations } from "./occupations.ts";

/** By then somebody has answered, or sent it again. */
const listedForMs = 24 * 3_600_000;

interface Unrecorded extends UnrecordedPress {
  /** When the newest of that button was received which somebody has, by its card or a page; null: nobody has one. */
  readonly outAt: number | null;
}

/** The newest press of each button that can't be recorded. Whom it occupies is rung for no other alarm. */
export class UnrecordedPresses {
  readonly #occupations: Pick<Occupations, "add" | "forget">;
  readonly #byButton = new Map<string, Unrecorded>();

  constructor(occupations: Pick<Occupations, "add" | "forget">) {
    this.#occupations = occupations;
  }

  note(press: Press, receivedAt: number): void {
    const { source, button, incident: id, holder } = press;
    const outAt = this.#byButton.get(toButton(press))?.outAt ?? null;
    this.noteRecorded({ source, button, id });
    this.list(receivedAt);
    this.#byButton.set(toButton(press), { press, receivedAt, outAt });
    const how = isWhereUnknown(press) ? "lost" : null;
    const isByTimer = press.via === "visit";
    if (holder?.id != null) this.#occupations.add(id, { person: holder.id, at: receivedAt }, isByTimer ? "visit" : how);
  }

  /** Teams or a pager has taken it. */
  noteOut(press: Press, receivedAt: number): void {
    const known = this.#byButton.get(toButton(press));
    if (known !== undefined) this.#byButton.set(toButton(press), { ...known, outAt: receivedAt });
  }

  /** That button has an incident that is open: what went out before is told by that, and occupies whom that does. */
  noteRecorded({ id, source, button }: Pick<Incident, "id" | "source" | "button">): void {
    const key = toButton({ source, button });
    const before = this.#byButton.get(key)?.press.incident;
    if (before !== undefined && before !== id) this.#occupations.forget(before);
    this.#byButton.delete(key);
  }

  /** The newest of each button which somebody has, of the last day. */
  listOut(now: number): readonly UnrecordedPress[] {
    this.list(now);
    return [...this.#byButton.values()].flatMap(({ press, outAt }) =>
      outAt === null ? [] : [{ press, receivedAt: outAt }],
    );
  }

  /** Those of the last day. */
  list(now: number): readonly UnrecordedPress[] {
    for (const [button, { press, receivedAt }] of this.#byButton) {
      if (receivedAt >= now - listedForMs) continue;
      this.#occupations.forget(press.incident);
      this.#byButton.delete(button);
    }
    return [...this.#byButton.values()];
  }
}

function toButton({ source, button }: Pick<Incident, "source" | "button">): string {
  return JSON.stringify([source, button]);
}
