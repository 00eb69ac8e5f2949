import type { ListenerHost, Listening } from "../../../../bot/contracts.ts";
import { type Frame, readFrame } from "../frame/frame.ts";
import type { Accounts } from "./account.ts";
import type { ListenAt } from "./door.ts";
import { evaluate } from "./evaluate.ts";
import { Memory } from "./memory.ts";
import { findOrigin } from "./origin.ts";
import { toQuietNote } from "./quiet-notes.ts";
import { openTcpDoor } from "./tcp-door.ts";
import { openUdpDoor } from "./udp-door.ts";

/** What a receiver has to be told. */
export interface ReceiverSettings {
  readonly listen: ListenAt;
  readonly transport: "both" | "tcp" | "udp";
  readonly accounts: Accounts;
}

/**
 * Starts a receiver of ANSI/SIA DC-09 on TCP, UDP or one port of both. What a frame says is accepted by the house before
 * it is answered; when the house can't, there is no answer, so that the panel sends it again. Rejects with a sentence when
 * the port can't be had.
 */
export async function startReceiver(settings: ReceiverSettings, host: ListenerHost): Promise<Listening> {
  const { listen, transport, accounts } = settings;
  const memory = new Memory();
  const note = toQuietNote(host);
  let pending = 0;

  async function handle(bytes: Buffer, from: string): Promise<Buffer | null> {
    const frame = readFrame(bytes);
    if (typeof frame === "string") {
      note("a SIA frame was refused", from, { reason: frame === "crc" ? "damaged" : "unreadable" });
      return null;
    }
    const moment = { now: host.clock.now(), wall: host.clock.wall() };
    const origin = findOrigin(frame, accounts);
    const account = origin.known?.name ?? "";
    const { alarms, answer, isPromise, reason, remember } = evaluate(frame, origin, memory.snapshot(account), moment);
    // Before anything is waited for, so that the next frame of the account is evaluated by this one.
    if (remember !== null) memory.remember(account, remember);
    if (reason !== null) note("a SIA frame was not simply taken", from, { reason, account: account || toShown(frame) });
    if (alarms.length === 0) return answer;
    pending += 1;
    try {
      await host.accept(alarms);
      return answer;
    } catch (error) {
      memory.forgetPassedOn(account);
      note("a SIA frame could not be stored", from, {
        account,
        error: error instanceof Error ? error.name : "unknown",
      });
      return isPromise ? null : answer;
    } finally {
      pending -= 1;
    }
  }

  const tcp = transport === "udp" ? null : await openTcpDoor(listen, handle, note);
  // With port 0 TCP has found a free one by now.
  const port = tcp?.port ?? listen.port;
  const udp = transport === "tcp" ? null : await openUdpDoor({ ...listen, port }, handle, note).catch(giveUp);

  async function giveUp(reason: unknown): Promise<never> {
    await tcp?.[Symbol.asyncDispose]();
    throw reason;
  }

  return {
    port: udp?.port ?? port,
    pending: () => pending,
    async [Symbol.asyncDispose]() {
      await Promise.all([tcp?.[Symbol.asyncDispose](), udp?.[Symbol.asyncDispose]()]);
    },
  };
}

/** The account of a stranger, so that a typing error in the configuration shows in the log; nothing else of what they send does. */
function toShown({ account }: Frame): string {
  return (account ?? "").replace(/[^0-9A-Za-z]/g, "").slice(0, 16);
}
