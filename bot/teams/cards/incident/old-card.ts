import type { IAdaptiveCard } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { CardContext } from "../context.ts";
import { toBanner, toBlock, toRun } from "../elements.ts";
import { toPlaceLine } from "../place.ts";

/**
 * What is left of a card once a newer one stands below it: nothing that can be clicked but the way there, and nothing
 * that could be out of date. `link`: the address of the newer one.
 */
export function toOldCard(
  incident: Incident,
  link: string,
  context: CardContext,
): { readonly card: IAdaptiveCard; readonly summary: string } {
  const { old }: CardWords = card[context.language];
  const place = toPlaceLine(incident, context);
  const summary = `${place}: ${old.headline}`;
  const run = { ...toRun(old.link(incident.number)), selectAction: { type: "Action.OpenUrl" as const, url: link } };
  return {
    summary,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: context.language,
      fallbackText: summary,
      body: [
        toBanner(old.headline, "emphasis"),
        toBlock([toRun(place, { size: "Large", weight: "Bolder" })], "Medium"),
        toBlock([toRun(old.ask)]),
        toBlock([run], "Medium"),
      ],
    },
  };
}

/**
 * The address of a message in a channel, which opens it in any client of Teams. `group`: the channel's team as Entra
 * knows it.
 * https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams#deep-link-to-navigate-to-channel-conversation
 */
export function toMessageLink(
  { conversation, activity }: { readonly conversation: string; readonly activity: string },
  { tenant, group }: { readonly tenant: string | null; readonly group: string | null },
): string {
  const asked = {
    ...(tenant === null ? {} : { tenantId: tenant }),
    ...(group === null ? {} : { groupId: group }),
    parentMessageId: activity,
    createdTime: activity,
  };
  const path = [conversation, activity].map(encodeURIComponent).join("/");
  return `https://teams.microsoft.com/l/message/${path}?${new URLSearchParams(asked)}`;
}
