import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { parseKey } from "../../../../bot/domain/message-key.ts";
import { AnswerBuffer } from "../../../../bot/engine/incident/answer-buffer.ts";
import { composeUnlinkedPage } from "../../../../bot/engine/incident/compose-page.ts";
import { UnstoredSendings } from "../../../../bot/engine/incident/unstored/unstored-sendings.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import type { Sender } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { startTimekeeper } from "../../../../bot/engine/kernel/timekeeper.ts";
import { UnrecordedIncidents } from "../../../../bot/engine/kernel/unrecorded/unrecorded-incidents.ts";
import { UnrecordedQueue } from "../../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { done } from "../../../../bot/ports/send-outcome.ts";
import type { LaneName, Outgoing } from "../../../../bot/ports/store/outbox.ts";
import { begunAt, openKernel, second, turn } from "../../open-kernel.ts";

/** How a database is away: it takes no writes and can be read; gives errors for both; or answers nothing. */
export const ways = ["refuses writes", "fails", "hangs"] as const;
/** Or it does what it was asked once it is back. */
type Way = (typeof ways)[number] | "takes long";

/** A page as the outbox has it. */
export function toPageRow(key: string) {
  const outgoing = { kind: "page", pager: "security-desk", page: key, reason: "unclaimed" } as const;
  return toRow(key, "pager:security-desk", outgoing);
}

/** What the outbox has for the incident; `attempts`: how often it was tried in vain. */
export function toRow<T extends Outgoing>(key: string, lane: LaneName, outgoing: T, attempts = 0) {
  return { key, incident: "i-1", lane, outgoing, dueAt: 0, id: 1, attempts, revision: 0, leasedUntil: 0 };
}

/**
 * One open incident, "i-1", on a real file, what pages for it, and what went out from memory: the keys of the steps,
 * and of all tries those by which a pager knows them. `isKnown` false: memory never learns of it by itself, as of the
 * oldest of thousands; `isPosted` false: its card does not stand yet.
 */
