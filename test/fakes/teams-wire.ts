import type { ServerResponse } from "node:http";
import { z } from "zod";

/** Kinds of calls, each with a mode of its own. */
export type TeamsRoute = "card" | "text" | "reply" | "update" | "converse" | "member";

/**
 * `drop`: the connection breaks before anything is delivered. `reset`: it breaks after that. `no-id`: delivered, and
 * 201 without an id. `hang-body`: an answer that begins and never ends. `endless`: one that goes on without end.
 * `answer`: answered so, and nothing is delivered. `times`: back to normal after so many calls. `where`: in that
 * conversation and its threads only. `mentions`: only what mentions somebody.
 */
export type TeamsMode = { readonly times?: number; readonly where?: string; readonly mentions?: true } & (
  | { readonly kind: "hang" | "hang-body" | "endless" | "drop" | "reset" | "no-id" }
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "status"; readonly status: number; readonly code?: string; readonly retryAfter?: string }
);

/** A delivered activity. */
export interface Message {
  readonly id: string;
  readonly conversation: string;
  /** The root message whose thread it stands in; null for a root message. */
  readonly root: string | null;
  readonly body: MessageBody;
}

/** A card with everything it has shown, the newest last. */
export interface PostedCard extends Message {
  readonly shown: MessageBody[];
}

/** The answer to a call that nothing was wrong with but, with a `code`, its content. */
export interface Delivered {
  readonly status: number;
  readonly code?: string;
  readonly body?: unknown;
}

/** A call as it came in. */
export interface TeamsCall {
  readonly route: TeamsRoute;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** The emulator refuses empty names and ids, wherever they stand. */
const filled = z.string().min(1);

export const MessageBody = z.looseObject({
  type: z.literal("message"),
  text: z.string().optional(),
  summary: z.string().optional(),
  replyToId: z.string().optional(),
  from: z.looseObject({ id: filled, name: filled.optional() }),
  conversation: z.looseObject({ id: filled, name: filled.optional(), conversationType: filled.optional() }).optional(),
  attachments: z.array(z.looseObject({ contentType: z.string(), content: z.looseObject({}) })).optional(),
  entities: z
    .array(
      z.looseObject({ type: z.string(), text: z.string().optional(), mentioned: z.looseObject({ id: z.string() }) }),
    )
    .optional(),
  channelData: z.looseObject({ notification: z.looseObject({ alert: z.boolean() }).optional() }).optional(),
});
export type MessageBody = z.infer<typeof MessageBody>;

export const Converse = z.looseObject({
  isGroup: z.literal(false),
  members: z.array(z.looseObject({ id: z.string() })).length(1),
});

/** The kind of a call; null when Teams has no such door. */
export function toRoute(method: string, path: string, address: string, what: string, body: unknown): TeamsRoute | null {
  if (method === "POST" && path === "/v3/conversations") return "converse";
  if (method === "GET" && (what === "members" || what === "pagedmembers")) return "member";
  if (what !== "activities") return null;
  if (method === "PUT") return "update";
  if (method !== "POST") return null;
  if (address.includes(";messageid=")) return "reply";
  return MessageBody.safeParse(body).data?.attachments === undefined ? "text" : "card";
}

/** Teams' own shape of an error. */
export function refuse(response: ServerResponse, status: number, code: string, retryAfter?: string): void {
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  reply(response, status, { error: { code, message: "no" } });
}

/** What a proxy answers in place of Teams. */
export const proxyPage: TeamsMode = { kind: "answer", status: 200, body: "<!doctype html><title>Aanmelden</title>" };

/** JSON, or an empty body for null. */
export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === null ? "" : JSON.stringify(body));
}
