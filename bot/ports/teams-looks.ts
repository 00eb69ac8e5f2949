import type { ChannelSign, LookFinding } from "../domain/channel/health.ts";
import type { SignOfLife } from "../domain/channel/sign-of-life.ts";
import type { TokenFault } from "../domain/teams-test/teams-test.ts";

/** A channel that is linked, and whose team is looked at. */
export interface WatchedChannel {
  readonly channel: string;
  readonly conversation: string;
  /** What one look answers for: the team, or while that is not known the conversation. */
  readonly team: string;
}

/** The channels of the configuration, as far as that can be read. `unlinked`: names. */
export interface ListedChannels {
  readonly linked: readonly WatchedChannel[];
  readonly unlinked: readonly string[];
}

/** Shows the engine how it is with Teams itself, and with the channels there. */
export interface TeamsLooks {
  /** Which channels are linked now, and which are not. Never rejects. */
  listChannels(): Promise<ListedChannels>;
  /**
   * Fetches a token when there is none, or the one there is ends soon. Resolves with why that failed, or null; never
   * rejects.
   */
  freshenToken(): Promise<TokenFault | null>;
  /** Asks Teams whether the bot is in the team of that channel. Ends when `signal` aborts, and never rejects. */
  look(channel: string, signal: AbortSignal): Promise<LookFinding>;
  /**
   * Shows in the channel that the bot works, silently: by an edit of what stands there, or by a new post where that is
   * null or can't be edited. Resolves with what stands there now; rejects with DeliveryError.
   */
  showSignOfLife(channel: string, standing: SignOfLife | null, signal: AbortSignal): Promise<SignOfLife>;
  /** Calls `onSign` with what shows how it is with a channel, from now on. */
  subscribeToSigns(onSign: (channel: string, sign: ChannelSign) => void): void;
}
