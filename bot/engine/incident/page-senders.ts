import type { Page, ReadyPager } from "../../contracts.ts";
import type { PagerProgress } from "../../domain/incident/incident.ts";
import { done } from "../../ports/send-outcome.ts";
import type { Outgoing } from "../../ports/store/outbox.ts";
import { sendOverMs } from "../../ports/timing.ts";
import type { Request } from "../kernel/decisions.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import {
  always,
  atMostUnlessPermanent,
  type RowOf,
  reportToIncident,
  type Senders,
  type SendResult,
} from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";
import type { ComposePage } from "./compose-page.ts";
import { loadIncident } from "./load-incident.ts";
import type { UnstoredSendings } from "./unstored/unstored-sendings.ts";

/** An update or call-off is given up after this many attempts. */
const maxUpdateAttempts = 8;
const checkAgainMs = 1_000;

export interface PageSendersOptions {
  readonly handler: Handler;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePage: ComposePage;
  readonly unrecorded: Pick<UnrecordedIncidents, "of">;
  readonly unstored: Pick<UnstoredSendings, "mayStart">;
}

/** Makes the senders of pages to external security, and of their updates and call-offs. */
export function createPageSenders(
  { store, clock }: Kernel,
  { handler, pagers, composePage, unrecorded, unstored }: PageSendersOptions,
): Pick<Senders, "page" | "update" | "call-off"> {
  /** Decisions on pages that are about to be sent, by the page's key, so that an update never overtakes its page. */
  const startingPages = new Map<string, Promise<unknown>>();

  /** What is open is in memory too, and no page waits for a database that hangs. */
  async function loadPage(row: RowOf<"page" | "update">, reason: Page["reason"]): Promise<Page> {
    const incident = unrecorded.of(row.incident)?.incident ?? (await loadIncident(store, row.incident));
    return composePage(incident, row.outgoing.pager, row.key, row.outgoing.page, reason);
  }

  /**
   * Whether an update or call-off still holds: no newer page was sent since, and security was not called off, or needed
   * again, since.
   */
  async function isStillWanted(row: RowOf<"update" | "call-off">): Promise<boolean> {
    const { kind, pager, page } = row.outgoing;
    await startingPages.get(page);
    const incident = await store.read((reader) => reader.loadIncident(row.incident));
    const progress = incident?.pagers[pager];
    if (incident === null || progress?.key !== page) return false;
    if (kind === "call-off") return progress.callOff?.state === "queued";
    return progress.callOff === null && incident.closedAt === null;
  }

  /** Whether the page may still be under way, also by another try: a call-off must not arrive before its page. */
  function mayBeUnderWay(progress: PagerProgress | undefined): boolean {
    const hasBegun = progress?.state === "started" || progress?.state === "failed";
    return hasBegun && clock.now() - progress.at < sendOverMs;
  }

  return {
    page: {
      async before({ incident, outgoing, attempts }) {
        const { page } = outgoing;
        // Later tries are without end and all alike: hundreds of pages, each twice a minute, would fill the disk.
        const decision = handler
          .handle(incident, { kind: "page-starting", key: page }, attempts === 0)
          .catch(() => null);
        startingPages.set(page, decision);
        const result = await decision;
        startingPages.delete(page);
        if (result === null) return unstored.mayStart(incident, page) ? "send" : "drop";
        return result.reason === "page-withheld" || result.reason === "already-closed" ? "drop" : "send";
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
      // The next step goes out meanwhile (rule 14). A newer page to the same pager, an answer, or the end of the
      // incident makes `before` drop this one.
      retry: always,
    },
    update: {
      before: async (row) => ((await isStillWanted(row)) ? "send" : "drop"),
      async send(row, signal) {
        const pager = pagerOf(pagers, row.outgoing.pager);
        await pager.update?.(await loadPage(row, "update"), signal);
        return done;
      },
      retry: atMostUnlessPermanent(maxUpdateAttempts),
    },
    "call-off": {
      before: async (row) => ((await isStillWanted(row)) ? "send" : "drop"),
      async send(row, signal) {
        const { key, outgoing } = row;
        const pager = pagerOf(pagers, outgoing.pager);
        const incident = await loadIncident(store, row.incident);
        if (mayBeUnderWay(incident.pagers[outgoing.pager])) return { kind: "again", at: clock.now() + checkAgainMs };
        await pager.callOff?.(composePage(incident, outgoing.pager, key, outgoing.page, "call-off"), signal);
        return done;
      },
      after: reportToIncident(handler, (row, result) =>
        toCallOffRequest(row.outgoing, pagers[row.outgoing.pager], result),
      ),
      retry: atMostUnlessPermanent(maxUpdateAttempts),
    },
  };
}

/** Maps the result of a call-off to what the incident records; null while it will be tried again. */
function toCallOffRequest(
  { page }: Extract<Outgoing, { kind: "call-off" }>,
  pager: ReadyPager | undefined,
  { failure, isRetried }: SendResult,
): Request | null {
  if (failure === null && pager?.callOff === undefined) return { kind: "call-off-failed", page, reason: "impossible" };
  if (failure === null) return { kind: "call-off-taken", page };
  return isRetried ? null : { kind: "call-off-failed", page, reason: failure.reason };
}
