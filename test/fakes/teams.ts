import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createAnswering, holdRecord } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";
import { drip } from "./drip.ts";
import type { Colleague } from "./teams-activity.ts";
import { type Ban, type Banned, TeamsBans } from "./teams-bans.ts";
import { TeamsClients } from "./teams-clients.ts";
import { TeamsLimits } from "./teams-limits.ts";
import { areMentionsWhole, listMentioned } from "./teams-mentions.ts";
import { isSplit, TeamsMessages } from "./teams-messages.ts";
import { TeamsMoods } from "./teams-moods.ts";
import { TeamsRoster } from "./teams-roster.ts";
import {
  type Delivered,
  type Message,
  MessageBody,
  type PostedCard,
  refuse,
  reply,
  type TeamsCall,
  type TeamsMode,
  type TeamsRoute,
  toRoute,
} from "./teams-wire.ts";
import type { TokenIssuer } from "./token-issuer.ts";

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
  /** The members of the team. */
  readonly colleagues?: readonly Colleague[];
  /** Tags of the team, by their ids. */
  readonly tags?: readonly string[];
  /** What is answered to a mention of nobody that is known, since no document says it; left out: 400. */
  readonly strangerStatus?: 400 | 403 | 404;
  /**
   * Takes what an emulator takes: any number of calls, people by any channel, mentions of anybody; and sends all ids.
   */
  readonly lenient?: boolean;
  /** Takes any number of calls, and is strict in all else. */
  readonly unlimited?: boolean;
  /** Whose tokens every call must carry; left out: none is asked for. */
  readonly issuer?: Pick<TokenIssuer, "verify">;
  /** By it calls are counted, in epoch milliseconds; left out: by the machine's own clock. */
  readonly now?: () => number;
}

/**
 * Teams' connector on loopback, and the people and clients behind it, as hard as the documents say that Teams is.
 * Records what it delivered, in order.
 */
export class FakeTeams extends TeamsClients implements AsyncDisposable {
  readonly calls: TeamsCall[] = [];
  readonly #messages = new TeamsMessages();
  readonly cards = this.#messages.cards;
  readonly removed = this.#messages.removed;
  readonly replies = this.#messages.replies;
  readonly texts = this.#messages.texts;
  readonly direct = this.#messages.direct;
  readonly split = this.#messages.split;
  readonly edits = this.#messages.edits;
  readonly roster: TeamsRoster;
  /** Ids of what was delivered without an answer that says so. */
  readonly unanswered = new Set<string>();
  /** Calls that are kept waiting. */
  hanging = 0;
  /** Called after each delivery and update. */
  onActivity: (route: TeamsRoute, message: Message) => void = () => undefined;
  /** Called when somebody hung up on an answer without end, with how many bytes they had taken. */
  onDripped: (bytes: number) => void = () => undefined;

  readonly #options: FakeTeamsOptions;
  /** Hangs up on nobody by the machine's own clock, which goes on while that of a story stands still. */
  readonly #server = createServer({ keepAliveTimeout: 0 }, (request, response) => void this.#answer(request, response));
  readonly #limits: TeamsLimits;
  readonly #bans: TeamsBans;
  readonly #modes = new Map<TeamsRoute, TeamsMode>();
  #moods: TeamsMoods | null = null;
  #repliesTaken = 0;
  readonly #takeTurn = createAnswering("teams");

  constructor(options: FakeTeamsOptions = {}) {
    const { tenantId, channels = ["19:alarms@thread.tacv2"], colleagues = [], lenient = false } = options;
    super(tenantId ?? "11111111-1111-4111-8111-111111111111", channels);
    this.#options = options;
    this.roster = new TeamsRoster({ team: this.team.id, channels, colleagues, isFoundByChannel: lenient });
    this.#limits = new TeamsLimits(options.now ?? Date.now);
    this.#bans = new TeamsBans(this.roster);
  }

