import { z } from "zod";
import type { Person, RingRoute } from "../person.ts";

/** No other test begins before that; answers count for ever. */
const ringTestLengthMs = 10 * 60_000;

/**
 * How far one route to a person came. `waiting`: it has not gone out. `asked`: it is out, and nobody knows whether it
 * was heard. `failed`: it reached nobody. `left-out`: an alarm, or the question about their visit, went first. `heard`:
 * the person said so, and nothing else proves the route.
 */
const states = ["waiting", "asked", "failed", "left-out", "heard"] as const;
export type AskedState = (typeof states)[number];

const Asked = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  route: z.enum(["chat", "phone"]),
  state: z.enum(states),
});

/** A route to somebody who is asked whether they hear it. */
export type Asked = Readonly<z.infer<typeof Asked>>;

const RingTest = z.object({
  id: z.string(),
  startedAt: z.number(),
  by: z.string(),
  asked: z.array(Asked),
});

/**
 * A test of whether those on duty hear that they are rung. It is no incident: nobody is in danger. It knows who
 * answered and not when, because how fast somebody is concerns nobody. `by`: the name of who started it.
 */
export type RingTest = Readonly<z.infer<typeof RingTest>>;

/** A person's route, as a test asks it. */
export interface AskedRoute {
  readonly person: Person;
  readonly route: RingRoute;
}

/** Makes a test of these routes that begins at `now`, in epoch milliseconds. */
export function startRingTest(id: string, by: string, routes: readonly AskedRoute[], now: number): RingTest {
  return { id, startedAt: now, by, asked: routes.map((each) => ({ ...each, state: "waiting" })) };
}

/** Whether another test would be too soon. One that begins in the future was made by a clock that was ahead. */
export function isUnderWay({ startedAt }: RingTest, now: number): boolean {
  return startedAt <= now && now < startedAt + ringTestLengthMs;
}

/**
 * Records how far that route came; the same test when nothing changes. What was heard stays so: a provider tells of
 * every call that has ended.
 */
export function noteAsked(test: RingTest, person: string, route: RingRoute, state: AskedState): RingTest {
  const isTheirs = (each: Asked) => each.person.id === person && each.route === route;
  const before = test.asked.find(isTheirs);
  if (before === undefined || before.state === "heard" || before.state === state) return test;
  return { ...test, asked: test.asked.map((each) => (isTheirs(each) ? { ...each, state } : each)) };
}

/** Forgets who is not among those people any more; the same test when nobody is. */
export function keepAsked(test: RingTest, isKept: (person: string) => boolean): RingTest {
  const asked = test.asked.filter(({ person }) => isKept(person.id));
  return asked.length === test.asked.length ? test : { ...test, asked };
}

/** Reads what `formatRingTest` wrote; null when it is none. */
export function parseRingTest(text: string | null): RingTest | null {
  try {
    return RingTest.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
}

export function formatRingTest({ id, startedAt, by, asked }: RingTest): string {
  return JSON.stringify({ id, startedAt, by, asked });
}
