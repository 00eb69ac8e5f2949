import type { Page, ReadyPager } from "../../contracts.ts";
import type { PagerProgress } from "../../domain/incident/incident.ts";
import { done } from "../../ports/send-outcome.ts";
import type { Outgoing } from "../../ports/store/outbox.ts";
import { sendOverMs } from "../../ports/timing.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import {
  always,
  atMost,
  type RowOf,
  reportToIncident,
  type Senders,
  type SendResult,
} from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { ComposePage } from "./compose-page.ts";
import { loadIncident } from "./load-incident.ts";

/** An update or call-off that fails this often is given up. */
const maxUpdateAttempts = 8;
const lookAgainMs = 1_000;

export interface PageSendersOptions {
  readonly handler: Handler;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePage: ComposePage;
}

/** Pages to external security, and what is new about them. */
export function createPageSenders(
  { store, clock }: Kernel,
  { handler, pagers, composePage }: PageSendersOptions,
): Pick<Senders, "page" | "update" | "call-off"> {
  /** Pages that are about to be sent, by their key: what is new about one never overtakes it. */
  const starting = new Map<string, Promise<unknown>>();

  async function loadPage(row: RowOf<"page" | "update">, reason: Page["reason"]): Promise<Page> {
    return composePage(await loadIncident(store, row.incident), row.key, row.outgoing.page, reason);
  }

  /** Whether it still holds: no newer page went, and nobody called them off, or needs them after all, since. */
  async function isSo(row: RowOf<"update" | "call-off">): Promise<boolean> {
    const { kind, pager, page } = row.outgoing;
    await starting.get(page);
    const incident = await store.read((reader) => reader.loadIncident(row.incident));
    const progress = incident?.pagers[pager];
    if (incident === null || progress?.key !== page) return false;
    if (kind === "call-off") return progress.callOff?.state === "queued";
    return progress.callOff === null && incident.closedAt === null;
  }

  /** Whether the page may still be on its way, also by another try: what is called off must have come before. */
  function mayBeUnderWay(progress: PagerProgress | undefined): boolean {
    const hasBegun = progress?.state === "started" || progress?.state === "failed";
    return hasBegun && clock.now() - progress.at < sendOverMs;
  }

  return {
    page: {
      async before({ incident, outgoing }) {
        const { page } = outgoing;
        const beginning = handler.handle(incident, { kind: "page-starting", key: page }).catch(() => null);
        starting.set(page, beginning);
        const answer = await beginning;
        starting.delete(page);
        // The storage is down: rather a page too many than none.
        if (answer === null) return "send";
        return answer.reason === "page-withheld" || answer.reason === "already-closed" ? "drop" : "send";
      },
      async send(row, signal) {
        const pager = pagerOf(pagers, row.outgoing.pager);
        await pager.page(await loadPage(row, row.outgoing.reason), signal);
        return done;
      },
      after: reportToIncident(handler, ({ outgoing }, { failure }) => {
        const key = outgoing.page;
        return failure ? { kind: "page-failed", key, reason: failure.reason } : { kind: "page-accepted", key };
      }),
      // The next step goes meanwhile (rule 14); a newer page to the same pager, an answer or the end takes it back.
      retry: always,
    },
    update: {
      before: async (row) => ((await isSo(row)) ? "send" : "drop"),
      async send(row, signal) {
        const pager = pagerOf(pagers, row.outgoing.pager);
        await pager.update?.(await loadPage(row, "update"), signal);
        return done;
      },
      retry: atMost(maxUpdateAttempts),
    },
    "call-off": {
      before: async (row) => ((await isSo(row)) ? "send" : "drop"),
      async send(row, signal) {
        const { key, outgoing } = row;
        const pager = pagerOf(pagers, outgoing.pager);
        const incident = await loadIncident(store, row.incident);
        if (mayBeUnderWay(incident.pagers[outgoing.pager])) return { kind: "again", at: clock.now() + lookAgainMs };
        await pager.callOff?.(composePage(incident, key, outgoing.page, "call-off"), signal);
        return done;
      },
      after: reportToIncident(handler, (row, result) =>
        toCallOffNews(row.outgoing, pagers[row.outgoing.pager], result),
      ),
      retry: atMost(maxUpdateAttempts),
    },
  };
}

/** Whether they know that it is over, once that is certain. */
function toCallOffNews(
  { page }: Extract<Outgoing, { kind: "call-off" }>,
  pager: ReadyPager | undefined,
  { failure, isRetried }: SendResult,
): Request | null {
  if (failure === null && pager?.callOff === undefined) return { kind: "call-off-failed", page, reason: "impossible" };
  if (failure === null) return { kind: "call-off-taken", page };
  return isRetried ? null : { kind: "call-off-failed", page, reason: failure.reason };
}
