import type { Browser } from "playwright-core";
import { type DemoSetup, prepareDemo } from "../../bot/cli/demo/prepare-demo.ts";
import { type Demo, startDemo } from "../../bot/cli/demo/start-demo.ts";
import { press } from "../../bot/cli/ring/press.ts";
import type { Policy } from "../../bot/domain/incident/policy.ts";
import { InFlight } from "../../bot/kit/in-flight.ts";
import type { Log } from "../../bot/log.ts";
import { FakeClock } from "../fakes/clock.ts";
import { startBrowser } from "./browser.ts";
import { type Client, openClient } from "./client.ts";

/** The demo's line with a clock that stands still, and a browser beside it. */
export interface BrowserDemo extends AsyncDisposable {
  readonly demo: Demo;
  readonly clock: FakeClock;
  readonly browser: Browser;
  /** Errors that the bot logged. */
  readonly errors: readonly string[];
  /** `acceptUrl` of the pages that reached the guard desk. */
  readonly pages: readonly (string | null)[];
  open(colleague: string): Promise<Client>;
  /** Presses that button and waits until all that follows at once is done; answers with the incident. */
  press(button: string): Promise<string>;
  /** Pushes the clock and waits until all that is due by then is done. */
  pass(ms: number): Promise<void>;
  /** The incident's kinds of history so far. */
  events(incident: string): Promise<string[]>;
  /** Waits until the history has this kind, that often. */
  untilEvent(incident: string, kind: string, count?: number): Promise<void>;
}

export interface BrowserDemoOptions {
  /** The policy as in the demo, with these parts replaced. */
  readonly policy?: Partial<Policy>;
  readonly startAt: string;
}

const patienceMs = 45_000;
const lookMs = 20;

/** Starts bot, Playground, guard desk and browser on free ports. */
export async function startBrowserDemo({ policy, startAt }: BrowserDemoOptions): Promise<BrowserDemo> {
  await using starting = new AsyncDisposableStack();
  const prepared = starting.use(withPolicy(await prepareDemo({ bot: 0, playground: 0, desk: 0 }), policy ?? {}));
  const { configuration } = prepared;
  const clock = new FakeClock(Date.parse(startAt));
  const errors: string[] = [];
  const pages: (string | null)[] = [];
  const log: Log = {
    info: () => {},
    warn: () => {},
    error: ({ err }, event) => errors.push(`${event} ${err instanceof Error ? err.message : ""}`),
  };
  const onPage = ({ acceptUrl }: { acceptUrl: string | null }) => pages.push(acceptUrl);
  const inFlight = new InFlight();
  const demo = starting.use(await startDemo({ prepared, clock, log, onPage, inFlight }));
  const { browser } = starting.use(await startBrowser());

  async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
    for (const startedAt = performance.now(); !(await isSo()); ) {
      if (performance.now() - startedAt > patienceMs) throw new Error(`waited ${patienceMs / 1000} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
  const settle = () => until("the bot to come to rest", () => inFlight.count === 0);
  const events = async (incident: string) => (await demo.app.history(incident, 0)).map((line) => line.kind);

  const running = starting.move();
  return {
    demo,
    clock,
    browser,
    errors,
    pages,
    events,
    open: (colleague) => openClient(browser, demo.playground.url, colleague, "Alarmen"),
    async press(button) {
      const { status, body } = await press(configuration, "knoppen", button, clock.now());
      if (status !== 202) throw new Error(`the press was answered with ${status}`);
      await settle();
      return String(body.incident);
    },
    async pass(ms) {
      const until = clock.now() + ms;
      await settle();
      for (let at = clock.nextAt; at <= until; at = clock.nextAt) {
        clock.to(at);
        await settle();
      }
      clock.to(until);
      await settle();
    },
    untilEvent: (incident, kind, count = 1) =>
      until(`${count} × ${kind} in the history`, async () => {
        const found = (await events(incident)).filter((each) => each === kind);
        return found.length >= count && inFlight.count === 0;
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function withPolicy(prepared: DemoSetup, parts: Partial<Policy>): DemoSetup {
  const policies = Object.entries(prepared.configuration.policies).map(([name, policy]) => [
    name,
    { ...policy, ...parts },
  ]);
  return { ...prepared, configuration: { ...prepared.configuration, policies: Object.fromEntries(policies) } };
}