  /** As Teams has it, with the tenant in its path. */
  override get serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/teams/${this.tenantId}/`;
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

  /** From now on the bot is refused there, until that is allowed again. */
  forbid(ban: Ban, where: Banned = "team"): void {
    this.#bans.forbid(ban, where);
  }

  allow(where: Banned = "team"): void {
    this.#bans.allow(where);
  }

  /** From now on one call in a hundred fails by chance; null: none does. */
  beMoody(seed: number | null, share?: number): void {
    this.#moods = seed === null ? null : new TeamsMoods(seed, share);
  }

  /** A card that stood there before; what is posted from now on gets later ids. */
  remember(card: PostedCard): void {
    this.#messages.remember(card);
  }

  /** Somebody deletes a message in their client; `answer`: to who replies under it or updates it. */
  remove(id: string, answer: 403 | 404 = 404): void {
    this.#messages.remove(id, answer);
  }

  /**
   * How often the bot made somebody's devices ring, by 1:1 messages and by posts that mention them. `id`: theirs in
   * Entra, or for this bot.
   */
  rung(id: string): number {
    const colleague = this.roster.find(id);
    return colleague === null ? 0 : this.#messages.countRings(colleague);
  }

  /** The 1:1 messages that are words alone: what rings somebody for an alarm is, and a card may follow it. */
  get told(): readonly (Message & { readonly to: string })[] {
    return this.direct.filter(({ body }) => body.attachments === undefined);
  }

  /** What stands in somebody's chat with the bot, as it is shown now, oldest first. */
  chatWith({ teamsId }: Colleague): readonly Message[] {
    const own = this.direct.filter(({ to }) => to === teamsId);
    return own.map((message) => this.edits.findLast(({ id }) => id === message.id) ?? message);
  }

  /** What takes no call now because there were too many, and from when again, in epoch milliseconds. */
  listFull(): ReturnType<TeamsLimits["listFull"]> {
    return this.#limits.listFull();
  }

  /** Does what happened long before the story: it counts for no limit, and is no call of the story. */
  async before(work: () => Promise<unknown>): Promise<void> {
    using _held = holdRecord();
    await work();
    this.#limits.forget();
    this.calls.splice(0);
  }

  override chatOf(colleague: Colleague): string {
    return this.roster.chatOf(colleague);
  }

  protected override conversationOf(card: string | undefined): string | null {
    return this.cards.find(({ id }) => id === card)?.conversation ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await buffer(request);
    const path = this.#pathOf(request);
    const [, address = "", what = "", id = ""] = /^\/v3\/conversations\/([^/]+)\/(\w+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const body: unknown = raw.length === 0 ? null : JSON.parse(raw.toString());
    const recorded = { ...toRecordedRequest(request, raw.toString()), id: undefined as unknown };
    await this.#takeTurn(recorded);
    const route = toRoute(request.method ?? "", path, address, what, body);
    if (route === null) return refuse(response, 404, "NotFound");
    const { authorization } = request.headers;
    this.calls.push({ route, method: request.method ?? "", path, authorization, body });
    if (!(await this.#isSigned(authorization))) return refuse(response, 401, "Unauthorized");
    const waitMs = this.#findWait(route, address, body);
    if (waitMs !== null) return refuse(response, 429, "Throttled", String(Math.ceil(waitMs / 1_000)));
    const mode = this.#take(route, address, body);
    if (mode?.kind === "hang" || mode?.kind === "hang-body" || mode?.kind === "endless")
      return this.#hang(response, mode.kind);
    if (mode?.kind === "status") return refuse(response, mode.status, mode.code ?? "Error", mode.retryAfter);
    if (mode?.kind === "answer") return void response.writeHead(mode.status).end(mode.body);
    if (mode?.kind === "drop") return void request.socket.resetAndDestroy();
    if (raw.length > maxCardBytes) return refuse(response, 413, "MessageSizeTooBig");
    const outcome = this.#deliver(route, address, id, body);
    const delivered = (outcome.body as { id?: string } | null | undefined)?.id;
    recorded.id = delivered;
    if (delivered !== undefined && (mode?.kind === "reset" || mode?.kind === "no-id")) this.unanswered.add(delivered);
    if (mode?.kind === "reset") return void request.socket.resetAndDestroy();
    if (outcome.code !== undefined) return refuse(response, outcome.status, outcome.code);
    reply(response, outcome.status, mode?.kind === "no-id" || this.#isIdLeftOut(route) ? {} : outcome.body);
  }

  /** What is asked of the connector; the tenant in front of it may be left out. */
  #pathOf({ url = "" }: IncomingMessage): string {
    return decodeURIComponent(url).replace("/teams", "").replace(`/${this.tenantId}`, "");
  }

  async #isSigned(authorization: string | undefined): Promise<boolean> {
    const { issuer } = this.#options;
    if (issuer === undefined) return true;
    return issuer.verify(authorization).then(
      () => true,
      () => false,
    );
  }

  #findWait(route: TeamsRoute, address: string, body: unknown): number | null {
    const { lenient = false, unlimited = lenient } = this.#options;
    if (unlimited) return null;
    const message = MessageBody.safeParse(body).data;
    const mentionsTag = message !== undefined && listMentioned(message).some(({ isTag }) => isTag);
    return this.#limits.findWait(route, address, body, mentionsTag);
  }

  #take(route: TeamsRoute, address: string, body: unknown): TeamsMode | null {
    const mode = this.#modes.get(route) ?? this.#moods?.next() ?? null;
    if (mode?.where !== undefined && mode.where !== address.split(";")[0]) return null;
    if (mode?.mentions === true && listMentioned(MessageBody.parse(body)).length === 0) return null;
    if (mode?.times === undefined) return mode;
    this.fail(route, mode.times > 1 ? { ...mode, times: mode.times - 1 } : null);
    return mode;
  }

  #hang(response: ServerResponse, kind: "hang" | "hang-body" | "endless"): void {
    if (kind !== "hang") response.writeHead(201, { "content-type": "application/json" }).write("{");
    if (kind === "endless") void drip(response).then((bytes) => this.onDripped(bytes));
    this.hanging += 1;
    response.once("close", () => {
      this.hanging -= 1;
    });
  }

  /** Teams leaves the ids of replies out now and then: here of every second one. */
  #isIdLeftOut(route: TeamsRoute): boolean {
    if (route !== "reply" || this.#options.lenient) return false;
    this.#repliesTaken += 1;
    return this.#repliesTaken % 2 === 1;
  }

  #deliver(route: TeamsRoute, address: string, id: string, body: unknown): Delivered {
    const [conversation = "", root = null] = address.split(";messageid=");
    const refusal = this.#bans.findRefusal(route, conversation, body);
    if (refusal !== null) return refusal;
    if (route === "converse") return this.roster.converse(body);
    if (route === "member") return this.roster.lookUp(conversation, id);
    const message = MessageBody.safeParse(body).data;
    if (message === undefined || !areMentionsWhole(message)) return { status: 400, code: "BadArgument" };
    const { strangerStatus = 400 } = this.#options;
    if (!this.#isEachKnown(message)) return { status: strangerStatus, code: "BadArgument" };
    const to = this.roster.ownerOf(conversation);
    if (to === null && !this.roster.isOfTeam(conversation)) return { status: 404, code: "ConversationNotFound" };
    const touched = route === "update" ? id : root;
    const lost = touched === null ? null : this.#messages.findLost(touched);
    if (lost !== null) return lost;
    if (route === "update") return this.#update(conversation, id, message);
    const posted = this.#messages.post(route, conversation, root, to, message);
    this.onActivity(route, posted);
    return isSplit(message) ? { status: 202, body: null } : { status: 201, body: { id: posted.id } };
  }

  #update(conversation: string, id: string, body: MessageBody): Delivered {
    const updated = this.#messages.update(conversation, id, body);
    if (updated === null) return { status: 404, code: "ActivityNotFoundInConversation" };
    this.onActivity("update", updated);
    return { status: 200, body: { id } };
  }

  /** People are mentioned by their id for this bot or by that in Entra, a tag by its own. */
  #isEachKnown(message: MessageBody): boolean {
    const { tags = [], lenient = false } = this.#options;
    const isKnown = (id: string, isTag: boolean) => (isTag ? tags.includes(id) : this.roster.find(id) !== null);
    return lenient || listMentioned(message).every(({ id, isTag }) => isKnown(id, isTag));
  }
}
