// From its own file: the package as a whole loads tokenizers and language models, which takes time at each start.
import { Application } from "@microsoft/teams-ai/lib/Application.js";
import type { Language } from "../../domain/language.ts";
import type { Log } from "../../log.ts";
import { channel } from "../../words/colleague/channel.ts";
import type { InboundActivity } from "../wire/activity.ts";
import type { CheckedAdapter } from "../wire/bot-framework/adapter.ts";
import { inboundOf, type Turn } from "../wire/bot-framework/turn.ts";
import type { Clicks } from "./answers/clicks.ts";
import { type Commands, commands } from "./commands.ts";
import type { Greeter } from "./greeter.ts";
import type { Replies } from "./replies.ts";

export interface DispatchOptions {
  readonly adapter: CheckedAdapter;
  readonly appId: string | null;
  readonly clicks: Clicks;
  readonly commands: Commands;
  readonly greeter: Greeter;
  readonly replies: Replies;
  readonly language: Language;
  readonly log: Log;
}

/**
 * Says of no turn that the bot types. The SDK does so after a second, whatever its option `startTypingTimer` says, and
 * those calls would go past the budget.
 */
class QuietApplication extends Application {
  override startTypingTimer(): void {}
}

/**
 * Creates the SDK's application, which hands each activity to its handler; what a colleague wants for themselves and
 * what is clicked on cards goes past it. Handlers keep our own parsed form only, because the SDK revokes a turn's
 * context afterwards.
 */
export function createDispatch(options: DispatchOptions): Application {
  const { adapter, appId, clicks, commands: answers, greeter, replies, language, log } = options;
  const app = new QuietApplication({
    adapter,
    ...(appId === null ? {} : { botAppId: appId }),
    // The SDK removes no mention at all when Teams sends two.
    removeRecipientMention: false,
  });

  app.message(
    commands.link,
    withFailureAnswer(async (inbound) => {
      if (inbound.kind !== "message") return;
      const { name, code = null } = commands.link.exec(inbound.text)?.groups ?? {};
      await (name === undefined
        ? answers.sendHelp(inbound.origin, "")
        : answers.linkChannel(inbound.origin, { name, code }));
    }),
  );
  app.message(
    commands.status,
    withFailureAnswer(({ origin }) => answers.sendStatus(origin)),
  );
  app.activity(
    "message",
    withFailureAnswer(async (inbound) => {
      if (inbound.kind === "message" || inbound.kind === "typed-answer") {
        // In a channel people edit for reasons of their own; in a chat it is meant for the bot.
        const isAsked = !inbound.isEdited || inbound.origin.scope === "personal";
        return isAsked ? answers.sendHelp(inbound.origin, inbound.text) : undefined;
      }
      const sentence = await clicks.reply(inbound);
      if (sentence !== null) await replies.sendText(inbound.origin, sentence);
    }),
  );
  app.activity(
    ["installationUpdate", "conversationUpdate"],
    withFailureAnswer(async (inbound) => {
      if (inbound.kind === "installed") await greeter.greet(inbound.origin);
    }),
  );

  /**
   * Wraps a handler: a failure is answered with a sentence and is no error towards Teams, because Teams would only
   * deliver the activity again.
   */
  function withFailureAnswer(handler: (inbound: InboundActivity) => Promise<void>): (turn: Turn) => Promise<void> {
    return async (turn) => {
      const inbound = inboundOf(turn);
      try {
        await handler(inbound);
      } catch (error) {
        log.error({ kind: inbound.kind, err: error }, "command-failed");
        await replies.sendText(inbound.origin, channel[language].commandFailed).catch((sendError: unknown) => {
          log.warn({ err: sendError }, "answer-not-sent");
        });
      }
    };
  }

  return app;
}
