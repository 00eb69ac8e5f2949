import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import type { Outcome } from "../../bot/domain/incident/incident.ts";
import { createRecord } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";
import { drip } from "./drip.ts";
import { type Colleague, toActivity } from "./teams-activity.ts";
import {
  Converse,
  type Message,
  MessageBody,
  mentionsFit,
  type PostedCard,
  refuse,
  reply,
  type TeamsCall,
  type TeamsMode,
  type TeamsRoute,
  toRoute,
} from "./teams-wire.ts";

/**
 * A bot's message may be about 100 KB.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
const maxCardBytes = 100 * 1024;

export type { Colleague } from "./teams-activity.ts";
export type { Message, MessageBody, PostedCard, TeamsCall, TeamsMode, TeamsRoute } from "./teams-wire.ts";

export interface FakeTeamsOptions {
  readonly tenantId?: string;
  readonly channels?: readonly string[];
  readonly colleagues?: readonly Colleague[];
}

/** Teams' connector on loopback, and the people and clients behind it. Records what it delivered, in order. */
export class FakeTeams implements AsyncDisposable {
  readonly bot = { id: "28:22222222-2222-4222-8222-222222222222", name: "Rugdekking" };
  readonly tenantId: string;
  readonly calls: TeamsCall[] = [];
  readonly cards: PostedCard[] = [];
  readonly replies: Message[] = [];
  /** Root texts in channels. */
  readonly texts: Message[] = [];
  /** 1:1 messages, `to` whom. */
  readonly direct: (Message & { readonly to: string })[] = [];
  /** Messages that came with text and card together: split, and never to be updated. */
  readonly split: Message[] = [];
  /** Calls that are kept waiting. */
  hanging = 0;
  /** Called after each delivery and update. */
  onActivity: (route: TeamsRoute, message: Message) => void = () => undefined;
  /** Called when somebody hung up on an answer without end, with how many bytes they had taken. */
  onDripped: (bytes: number) => void = () => undefined;
  /** Adds a token to what the clients send to the bot; none when it answers null. */
  authorize: (serviceUrl: string) => Promise<string | null> = async () => null;
  /** Where the bot listens: `http://127.0.0.1:3978/api/messages`. */
  botUrl = "";

  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #channels: Set<string>;
  readonly #colleagues: Map<string, Colleague>;
  readonly #personal = new Map<string, string>();
  readonly #modes = new Map<TeamsRoute, TeamsMode>();
  #lastId = 1_795_476_602_000;
  readonly #record = createRecord("teams");

