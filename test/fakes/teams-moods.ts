import { type Chance, toChance } from "../crash/chance.ts";
import type { TeamsMode } from "./teams-wire.ts";

const defaultShare = 0.01;

/** What befalls a call by chance; the last two are a broken connection before and after the delivery. */
const moods: readonly TeamsMode[] = [
  { kind: "status", status: 403, code: "BotDisabledByAdmin" },
  { kind: "status", status: 404, code: "ConversationNotFound" },
  { kind: "status", status: 412, code: "PreconditionFailed" },
  { kind: "status", status: 429, code: "Throttled", retryAfter: "2" },
  { kind: "status", status: 502, code: "ServiceError" },
  { kind: "drop" },
  { kind: "reset" },
];

/** A Teams that fails now and then, the same for the same seed as long as the same calls come. */
export class TeamsMoods {
  readonly #chance: Chance;
  readonly #share: number;

  /** `share`: of all calls, from 0 to 1. */
  constructor(seed: number, share = defaultShare) {
    this.#chance = toChance(seed);
    this.#share = share;
  }

  /** What befalls the next call; null: nothing. */
  next(): TeamsMode | null {
    return this.#chance.next() < this.#share ? this.#chance.one(moods) : null;
  }
}
