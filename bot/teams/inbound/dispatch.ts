import { Application } from "@microsoft/teams-ai";
import type { TurnContext } from "botbuilder";
import type { Language } from "../../domain/language.ts";
import type { Log } from "../../log.ts";
import { channel } from "../../words/colleague/channel.ts";
import { Activity, type InboundActivity, parseActivity } from "../wire/activity.ts";
import type { CheckedAdapter } from "../wire/adapter.ts";
import { toCardAnswer } from "../wire/outgoing.ts";
import { parseTypedCommand, typedCommands } from "../wire/personal-command.ts";
import type { Clicks } from "./clicks.ts";
import { type Commands, commands } from "./commands.ts";
import type { Greeter } from "./greeter.ts";
import { handlePersonalCommand, type PersonalCommandOptions } from "./handle-personal-command.ts";
import type { Replies } from "./replies.ts";

export interface DispatchOptions {
  readonly adapter: CheckedAdapter;
  readonly appId: string | null;
  readonly clicks: Clicks;
  readonly commands: Commands;
  readonly greeter: Greeter;
  readonly replies: Replies;
  readonly commandOptions: PersonalCommandOptions;
  readonly language: Language;
  readonly log: Log;
}

/** Which activity goes where. A turn's context is revoked afterwards, so handlers keep our own parsed form only. */
export function createDispatch(options: DispatchOptions): Application {
  const { adapter, appId, clicks, commands: typed, greeter, replies, commandOptions, language, log } = options;
  const app = new Application({
    adapter,
    ...(appId === null ? {} : { botAppId: appId }),
    // One timer for all turns, and a mention that is not removed at all when Teams sends two.
    startTypingTimer: false,
    removeRecipientMention: false,
  });

  app.adaptiveCards.actionExecute(/.*/s, async (context) => {
    const inbound = toInbound(context);
    const body =
      inbound.kind === "personal"
        ? toCardAnswer((await handlePersonalCommand(inbound.origin, inbound.command, commandOptions)).card)
        : await clicks.answer(inbound);
    await context.sendActivity({ type: "invokeResponse", value: { status: 200, body } });
    // Never a card to the SDK: after one answer with a refresh, it sends every later answer to everybody.
    return "";
  });

  app.message(
    Object.values(typedCommands),
    guarded(async (inbound) => {
      const command = inbound.kind === "message" ? parseTypedCommand(inbound.text) : null;
      if (command !== null)
        await replies.show(inbound.origin, await handlePersonalCommand(inbound.origin, command, commandOptions));
    }),
  );
  app.message(
    commands.link,
    guarded(async (inbound) => {
      if (inbound.kind !== "message") return;
      const name = commands.link.exec(inbound.text)?.groups?.name;
      await (name === undefined ? typed.help(inbound.origin) : typed.link(inbound.origin, name));
    }),
  );
  app.message(
    commands.status,
    guarded(({ origin }) => typed.status(origin)),
  );
  app.activity(
    "message",
    guarded(async (inbound) => {
      if (inbound.kind === "message") return typed.help(inbound.origin);
      if (inbound.kind === "personal")
        return replies.show(
          inbound.origin,
          await handlePersonalCommand(inbound.origin, inbound.command, commandOptions),
        );
      const sentence = await clicks.reply(inbound);
      if (sentence !== null) await replies.say(inbound.origin, sentence);
    }),
  );
  app.activity(
    ["installationUpdate", "conversationUpdate"],
    guarded(async (inbound) => {
      if (inbound.kind === "installed") await greeter.greet(inbound.origin);
    }),
  );

  /** A command that fails is said so, and is not an error towards Teams: it would only deliver it again. */
  function guarded(handler: (inbound: InboundActivity) => Promise<void>): (context: TurnContext) => Promise<void> {
    return async (context) => {
      const inbound = toInbound(context);
      try {
        await handler(inbound);
      } catch (error) {
        log.error({ kind: inbound.kind, err: error }, "command-failed");
        await replies.say(inbound.origin, channel[language].commandFailed).catch((unsaid: unknown) => {
          log.warn({ err: unsaid }, "answer-not-sent");
        });
      }
    };
  }

  return app;
}

function toInbound({ activity }: TurnContext): InboundActivity {
  return parseActivity(Activity.parse(activity));
}
