/** One event in the data of a frame. */
export interface PanelEvent {
  /** Two letters of SIA or three digits of Contact ID; "" for a block that can't be read. */
  readonly code: string;
  /** The zone, point or user behind it, without zeros in front; null for none, and for zero. */
  readonly zone: string | null;
  /** `ongoing`: the panel repeats an earlier report. `over`: what it reported has ended. */
  readonly state: "new" | "ongoing" | "over";
}

/** The events in the data of a frame, and the text that goes with them. */
export interface PanelReport {
  readonly events: readonly PanelEvent[];
  readonly text: string | null;
}

/**
 * Reads the data of a frame of that id. A poll (NULL) is read as what its data looks like, because nothing else in the
 * frame says it. An id that we don't know gives no events.
 */
export function readEvents(id: string, data: string): PanelReport {
  const isContactId = id === "ADM-CID" || (id === "NULL" && /^\s*[0-9ER]?\d{3}(?!\d)/.test(data));
  if (isContactId) return readContactId(data);
  return id === "SIA-DCS" || id === "NULL" ? readSia(data) : { events: [], text: null };
}

/**
 * Reads the data of SIA-DCS (SIA DC-03 and DC-07): blocks such as `Nri1/PA001/PA002`, where N is new and O is old,
 * small letters are modifiers (time, area, user) that we ignore, and a text stands behind "|A" or between "^" or "*". A
 * part that can't be read becomes an event without a code. No data gives no events.
 */
function readSia(data: string): PanelReport {
  const [first = "", ...others] = data.split("|");
  const blocks = [first, ...others.filter((part) => /^[NO]/.test(part))];
  const marked = blocks.flatMap((block) => [...block.matchAll(siaText)].map(([, , text = ""]) => text));
  const events = blocks.flatMap((block) => readSiaBlock(block.replace(siaText, "")));
  return { events, text: toOneText([...toTexts(others), ...marked], events.length) };
}

/** Reads the data of ADM-CID (SIA DC-05): qualifier and code, area, zone, as in `1120 01 007`. */
function readContactId(data: string): PanelReport {
  const parts = data.split("|").filter((part) => part.trim() !== "");
  const events = parts.filter((part) => !part.startsWith("A")).map(readContactIdEvent);
  return { events, text: toOneText(toTexts(parts), events.length) };
}

const siaText = /([*^"])([^*^"]*)\1?/g;

function readSiaBlock(block: string): PanelEvent[] {
  let state: PanelEvent["state"] = "new";
  return block.split("/").flatMap((part) => {
    const text = part.trim();
    if (text === "") return [];
    // N and O may also be the first letter of the code, when no mark stands in front: NL, OP.
    const match = /^([NO]?)(?:[a-z]{2}[\d:.-]+)*(?:([A-Z]{2})(\d{0,8}).*)?$/s.exec(text);
    if (match === null) return [{ code: "", zone: null, state: "new" }];
    const [, mark = "", code, zone = ""] = match;
    if (mark !== "") state = mark === "O" ? "ongoing" : "new";
    return code === undefined ? [] : [{ code, zone: toZone(zone), state }];
  });
}

function readContactIdEvent(part: string): PanelEvent {
  const match = /^([0-9ER]?)(\d{3})(?:\s+\w{1,2})?(?:\s+(\w{1,4}))?$/.exec(part.trim());
  if (match === null) return { code: "", zone: null, state: "new" };
  const [, qualifier = "", code = "", zone = ""] = match;
  // A qualifier that nobody agreed on may stand before a press.
  const state = qualifier === "3" || qualifier === "R" ? "over" : qualifier === "6" ? "ongoing" : "new";
  return { code, zone: toZone(zone), state };
}

function toZone(digits: string): string | null {
  return digits.replace(/^0+/, "") || null;
}

function toTexts(parts: readonly string[]): string[] {
  return parts.filter((part) => part.startsWith("A")).map((part) => part.slice(1));
}

/**
 * The text that belongs to all the events; null when there are several of both, because nobody knows then which text
 * belongs to which event.
 */
function toOneText(texts: readonly string[], events: number): string | null {
  const [first = null, ...others] = texts.filter((text) => text.trim() !== "");
  return others.length > 0 && events > 1 ? null : first;
}
