import { toOrder } from "./by-chance.ts";
import { Turns } from "./turns.ts";

/**
 * Something that a fake received. `at`: milliseconds into the story; null where a story runs on the machine's own
 * clock.
 */
export interface Received {
  readonly fake: string;
  readonly at: number | null;
  readonly message: unknown;
}

/** What the fakes of one story received, in order of arrival. */
export interface StoryRecord {
  readonly turns: Turns;
  readonly received: Received[];
  now: (() => number) | null;
  startedAt: number;
  /** Whether what comes is of the time before the story. */
  isHeld: boolean;
}

/** Tests run one after the other in a process: at most one is a story that is recorded. */
let current: StoryRecord | null = null;

export function startRecord(): StoryRecord {
  current = { turns: new Turns(), received: [], now: null, startedAt: 0, isHeld: false };
  return current;
}

export function endRecord(): void {
  current = null;
}

/** From here on the story's messages carry the moment at which they came, counted from now. */
export function keepTime(now: () => number): void {
  if (current === null) return;
  current.now = now;
  current.startedAt = now();
}

/** Until this is disposed of, what comes is of the time before the story, and is not kept. */
export function holdRecord(): Disposable {
  const record = current;
  if (record !== null) record.isHeld = true;
  return {
    [Symbol.dispose]() {
      if (record !== null) record.isHeld = false;
    },
  };
}

/**
 * Keeps what one fake receives, for the story in which it was made: what still comes when that one is over belongs to
 * no other. Outside the stories nothing is recorded. A message may be completed after it was given.
 */
export function createRecord(fake: string): (message: unknown) => void {
  const record = current;
  return (message) => {
    if (record === null || record.isHeld) return;
    const at = record.now === null ? null : record.now() - record.startedAt;
    record.received.push({ fake, at, message });
  };
}

/** As `createRecord`, for a fake that answers: resolves when it is the turn of who asked that. */
export function createAnswering(fake: string): (message: unknown) => Promise<void> {
  const record = createRecord(fake);
  const turns = current?.turns ?? null;
  return async (message) => {
    record(message);
    await turns?.take(toOrder(`${fake} ${JSON.stringify(message)}`));
  };
}

/** Whether somebody who asked a fake waits for their turn. */
export function isAsked(): boolean {
  return current?.turns.isAsked ?? false;
}
