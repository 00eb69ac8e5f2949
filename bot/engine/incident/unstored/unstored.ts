import type { Handler } from "../../kernel/handle.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { UnrecordedIncidents, type UnrecordedIncidentsOptions } from "../../kernel/unrecorded/unrecorded-incidents.ts";
import { UnstoredAlarms, type UnstoredAlarmsOptions } from "./unstored-alarms.ts";
import { UnstoredPages, type UnstoredPagesOptions } from "./unstored-pages.ts";

type Made = "unrecorded" | "decisions";
export type UnstoredOptions = Omit<
  UnrecordedIncidentsOptions & UnstoredAlarmsOptions & UnstoredPagesOptions,
  Made | "handler"
> & {
  readonly handler: Handler;
};

/** What goes out from memory while the storage can't be written, and what memory knows for that. */
export interface Unstored {
  readonly incidents: UnrecordedIncidents;
  readonly alarms: UnstoredAlarms;
  readonly pages: UnstoredPages;
}

export function createUnstored(kernel: Kernel, options: UnstoredOptions): Unstored {
  const unrecorded = new UnrecordedIncidents(kernel, options);
  const { decisions } = options.handler;
  return {
    incidents: unrecorded,
    alarms: new UnstoredAlarms(kernel, { ...options, unrecorded, decisions }),
    pages: new UnstoredPages(kernel, { ...options, unrecorded }),
  };
}
