import type { SignOfLife } from "../../domain/channel/sign-of-life.ts";
import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Clock } from "../../ports/time.ts";
import { signOfLife } from "../../words/operator/sign-of-life.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toClockTime, toDate } from "../../words/shared/time.ts";
import { toMessageText } from "../cards/message.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { OutgoingActivity } from "../wire/connector.ts";
import type { Channels } from "./channels.ts";

export interface SignOfLifeOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  /** The bot itself, as Teams knows it. */
  readonly bot: () => Person;
  readonly clock: Clock;
  readonly language: Language;
  readonly timezone: string;
}

/** What `TeamsLooks.showSignOfLife` promises. */
export async function showSignOfLife(
  options: SignOfLifeOptions,
  channel: string,
  standing: SignOfLife | null,
  signal: AbortSignal,
): Promise<SignOfLife> {
  const { channels, connectorFor, clock } = options;
  const connector = connectorFor("quiet");
  const { conversation, serviceUrl } = await channels.resolveLink(channel);
  const activity = compose(options);
  if (standing !== null && standing.activity !== "" && standing.conversation === conversation) {
    const { activity: id } = standing;
    const isShown = await connector.update(serviceUrl, conversation, id, activity, signal).then(
      () => true,
      (error: unknown) => passRefusal(error),
    );
    if (isShown) return standing;
  }
  const id = await connector.post(serviceUrl, conversation, activity, signal);
  return { conversation, activity: id ?? "", postedAt: clock.now() };
}

/** Without an alert and without a mention it rings nobody. */
function compose({ bot, clock, language, timezone }: SignOfLifeOptions): OutgoingActivity {
  const now = clock.now();
  const time = toClockTime(now, timezone, language).slice(0, "hh:mm".length);
  const name = toMessageText(bot().name, maxLineLengths.name);
  return { type: "message", text: signOfLife[language].works(name, toDate(now, timezone, language), time) };
}

/** False for a message that Teams does not let be edited, most often because somebody deleted it. */
function passRefusal(error: unknown): false {
  if (error instanceof DeliveryError && error.reason === "refused") return false;
  throw error;
}
