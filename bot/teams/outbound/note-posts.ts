import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { Connector } from "../wire/connector.ts";
import { isContentRefused, isRefused } from "../wire/failure.ts";

/**
 * The connectors, with a note of what became of each post: `isTaken` false where Teams refused it. Nothing is noted of
 * a post of which Teams did not say what became of it, or whose content it refused, which says nothing of the channel.
 * The conversation of a reply is that of its thread.
 */
export function notePosts(connectorFor: ConnectorFor, onPost: OnPost): ConnectorFor {
  return (...turn) => withNote(connectorFor(...turn), onPost);
}

type OnPost = (conversation: string, isTaken: boolean) => void;

function withNote(connector: Connector, onPost: OnPost): Connector {
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