  constructor(options: FakeTeamsOptions = {}) {
    this.tenantId = options.tenantId ?? "11111111-1111-4111-8111-111111111111";
    this.#channels = new Set(options.channels ?? ["19:alarms@thread.tacv2"]);
    this.#colleagues = new Map((options.colleagues ?? []).map((colleague) => [colleague.teamsId, colleague]));
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/teams`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
    return this;
  }

  /** From now on calls of that kind end so; null: normal again. */
  fail(route: TeamsRoute, mode: TeamsMode | null): void {
    if (mode === null) this.#modes.delete(route);
    else this.#modes.set(route, mode);
  }

  /** A card that stood there before; what is posted from now on gets later ids. */
  remember(card: PostedCard): void {
    this.cards.push(card);
    this.#lastId = Math.max(this.#lastId, Number(card.id));
  }

  /** Somebody deletes a message in their client. */
  remove(id: string): void {
    const index = this.cards.findIndex((card) => card.id === id);
    if (index >= 0) this.cards.splice(index, 1);
  }

  /** The client behind these people: a click on a card, a sentence, the app being added. */
  async click(colleague: Colleague, click: { incident: string; verb: ClickVerb; outcome?: Outcome; card?: string }) {
    const { incident, verb, outcome, card } = click;
    const data = outcome === undefined ? { incident } : { incident, outcome };
    const posted = this.cards.find(({ id }) => id === card);
    const channel = posted?.conversation ?? [...this.#channels][0] ?? "";
    return this.invoke(colleague, card === undefined ? channel : `${channel};messageid=${card}`, verb, data);
  }

  /** A click on any card, wherever it stands. */
  async invoke(colleague: Colleague, conversation: string, verb: string, data: Readonly<Record<string, unknown>>) {
    return this.send(
      toActivity(this, colleague, conversation, {
        type: "invoke",
        name: "adaptiveCard/action",
        value: { action: { type: "Action.Execute", title: "", verb, data } },
      }),
    );
  }

  /** Somebody opens their chat with the bot; answers its id. */
  chatOf({ teamsId }: Colleague): string {
    const id = `a:personal-${teamsId}`;
    this.#personal.set(id, teamsId);
    return id;
  }

  async say(colleague: Colleague, conversation: string, text: string) {
    const mention = { type: "mention", mentioned: this.bot, text: `<at>${this.bot.name}</at>` };
    const inChannel = conversation.startsWith("19:");
    return this.send(
      toActivity(this, colleague, conversation, {
        type: "message",
        text: inChannel ? `${mention.text}&nbsp;${text}\n` : text,
        entities: inChannel ? [mention] : [],
      }),
    );
  }

  async install(colleague: Colleague, conversation: string) {
    const added = { membersAdded: [{ id: this.bot.id }] };
    const [first] = await Promise.all([
      this.send(toActivity(this, colleague, conversation, { type: "installationUpdate", action: "add" })),
      this.send(toActivity(this, colleague, conversation, { type: "conversationUpdate", ...added })),
    ]);
    return first;
  }

  /** Any activity, to the bot. */
  async send(activity: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
    const token = await this.authorize(this.serviceUrl);
    const answered = await fetch(this.botUrl, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(activity),
    });
    const text = await answered.text();
    return { status: answered.status, body: text === "" ? null : JSON.parse(text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await buffer(request);
    const path = decodeURIComponent(request.url ?? "").replace(/^\/teams/, "");
    const [, conversation = "", what = "", id] = /^\/v3\/conversations\/([^/]+)\/(\w+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const body: unknown = raw.length === 0 ? null : JSON.parse(raw.toString());
    const recorded = { ...toRecordedRequest(request, raw.toString()), id: undefined as unknown };
    this.#record(recorded);
    const route = toRoute(request.method ?? "", path, conversation, what, body);
    if (route === null) return refuse(response, 404, "NotFound");
    this.calls.push({ route, method: request.method ?? "", path, authorization: request.headers.authorization, body });
    const mode = this.#take(route);
    if (mode?.kind === "hang" || mode?.kind === "hang-body" || mode?.kind === "endless") {
      if (mode.kind !== "hang") response.writeHead(201, { "content-type": "application/json" }).write("{");
      if (mode.kind === "endless") void drip(response).then((bytes) => this.onDripped(bytes));
      this.hanging += 1;
      response.once("close", () => {
        this.hanging -= 1;
      });
      return;
    }
    if (mode?.kind === "status") return refuse(response, mode.status, mode.code ?? "Error", mode.retryAfter);
    if (raw.length > maxCardBytes) return refuse(response, 413, "MessageSizeTooBig");
    const outcome = this.#deliver(route, conversation, id, body);
    recorded.id = (outcome.body as { id?: string } | null | undefined)?.id;
    if (mode?.kind === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    if (outcome.code !== undefined) return refuse(response, outcome.status, outcome.code);
    reply(response, outcome.status, mode?.kind === "no-id" ? {} : outcome.body);
  }

  #take(route: TeamsRoute): TeamsMode | null {
    const mode = this.#modes.get(route) ?? null;
    if (mode?.times === undefined) return mode;
    this.fail(route, mode.times > 1 ? { ...mode, times: mode.times - 1 } : null);
    return mode;
  }

  #deliver(route: TeamsRoute, address: string, id: string | undefined, body: unknown): Delivered {
    if (route === "converse") return this.#converse(body);
    if (route === "member") return this.#member(address, id ?? "");
    const message = MessageBody.safeParse(body).data;
    if (message === undefined || !mentionsFit(message)) return { status: 400, code: "BadArgument" };
    const [conversation = "", root = null] = address.split(";messageid=");
    const to = this.#personal.get(conversation);
    if (to === undefined && !this.#channels.has(conversation)) return { status: 404, code: "ConversationNotFound" };
    if (route === "update") return this.#update(conversation, id ?? "", message);
    if (root !== null && !this.cards.some((card) => card.id === root) && !this.texts.some((text) => text.id === root)) {
      return { status: 404, code: "ActivityNotFoundInConversation" };
    }
    const posted: Message = { id: String(++this.#lastId), conversation, root, body: message };
    const isSplit = message.text !== undefined && (message.attachments?.length ?? 0) > 0;
    if (isSplit) this.split.push(posted);
    else if (to !== undefined) this.direct.push({ ...posted, to });
    else if (root !== null) this.replies.push(posted);
    else if (route === "card") this.cards.push({ ...posted, shown: [message] });
    else this.texts.push(posted);
    this.onActivity(route, posted);
    return isSplit ? { status: 202, body: null } : { status: 201, body: { id: posted.id } };
  }

  #update(conversation: string, id: string, body: MessageBody): Delivered {
    const card = this.cards.find((posted) => posted.id === id && posted.conversation === conversation);
    if (card === undefined) return { status: 404, code: "ActivityNotFoundInConversation" };
    card.shown.push(body);
    this.onActivity("update", { ...card, body });
    return { status: 200, body: { id } };
  }

  #converse(body: unknown): Delivered {
    const teamsId = Converse.safeParse(body).data?.members[0]?.id;
    if (teamsId === undefined) return { status: 400, code: "BadArgument" };
    const colleague = this.#colleagues.get(teamsId);
    if (colleague === undefined) return { status: 403, code: "BotNotInConversationRoster" };
    return { status: 201, body: { id: this.chatOf(colleague) } };
  }

  #member(conversation: string, id: string): Delivered {
    if (!this.#channels.has(conversation)) return { status: 404, code: "ConversationNotFound" };
    const people = [...this.#colleagues.values()].map(({ teamsId, ...person }) => ({ id: teamsId, ...person }));
    if (id === "") return { status: 200, body: { members: people } };
    const found = [...this.#colleagues.values()].find(
      ({ teamsId, aadObjectId }) => teamsId === id || aadObjectId === id,
    );
    if (found === undefined) return { status: 404, code: "MemberNotFoundInConversation" };
    return { status: 200, body: { id: found.teamsId, aadObjectId: found.aadObjectId, name: found.name } };
  }
}

interface Delivered {
  readonly status: number;
  readonly code?: string;
  readonly body?: unknown;
}
