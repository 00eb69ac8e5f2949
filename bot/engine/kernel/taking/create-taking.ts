import { Alarms, type AlarmsOptions } from "../alarms.ts";
import type { Kernel } from "../kernel.ts";
import { UnrecordedEnds } from "../unrecorded/unrecorded-ends.ts";
import { UnrecordedWriter, type UnrecordedWriterOptions } from "../unrecorded/unrecorded-writer.ts";

/** What takes alarms, and writes what could not be recorded as soon as it can be. */
export function createTaking(kernel: Kernel, parts: Omit<AlarmsOptions & UnrecordedWriterOptions, "ends" | "alarms">) {
  const ends = new UnrecordedEnds(parts.queue, kernel.log, (kept) => writer.toEndWriting(kept));
  const alarms = new Alarms(kernel, { ...parts, ends });
  const writer = new UnrecordedWriter(kernel, { ...parts, ends, alarms });
  return { alarms, toPressWriting: writer.toPressWriting };
}
