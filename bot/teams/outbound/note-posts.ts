import type { Connector } from "../wire/connector.ts";
import { isContentRefused, isRefused } from "../wire/failure.ts";

/**
 * The connector, with a note of what became of each post: `isTaken` false where Teams refused it. Nothing is noted of a
 * post of which Teams did not say what became of it, or whose content it refused, which says nothing of the channel.
 * The conversation of a reply is that of its thread.
 */
export function notePosts(connector: Connector, onPost: (conversation: string, isTaken: boolean) => void): Connector {
  return {
    ...connector,
    async post(serviceUrl, conversation, activity, signal) {
      try {
        const id = await connector.post(serviceUrl, conversation, activity, signal);
        onPost(conversation, true);
        return id;
      } catch (error) {
        if (isRefused(error) && !isContentRefused(error)) onPost(conversation, false);
        throw error;
      }
    },
  };
}
