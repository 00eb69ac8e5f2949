import { z } from "zod";
import type { Received } from "./recorder.ts";

const Shown = z.looseObject({
  request: z.string().regex(/^(POST|PUT) .*\/a:personal-[^/]*\/activities/),
  /** Given by Teams. */
  id: z.string(),
  body: z.looseObject({ attachments: z.array(z.unknown()) }),
});

/** The line on a card in a chat that leads to the channel's card. */
const way =
  /^\{"type":"RichTextBlock".*"selectAction":\{"type":"Action\.OpenUrl","url":"https:\/\/teams\.microsoft\.com\/l\/message\//;

/**
 * Leaves out how cards in chats lead to the channel's card, and the edits that change nothing else. A card in a chat
 * goes out while Teams may not have answered the channel's yet: then it says no way, and is edited a second later. Who
 * is first is a race on a busy machine; what the way says, the tests of those cards look at.
 */
export function leaveOutWays(received: readonly Received[]): readonly Received[] {
  const shown = new Map<string, string>();
  return received.flatMap((each) => {
    const { success, data } = Shown.safeParse(each.message);
    if (!success) return [each];
    const text = JSON.stringify(data, (_key, value: unknown) => (Array.isArray(value) ? value.filter(isNoWay) : value));
    const message: z.infer<typeof Shown> = JSON.parse(text);
    const content = JSON.stringify(message.body.attachments);
    const isKnown = data.request.startsWith("PUT") && shown.get(data.id) === content;
    shown.set(data.id, content);
    return isKnown ? [] : [{ ...each, message }];
  });
}

function isNoWay(part: unknown): boolean {
  return !way.test(JSON.stringify(part) ?? "");
}
