import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Handler } from "../../kernel/handle.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Sender, Senders } from "../../kernel/outbox/sender.ts";
import { UnrecordedIncidents, type UnrecordedIncidentsOptions } from "../../kernel/unrecorded/unrecorded-incidents.ts";
import { UnstoredAlarms, type UnstoredAlarmsOptions } from "./unstored-alarms.ts";
import { UnstoredSendings, type UnstoredSendingsOptions } from "./unstored-sendings.ts";

type Made = "unrecorded" | "decisions";
export type UnstoredOptions = Omit<
  UnrecordedIncidentsOptions & UnstoredAlarmsOptions & UnstoredSendingsOptions,
  Made | "handler"
> & {
  readonly handler: Handler;
};

/** What goes out from memory while the storage can't be written, and what memory knows for that. */
export interface Unstored {
  readonly incidents: UnrecordedIncidents;
  readonly alarms: UnstoredAlarms;
  readonly sendings: UnstoredSendings;
}

export function createUnstored(kernel: Kernel, options: UnstoredOptions): Unstored {
  const unrecorded = new UnrecordedIncidents(kernel, options);
  const { decisions } = options.handler;
  return {
    incidents: unrecorded,
    alarms: new UnstoredAlarms(kernel, { ...options, unrecorded, decisions }),
    sendings: new UnstoredSendings(kernel, { ...options, unrecorded }),
  };
}

/** The senders of the outbox, which leave out what went out from memory. */
export function leaveToMemory(senders: Senders, sendings: Pick<UnstoredSendings, "takeOver">): Senders {
  const leave = (sender: Sender): Sender => ({
    ...sender,
    async before(row: OutboxRow) {
      if (await sendings.takeOver(row)) return "drop";
      return (await sender.before?.(row)) ?? "send";
    },
  });
  const { card, page, ring, notice, message, call } = senders;
  return {
    ...senders,
    card: leave(card),
    page: leave(page),
    ring: leave(ring),
    notice: leave(notice),
    message: leave(message),
    call: leave(call),
  };
}
