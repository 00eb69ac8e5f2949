import { formatIdentity } from "../../domain/alarm-identity.ts";
import type { DecisionReason } from "../../domain/incident/command.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { rolesIn } from "../../domain/incident/roles.ts";
import { type AskedFrom, mayAskFrom, type Role } from "../../domain/who-may.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Click, ClickedIn, CommandResult } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Reader, Transaction } from "../../ports/store/store.ts";
import type { SentMessage } from "../../ports/store/teams.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { AnswerBuffer } from "./answer-buffer.ts";
import { answersSource } from "./answerable-alarms.ts";
import { loadRung } from "./rung.ts";

/** Longest that a click waits to be judged, because its answer has to be there before Teams gives up. */
const judgeWithinMs = 1_000;

const refused: ReadonlySet<DecisionReason> = new Set(["already-closed", "presser", "not-there", "not-allowed"]);

type Incidents = Pick<Reader, "loadIncident" | "loadHistory" | "listMessages" | "loadSetting" | "tryToRead">;

/**
 * Submits a click as a command, when it may be made from there (rule 28); null when there is no such incident, or when
 * it may not. While that can't be read the click counts, and is judged when it is written. Resolves and rejects besides
 * as `AnswerBuffer.submit` does.
 */
export async function answerClick(
  click: Click,
  { store, clock, log }: Pick<Kernel, "store" | "clock" | "log">,
  answers: AnswerBuffer,
  directory: Pick<Directory, "rolesOf">,
): Promise<CommandResult | null | "buffered"> {
  const { incident, verb, by, outcome } = click;
  const known = directory.rolesOf(by);
  const mayCount = (reader: Incidents) => mayBeMade(click, known, reader);
  const isMade = await withTimeout(clock, judgeWithinMs, store.read(mayCount)).catch(() => late);
  if (isMade === false) {
    log.warn({ incident, verb, person: by.id }, "click-elsewhere");
    return null;
  }
  // A colleague who is there must not be refused by a disk, so what can't be read then either counts as well.
  const unread = { mayCount: async (tx: Incidents) => (await tx.tryToRead(() => mayCount(tx))) ?? true };
  const also = (tx: Transaction, { reason }: CommandResult) => saveAnswered(tx, click, reason, clock.now());
  const answer = { incident, who: by.id, also, ...(isMade === late ? unread : {}) };
  if (verb !== "resolve") return answers.submit({ ...answer, request: { kind: verb, by } });
  if (outcome === null) throw new RangeError("resolve needs an outcome");
  return answers.submit({ ...answer, request: { kind: "resolve", by, isLead: known.includes("lead"), outcome } });
}

/** Remembers the message of an answer that was typed and changed something, or says what is so already (rule 8). */
async function saveAnswered(tx: Transaction, click: Click, reason: DecisionReason, now: number): Promise<void> {
  const { message, verb, incident } = click;
  if (message === undefined || refused.has(reason)) return;
  const key = formatIdentity({ kind: verb === "help" ? "helped" : "answered", message });
  await tx.saveAlarm({ source: answersSource, key, incident, outcome: "seen", receivedAt: now });
}

/** Whether this click may be made from where it was made; whether its incident is there is for others to say. */
async function mayBeMade({ incident: id, verb, by, from }: Click, known: readonly Role[], reader: Incidents) {
  const incident = await reader.loadIncident(id);
  if (incident === null) return true;
  const roles: Role[] = [...known, ...rolesIn(incident, { by })];
  const askedFrom = await loadAskedFrom(incident, from, reader);
  if (mayAskFrom(verb, askedFrom, roles)) return true;
  return mayAskFrom(verb, askedFrom, [...roles, "rung"]) && (await loadRung(id, by.id, reader)) !== null;
}

/**
 * A channel counts for as long as a card may stand there: the one to which the incident's alarms go now, where its card
 * is updated, and each to which they went since it opened.
 */
async function loadAskedFrom(
  { id, channel, openedAt }: Incident,
  { conversation, isChat, channels }: ClickedIn,
  reader: Incidents,
): Promise<AskedFrom> {
  if (channels.includes(channel)) return "card";
  const messages = await reader.listMessages(id);
  if (messages.some((each) => isCard(each) && each.conversation === conversation)) return "card";
  const linkedUntil = await reader.loadSetting("linked-until", `${channel} ${conversation}`);
  if (linkedUntil !== null && Number(linkedUntil) >= openedAt) return "card";
  if (isChat) return "chat";
  return channels.length > 0 ? "linked" : "elsewhere";
}

function isCard({ kind }: Pick<SentMessage, "kind">): boolean {
  return kind === "card" || kind === "old-card";
}
