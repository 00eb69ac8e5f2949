import type { HistoryLine } from "../../../domain/incident/history.ts";

/**
 * Brings a line of any version to the form of now. History is written once and never anew, and each line by itself:
 * until presses came in other ways than by a button, it was not said by which, nor that one came from another place.
 */
export function toNewestLine(line: HistoryLine): HistoryLine {
  if (line.kind === "opened") return { ...line, via: line.via ?? "button" };
  if (line.kind === "pressed-again") return { ...line, via: line.via ?? "button", elsewhere: line.elsewhere ?? null };
  return line;
}
