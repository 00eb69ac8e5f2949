/** So many calls at most within that time. */
export interface Window {
  readonly withinMs: number;
  readonly most: number;
}

/** How many calls Teams takes. */
export interface Limits {
  /** In one conversation, all its threads together: posts and updates. The making of one 1:1 has the same. */
  readonly messages: readonly Window[];
  /** Look-ups of the members of one conversation. */
  readonly lookUps: readonly Window[];
  /** Messages in one conversation that mention a tag; they count as messages too. */
  readonly tags: readonly Window[];
  /** All calls of this bot in its tenant. */
  readonly app: readonly Window[];
}

/**
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
 */
export const teamsLimits: Limits = {
  messages: toWindows([1_000, 7], [2_000, 8], [30_000, 60], [3_600_000, 1_800]),
  lookUps: toWindows([1_000, 14], [2_000, 16], [30_000, 120], [3_600_000, 3_600]),
  tags: toWindows([5_000, 2], [60_000, 5]),
  app: toWindows([1_000, 30]),
};

/** An emulator takes any number. */
export const noLimits: Limits = { messages: [], lookUps: [], tags: [], app: [] };

function toWindows(...windows: readonly (readonly [withinMs: number, most: number])[]): readonly Window[] {
  return windows.map(([withinMs, most]) => ({ withinMs, most }));
}
