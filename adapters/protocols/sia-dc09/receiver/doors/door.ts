import type { LogEvent } from "../../../../../bot/log-events/log-events.ts";

/** Where a receiver listens; port 0 takes a free one. */
export interface ListenAt {
  readonly host: string;
  readonly port: number;
}

/** What became of a frame: its answer, null for none, and whether an account of the configuration sent it. */
export interface Handled {
  readonly answer: Buffer | null;
  readonly isKnown: boolean;
}

/** Handles a frame. Never rejects. */
export type HandleFrame = (frame: Buffer, from: string) => Promise<Handled>;

/** Does work for bytes that came `from` there; null: it is left out, because strangers had their part of the second. */
export type DoWork = <Done>(bytes: Buffer, from: string, work: () => Done) => Done | null;

/** Writes a line about `who`, or only counts it when one like it was written within the last minute. */
export type QuietNote = (event: LogEvent<"warn">, who: string, facts?: Readonly<Record<string, unknown>>) => void;

/**
 * Resolves when `open` has called `opened`; rejects with a sentence that says what in the configuration has to change.
 */
export function whenOpen(
  door: {
    once(event: "error", listener: (error: Error) => void): unknown;
    off(event: "error", listener: (error: Error) => void): unknown;
  },
  at: ListenAt,
  open: (opened: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(toSentence(error, at), { cause: error }));
    door.once("error", fail);
    open(() => {
      door.off("error", fail);
      resolve();
    });
  });
}

function toSentence(error: Error, { host, port }: ListenAt): string {
  const code = "code" in error ? error.code : null;
  if (code === "EADDRINUSE") return `Port ${port} of ${host} is taken by another program or another source.`;
  if (code === "EACCES") return `Port ${port} of ${host} may not be opened by this account; ports above 1023 may.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `${host} is no address of this machine.`;
  return `Port ${port} of ${host} can't be opened: ${error.message}`;
}
