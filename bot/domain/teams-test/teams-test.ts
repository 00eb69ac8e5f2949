/** What a test of Teams tries, in this order; `inbound` is whether what Teams sends is let in. */
export const teamsSteps = [
  "token",
  "post",
  "edit",
  "reply",
  "member-by-channel",
  "member-by-team",
  "mention",
  "chat",
  "button",
  "inbound",
] as const;
export type TeamsStep = (typeof teamsSteps)[number];

/** Why the bot gets no token. */
export const tokenFlaws = [
  "secret-wrong",
  "secret-expired",
  "app-unknown",
  "app-disabled",
  "tenant-unknown",
  "access-blocked",
  "login-refused",
  "login-unreachable",
] as const;
export type TokenFlaw = (typeof tokenFlaws)[number];

/** Why the bot got no token; `answer`: Entra's number for that, such as "AADSTS7000222", null where it gave none. */
export interface TokenFault {
  readonly flaw: TokenFlaw;
  readonly answer: string | null;
}

/**
 * Why a step failed, or was not tried. `token-refused`: Teams does not take the bot's token, or there is none;
 * `not-linked`: the channel leads to no conversation in Teams yet, which all other steps in it need (`link-needed`).
 */
export const stepReasons = [
  ...tokenFlaws,
  "token-refused",
  "not-linked",
  "link-needed",
  "refused",
  "content-refused",
  "not-found",
  "throttled",
  "unreachable",
  "team-unknown",
  "no-click",
  "nothing-came",
  "local",
  "no-message",
  "no-person",
  "person-unknown",
  "ended",
] as const;
export type StepReason = (typeof stepReasons)[number];

/**
 * `waiting`: done by the bot, and somebody else has to do their part. `harmless`: failed, and nothing needs it.
 * `skipped`: not tried.
 */
export const stepStates = ["pending", "waiting", "ok", "failed", "harmless", "skipped"] as const;

/** How far a step came. */
export interface StepResult {
  readonly state: (typeof stepStates)[number];
  /** null where there is nothing to explain. */
  readonly reason: StepReason | null;
  /** What Teams answered, such as "403 BotDisabledByAdmin"; null: nothing that can be shown. */
  readonly answer: string | null;
}

/** What was wrong with a call that came as if from Teams. */
export const inboundFlaws = [
  "unreadable",
  "issuer",
  "audience",
  "expired",
  "not-yet",
  "serviceurl",
  "signature",
  "endorsement",
  "keys",
  "host",
  "tenant",
] as const;
export type InboundFlaw = (typeof inboundFlaws)[number];

/** `iss` and `aud`: whose token it was and for whom, as it says itself, unproven; "" where it doesn't say. */
export interface RefusedCall {
  readonly flaw: InboundFlaw;
  readonly iss: string;
  readonly aud: string;
  readonly at: number;
}

/** What came in from Teams since the start. */
export interface InboundState {
  readonly since: number;
  /** When something was last let in; null: nothing was. */
  readonly takenAt: number | null;
  /** The last one for each flaw, the newest first. */
  readonly refused: readonly RefusedCall[];
}

/** A click on the card of a test. `client`: where it was made, as Teams calls it, such as "iOS"; null: not said. */
export interface TestClick {
  readonly client: string | null;
  readonly at: number;
}

/** A test of Teams, as far as it came. */
export interface TeamsTest {
  readonly id: string;
  /** When it ends of itself. */
  readonly endsAt: number;
  readonly isOver: boolean;
  readonly isAlarmOpen: boolean;
  readonly steps: Readonly<Record<TeamsStep, StepResult>>;
  readonly clicks: readonly TestClick[];
  readonly inbound: InboundState;
  /** How many messages it has left in Teams, and how many of those do not say that it is over. */
  readonly messages: { readonly left: number; readonly unmarked: number };
}

/** Why no test was started. */
export const testRefusals = ["unknown-channel", "unknown-person", "several-people", "running", "too-soon"] as const;
export type TestRefusal = (typeof testRefusals)[number];
