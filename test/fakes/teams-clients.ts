import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import type { Outcome } from "../../bot/domain/incident/incident.ts";
import { type Colleague, toActivity } from "./teams-activity.ts";

/** Who looks after the team, and presses nothing. */
const owner: Colleague = {
  teamsId: "29:owner",
  aadObjectId: "99999999-9999-4999-8999-999999999999",
  name: "Olga Eigenaar",
};

/** The clients of people in Teams: what they click, type and add reaches the bot as activities. */
export abstract class TeamsClients {
  readonly bot = { id: "28:22222222-2222-4222-8222-222222222222", name: "Rugdekking" };
  readonly team = { id: "19:team-general@thread.tacv2", aadGroupId: "22222222-2222-4222-8222-222222222222" };
  readonly tenantId: string;
  /** Of the team, without General, whose id is the team's. */
  readonly channels: readonly string[];
  /** Adds a token to what the clients send to the bot; none when it answers null. */
  authorize: (serviceUrl: string) => Promise<string | null> = async () => null;
  /** Where the bot listens: `http://127.0.0.1:3978/api/messages`. */
  botUrl = "";

  constructor(tenantId: string, channels: readonly string[]) {
    this.tenantId = tenantId;
    this.channels = channels;
  }

  abstract get serviceUrl(): string;

  /** Somebody opens their chat with the bot; answers its id. */
  abstract chatOf(colleague: Colleague): string;

  /** The conversation of a card that stands in a channel; null: there is no such card. */
  protected abstract conversationOf(card: string | undefined): string | null;

  /** The client behind these people: a click on a card, a sentence, the app being added. */
  async click(colleague: Colleague, click: { incident: string; verb: ClickVerb; outcome?: Outcome; card?: string }) {
    const { incident, verb, outcome, card } = click;
    const data = outcome === undefined ? { incident } : { incident, outcome };
    const channel = this.conversationOf(card) ?? this.channels[0] ?? "";
    return this.invoke(colleague, card === undefined ? channel : `${channel};messageid=${card}`, verb, data);
  }

  /** A click on any card, wherever it stands; `card`: its id, left out where the client does not say it. */
  async invoke(
    colleague: Colleague,
    conversation: string,
    verb: string,
    data: Readonly<Record<string, unknown>>,
    card?: string,
  ) {
    return this.send(
      toActivity(this, colleague, conversation, {
        type: "invoke",
        name: "adaptiveCard/action",
        ...(card === undefined ? {} : { replyToId: card }),
        value: { action: { type: "Action.Execute", title: "", verb, data } },
      }),
    );
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

  /** Somebody joins the team: each channel sends the bot an activity that it need not answer. */
  async introduce(): Promise<void> {
    const joined = { type: "conversationUpdate", membersAdded: [{ id: owner.teamsId }] };
    for (const channel of this.channels) await this.send(toActivity(this, owner, channel, joined));
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
}
