import type { ListenerHost, RunningListener } from "../../../../bot/contracts.ts";
import type { Alarm } from "../../../../bot/domain/alarm.ts";
import { QuietNotes } from "../../../../bot/kit/quiet-notes.ts";
import type { LogEvent } from "../../../../bot/log-events/log-events.ts";
import { type Frame, readDamagedAccount, readFrame } from "../frame/frame.ts";
import { type Accounts, findAccount } from "./account.ts";
import type { DoWork, Handled, HandleFrame, ListenAt, QuietNote } from "./doors/door.ts";
import { TcpDoor } from "./doors/tcp-door.ts";
import { UdpDoor } from "./doors/udp-door.ts";
import { evaluate, evaluateDamaged } from "./evaluate.ts";
import { Memory } from "./memory.ts";
import { findOrigin, type MayBeKnown, toMayBeKnown } from "./origin.ts";
import type { FrameResult } from "./result.ts";

/** The settings of a receiver. */
export interface ReceiverSettings {
  readonly listen: ListenAt;
  readonly transport: "both" | "tcp" | "udp";
  readonly accounts: Accounts;
}

/**
 * Receiver of ANSI/SIA DC-09 on TCP, UDP or one port of both. The alarms of a frame are stored before it is answered;
 * when they can't be stored there is no answer, so that the panel sends the frame again.
 */
export class SiaReceiver implements RunningListener {
  readonly #accounts: Accounts;
  readonly #mayBeKnown: MayBeKnown;
  readonly #host: ListenerHost;
  readonly #memory = new Memory();
  readonly #notes: Disposable;
  readonly #note: QuietNote;
  readonly #doors: AsyncDisposable[] = [];
  #port: number;

  private constructor({ accounts, listen }: ReceiverSettings, host: ListenerHost) {
    const notes = new QuietNotes<LogEvent<"warn">>(host.clock, (event, facts) => host.note(event, facts));
    this.#notes = notes;
    this.#accounts = accounts;
    this.#mayBeKnown = toMayBeKnown(accounts);
    this.#host = host;
    // Reason and account are part of the cause, because behind a tunnel all panels have one address.
    this.#note = (event, who, facts = {}) =>
      notes.write(
        event,
        [who, facts.reason, facts.account],
        { from: who, ...facts },
        { from: "several addresses", ...(facts.reason === undefined ? {} : { reason: facts.reason }) },
      );
    this.#port = listen.port;
  }

  /** Opens the doors that `settings` ask for. Rejects with a sentence when a port can't be opened. */
  static async start(settings: ReceiverSettings, host: ListenerHost): Promise<SiaReceiver> {
    const receiver = new SiaReceiver(settings, host);
    try {
      await receiver.#open(settings);
    } catch (error) {
      await receiver[Symbol.asyncDispose]();
      throw error;
    }
    return receiver;
  }

  get port(): number {
    return this.#port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#doors.map((door) => door[Symbol.asyncDispose]()));
    this.#notes[Symbol.dispose]();
  }

  async #open({ listen, transport }: ReceiverSettings): Promise<void> {
    const doWork: DoWork = (bytes, from, work) => this.#doWork(bytes, from, work);
    if (transport !== "udp") {
      const handle: HandleFrame = async (bytes, from) =>
        (await doWork(bytes, from, () => this.#handle(bytes, from))) ?? { answer: null, isKnown: false };
      const tcp = await TcpDoor.open(listen, handle, this.#note, this.#host.strangers);
      this.#doors.push(tcp);
      this.#port = tcp.port;
    }
    if (transport !== "tcp") {
      // With port 0, TCP has chosen a free one by now.
      const handle: HandleFrame = (bytes, from) => this.#handle(bytes, from);
      const udp = await UdpDoor.open({ ...listen, port: this.#port }, handle, this.#note, doWork);
      this.#doors.push(udp);
      this.#port = udp.port;
    }
  }

  /**
   * Does work for bytes, which is over before its first wait. What it costs counts unless they name an account of ours;
   * those that name none are left out, with null, while strangers have used up their part of the second, because the
   * sender of a datagram can be made up.
   */
  #doWork<Done>(bytes: Buffer, from: string, work: () => Done): Done | null {
    if (this.#mayBeKnown(bytes)) return work();
    const { strangers } = this.#host;
    if (!strangers.hasTime(from)) {
      this.#note("sia-strangers-left-out", from);
      return null;
    }
    const begunAt = performance.now();
    const done = work();
    strangers.countWork(from, performance.now() - begunAt);
    return done;
  }

  async #handle(bytes: Buffer, from: string): Promise<Handled> {
    const moment = { now: this.#host.clock.now(), wall: this.#host.clock.wall() };
    const frame = readFrame(bytes);
    if (typeof frame === "string") {
      const known = findAccount(this.#accounts, readDamagedAccount(bytes) ?? "");
      const reason = frame === "crc" ? "damaged" : "unreadable";
      this.#note("sia-frame-refused", from, { reason, ...(known === null ? {} : { account: known.name }) });
      if (known === null) return { answer: null, isKnown: false };
      const result = evaluateDamaged(known, this.#memory.snapshot(known.name), moment);
      return { answer: await this.#finish(result, known.name, from), isKnown: false };
    }
    const origin = findOrigin(frame, this.#accounts);
    const account = origin.known?.name ?? "";
    const result = evaluate(frame, origin, this.#memory.snapshot(account), moment);
    const { reason, keyValue } = result;
    if (keyValue !== undefined) this.#host.noteSecret(`accounts.${account}`, keyValue);
    if (reason !== null) {
      this.#note("sia-frame-unusual", from, { reason, account: account || toLoggedAccount(frame) });
    }
    return {
      answer: await this.#finish(result, account, from),
      isKnown: origin.known !== null && result.isConfirmation,
    };
  }

  /** Stores what a frame brought, and resolves with its answer; null for none. Never rejects. */
  async #finish(
    { alarms, answer, isConfirmation, remember }: FrameResult,
    account: string,
    from: string,
  ): Promise<Buffer | null> {
    // This comes before the first await, because the account's next frame is evaluated by what this one left behind.
    if (remember !== null) this.#memory.remember(account, remember);
    if (alarms.length === 0 || (await this.#store(alarms, account, from))) return answer;
    return isConfirmation ? null : answer;
  }

  /** Stores the alarms of a frame; false when that failed. Never rejects. */
  async #store(alarms: readonly Alarm[], account: string, from: string): Promise<boolean> {
    try {
      await this.#host.accept(alarms);
      return true;
    } catch (error) {
      this.#memory.forgetPassedOn(account);
      const name = error instanceof Error ? error.name : "unknown";
      this.#note("sia-frame-not-stored", from, { account, error: name });
      return false;
    }
  }
}

/**
 * The account of an unknown sender for the log, where it shows a typing error in the configuration; nothing else that
 * the sender wrote is logged.
 */
function toLoggedAccount({ account }: Frame): string {
  return (account ?? "").replace(/[^0-9A-Za-z]/g, "").slice(0, 16);
}
