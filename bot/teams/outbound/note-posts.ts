import { DeliveryError } from "../../errors.ts";
import type { Connector } from "../wire/connector.ts";

/**
 * The connector, with a note of what became of each post that is no reply: `isTaken` false where Teams refused it.
 * Nothing is noted of a post of which Teams did not say what became of it.
 */
export function notePosts(connector: Connector, onPost: (conversation: string, isTaken: boolean) => void): Connector {
  return {
    ...connector,
    async post(serviceUrl, conversation, activity, signal) {
      const isRoot = !conversation.includes(";messageid=");
      try {
        const id = await connector.post(serviceUrl, conversation, activity, signal);
        if (isRoot) onPost(conversation, true);
        return id;
      } catch (error) {
        if (isRoot && isRefused(error)) onPost(conversation, false);
        throw error;
      }
    },
  };
}

function isRefused(error: unknown): boolean {
  return error instanceof DeliveryError && error.reason === "refused";
}