export async function openAway(isKnown = true, isPosted = true) {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  const { kernel, handler, directory, hash, policy } = base;
  const { store, clock } = kernel;
  const held: { way: Way | null; arePagersDown: boolean; isTeamsDown: boolean; isAnswerLost: boolean } = {
    ...{ way: null, arePagersDown: false, isTeamsDown: false, isAnswerLost: false },
  };
  const [read, write] = [store.read.bind(store), store.write.bind(store)];
  let gone = Promise.withResolvers<never>();
  let back = Promise.withResolvers<void>();
  gone.promise.catch(() => undefined);
  const refuse = () => (held.way === "hangs" ? gone.promise : Promise.reject(new Error("I/O error")));
  let underWay = 0;
  async function count<T>(asked: Promise<T>): Promise<T> {
    underWay += 1;
    return asked.finally(() => {
      underWay -= 1;
    });
  }
  store.read = (work) =>
    held.way === null || held.way === "refuses writes" || held.way === "takes long" ? count(read(work)) : refuse();
  store.write = (work, foreseen) => {
    if (held.way === "takes long") return back.promise.then(() => count(write(work, foreseen)));
    return held.way === null ? count(write(work, foreseen)).then(lose) : refuse();
  };
  function lose<T>(answer: T): T {
    if (held.isAnswerLost) throw new Error("cut off");
    return answer;
  }
  const openIncidents = new OpenIncidents(clock);
  handler.subscribe(({ changed }) => isKnown && changed && openIncidents.note(changed));
  const queue = new UnrecordedQueue(kernel, handler);
  const unrecorded = new UnrecordedIncidents(kernel, { handler, queue, openIncidents, directory });
  const sent: string[] = [];
  const tried: string[] = [];
  const pager = {
    timeoutMs: 5_000,
    async page({ key }: { readonly key: string }) {
      tried.push(key);
      if (held.arePagersDown) throw new DeliveryError("unreachable", "down");
      const parsed = parseKey(key);
      sent.push(parsed?.kind === "again" ? parsed.page : `not of its own: ${key}`);
      return { acceptedAt: clock.now() };
    },
    async [Symbol.asyncDispose]() {},
  };
  const rung: string[] = [];
  /** Of each try: how the place was called of what it was about; null: that was to be read. */
  const recalled: (string | null)[] = [];
  /** Rings, messages and calls colleagues. */
  const sender: Sender = {
    async send({ key }, _signal, recall) {
      recalled.push(recall?.().place ?? null);
      if (held.isTeamsDown) throw new DeliveryError("unreachable", "down");
      rung.push(key);
      return { ...done, record: (tx) => tx.saveSetting("probe", key, "out") };
    },
    retry: ({ attempts }) => attempts < 4,
  };
  const sendings = new UnstoredSendings(kernel, {
    ...{ handler, unrecorded, directory, pagers: { "security-desk": pager, "guard-phone": pager } },
    senderOf: () => sender,
    timeoutOf: () => 5_000,
    composePage: (incident, _, key, __, reason) =>
      composeUnlinkedPage(incident, key, reason, { title: "", text: "" }, null),
  });
  const onUnstored = sendings.escalate;
  const timekeeper = startTimekeeper(kernel, { handler, openIncidents, unrecorded, onUnstored, behindMs: null });
  const answers = new AnswerBuffer(kernel, handler, queue, openIncidents, sendings);
  await handler.write(async (tx) => {
    await tx.savePolicy(hash, policy);
    const press = directory.toPress("buttons", toAlarm("press", { button: "0101" }), "i-1", clock.now());
    const { commit } = await handler.open(tx, press, policy, clock.now());
    return { value: null, commits: [commit] };
  });
  if (isPosted) await handler.handle("i-1", { kind: "card-posted", ring: 1, rung: [] });
  const own = stack.move();

  /** The disk has done what it was asked, and all that follows from that has happened. */
  async function rest(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet = underWay === 0 ? quiet + 1 : 0) await turn();
  }

  return {
    ...base,
    held,
    sendings,
    openIncidents,
    unrecorded,
    sent,
    tried,
    rung,
    recalled,
    timekeeper,
    /** The database is back, and what hung was cut off. */
    comeBack() {
      held.way = null;
      back.resolve();
      back = Promise.withResolvers();
      gone.reject(new Error("cut off"));
      gone = Promise.withResolvers<never>();
    },
    /** Moment after moment for which somebody waits, also beside what hangs. */
    async pass(ms: number) {
      const until = clock.now() + ms;
      for (await rest(); clock.now() < until; await rest()) clock.to(Math.min(until, clock.nextAt));
    },
    /** Somebody answers, and does not wait for what comes of it. */
    say(request: Request, who = "alice") {
      void answers.submit({ incident: "i-1", who, request });
      return rest();
    },
    /** What happened to its pages, and after how many seconds. */
    async events() {
      const lines = await read((reader) => reader.loadHistory("i-1", 0));
      const paged = lines.filter(({ kind }) => /^(page|guard)-/.test(kind));
      return paged.map(({ kind, at }) => `${kind} ${(at - begunAt) / second}`);
    },
    /** The numbers of the rings of which somebody has yet to be told 1:1. */
    async listRings() {
      const far = Number.MAX_SAFE_INTEGER;
      const rows = await write((tx) => tx.lease("message", far - 1, 0, 100));
      return rows.flatMap(({ outgoing }) => (outgoing.kind === "message" ? [outgoing.ring] : []));
    },
    /** The outbox is about to send that page. */
    takeOver: (key: string) => sendings.takeOver(toPageRow(key)),
    /** Whether it is on disk where the message with that key stands. */
    isRecorded: async (key: string) => (await read((reader) => reader.loadSetting("probe", key))) === "out",
    listWaitingPages: () => read((reader) => reader.listReadyPages(Number.MAX_SAFE_INTEGER, 100)),
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}
