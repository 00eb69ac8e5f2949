import { Router } from "express";
import type { InboundState } from "../../domain/teams-test/teams-test.ts";
import type { CheckUp, Trouble } from "../../ports/status.ts";
import { sendJson } from "../http/problem.ts";
import { createDoctorHandler, type DoctorHandlerOptions } from "./doctor-handler.ts";
import { toInboundReport } from "./teams-test-door.ts";

export interface CheckUpDoorOptions extends DoctorHandlerOptions {
  readonly checkUp: () => Promise<CheckUp>;
  /** What came in from Teams since the start. */
  readonly inbound: () => InboundState;
  /** A line for each trouble, for a terminal. */
  readonly toTroubleLines: (troubles: readonly Trouble[]) => readonly string[];
}

/**
 * `GET /doctor` shows what the bot knows of itself: 200. It writes once, to see how long that takes, and sends nothing.
 * Moments are ISO 8601.
 */
export function createCheckUpDoor({ checkUp, inbound, toTroubleLines, ...lock }: CheckUpDoorOptions): Router {
  return Router().all(
    "/doctor",
    createDoctorHandler(lock, "GET", async (_request, response) => {
      const { syncMs, tokenFault, channels, people, lastSeen, secretUses, troubles } = await checkUp();
      sendJson(response, 200, {
        syncMs,
        tokenFault,
        inbound: toInboundReport(inbound()),
        channels,
        people: people.map((each) => ({
          name: each.person.name,
          reach: each.reach,
          since: each.reach === "not-ready" ? toIso(each.since) : null,
        })),
        sources: lastSeen.map(({ source, at }) => ({
          source,
          at: toIso(at),
          isSilent: troubles.some((each) => each.kind === "source-silent" && each.source === source),
        })),
        secrets: secretUses.map(({ secret, value, at }) => ({ secret, value, at: toIso(at) })),
        troubles: toTroubleLines(troubles),
      });
    }),
  );
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
