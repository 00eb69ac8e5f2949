import { type App, startApp } from "../../app.ts";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Log } from "../../log.ts";
import type { OwnClock } from "../../ports/time.ts";
import { toOwnUrl } from "../ring/press.ts";
import { GuardDesk, type GuardDeskOptions } from "./guard-desk.ts";
import { Playground } from "./playground.ts";
import type { DemoSetup } from "./prepare-demo.ts";

/** The bot, a Teams and a guard desk, all on this machine. Disposing ends all three. */
export interface Demo extends AsyncDisposable {
  readonly app: App;
  readonly playground: Playground;
  /** What a guard looks at. */
  readonly deskUrl: string;
  readonly noteAnswer: GuardDesk["noteAnswer"];
}

export interface DemoOptions {
  readonly prepared: DemoSetup;
  readonly clock: OwnClock;
  readonly log: Log;
  readonly onPage: GuardDeskOptions["onPage"];
  /** Counts what is under way; only tests have it. */
  readonly inFlight?: InFlight;
}

/** Starts the demo. Rejects with a sentence that says what to do, and with nothing left running. */
export async function startDemo({ prepared, clock, log, onPage, inFlight }: DemoOptions): Promise<Demo> {
  const { configuration, folder, playgroundFile, ports, deskSecret } = prepared;
  const { language, timezone } = configuration;
  await using starting = new AsyncDisposableStack();
  const desk = starting.use(
    await GuardDesk.start({ port: ports.desk, secret: deskSecret, language, timezone, clock, onPage }),
  );
  const botUrl = `${toOwnUrl(configuration)}/api/messages`;
  const playground = starting.use(
    await Playground.start({ port: ports.playground, botUrl, configuration: playgroundFile, folder }),
  );
  const app = starting.use(
    await startApp({ configuration, clock, log, ...(inFlight === undefined ? {} : { inFlight }) }),
  );
  const running = starting.move();
  const { url: deskUrl, noteAnswer } = desk;
  return { app, playground, deskUrl, noteAnswer, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
