import { type Response, Router } from "express";
import { z } from "zod";
import type { Person } from "../../domain/person.ts";
import type { InboundState, TeamsTest, TestRefusal } from "../../domain/teams-test/teams-test.ts";
import { sendJson, sendProblem } from "../http/problem.ts";
import { type AnswerDoctor, createDoctorHandler, type DoctorHandlerOptions, receiveJson } from "./doctor-handler.ts";

export interface TeamsTestDoorOptions extends DoctorHandlerOptions {
  readonly teamsTests: {
    /** `person`: the only one who is rung; null: nobody is. Rejects when the storage is down. */
    start(channel: string, person: Person | null): Promise<TeamsTest | TestRefusal>;
    /** null: there is no such test, or a newer one. */
    load(id: string): TeamsTest | null;
    /** Ends it, and has its messages say so; null as above. */
    end(id: string): TeamsTest | null;
  };
  /** Everybody of the configuration, one of whom may be rung. */
  readonly people: () => readonly Person[];
}

const maxBytes = 4 * 1024;

/** `person`: a name of the configuration, or an Entra object id, also of somebody who is not in it; null: nobody. */
const Ask = z.strictObject({
  channel: z.string().min(1).max(200),
  person: z.string().trim().toLowerCase().min(1).max(200).nullable(),
});

/**
 * `POST /doctor/teams` starts a test of Teams in the channel that it names: 202, or 409 with the `reason` that there is
 * none. `GET /doctor/teams/:test` shows how far it is: 200. `POST /doctor/teams/:test/end` ends it: 202. Moments are in
 * ISO 8601.
 */
export function createTeamsTestDoor({ teamsTests, people, ...lock }: TeamsTestDoorOptions): Router {
  const handle = (method: "GET" | "POST", answer: AnswerDoctor) => createDoctorHandler(lock, method, answer);
  const router = Router();
  router.all(
    "/doctor/teams",
    handle("POST", async (request, response) => {
      const ask = Ask.safeParse(await receiveJson(request, maxBytes)).data;
      if (ask === undefined) return sendProblem(response, 400, "This names no channel to test.");
      const person = ask.person === null ? null : findPerson(people(), ask.person);
      if (typeof person === "string") return sendRefusal(response, person);
      const test = await teamsTests.start(ask.channel, person);
      if (typeof test === "string") return sendRefusal(response, test);
      sendJson(response, 202, toReport(test));
    }),
  );
  router.all(
    "/doctor/teams/:test",
    handle("GET", async (request, response) => {
      sendReport(response, 200, teamsTests.load(String(request.params.test)));
    }),
  );
  router.all(
    "/doctor/teams/:test/end",
    handle("POST", async (request, response) => {
      sendReport(response, 202, teamsTests.end(String(request.params.test)));
    }),
  );
  return router;
}

/** `named` is in lower case. */
function findPerson(people: readonly Person[], named: string): Person | TestRefusal {
  const [found, ...others] = people.filter(({ id, name }) => id === named || name.toLowerCase() === named);
  if (others.length > 0) return "several-people";
  if (found !== undefined) return found;
  return z.guid().safeParse(named).success ? { id: named, name: "" } : "unknown-person";
}

function sendRefusal(response: Response, reason: TestRefusal): void {
  const problem = { type: "about:blank", title: "Conflict", status: 409, reason };
  sendJson(response, 409, problem, { "content-type": "application/problem+json" });
}

function sendReport(response: Response, status: 200 | 202, test: TeamsTest | null): void {
  if (test === null) sendProblem(response, 404, "There is no such test.");
  else sendJson(response, status, toReport(test));
}

function toReport({ clicks, inbound, endsAt, ...test }: TeamsTest) {
  return {
    ...test,
    endsAt: toIso(endsAt),
    clicks: clicks.map((click) => ({ ...click, at: toIso(click.at) })),
    inbound: toInboundReport(inbound),
  };
}

/** What came in from Teams, for a program. */
export function toInboundReport({ since, takenAt, refused }: InboundState) {
  return {
    since: toIso(since),
    takenAt: takenAt === null ? null : toIso(takenAt),
    refused: refused.map((call) => ({ ...call, at: toIso(call.at) })),
  };
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
