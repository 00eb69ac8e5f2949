import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinds } from "../../app.ts";
import type { Configuration } from "../../config/configuration.ts";
import { loadConfiguration } from "../../config/load-configuration.ts";
import type { Language } from "../../domain/language.ts";
import { toFileFault } from "../../words/shared/file-fault.ts";
import { type DemoWords, demo } from "../../words/terminal/demo.ts";
import { findFreePorts } from "./free-ports.ts";
import { deskPath } from "./guard-desk.ts";
import { toServiceUrl } from "./playground.ts";

/**
 * What one run of the demo needs before anything starts. Disposing removes its folder with all that was written there.
 */
export interface DemoSetup extends AsyncDisposable {
  readonly configuration: Configuration;
  readonly folder: string;
  /** The Playground's own configuration. */
  readonly playgroundFile: string;
  readonly ports: { readonly playground: number; readonly desk: number };
  readonly deskSecret: string;
}

export interface DemoRequest {
  /** Preferred ports; another is taken where one is busy, 0 is any. */
  readonly bot: number;
  readonly playground: number;
  readonly desk: number;
}

const manifests = join(import.meta.dirname, "../../../manifests/demo");

/**
 * Prepares a fresh folder, free ports, secrets of this run, and the configuration that joins them. Rejects with
 * ConfigurationError.
 */
export async function prepareDemo(preferred: DemoRequest, language: Language = "nl"): Promise<DemoSetup> {
  const [bot, playground, desk] = await findFreePorts(preferred.bot, preferred.playground, preferred.desk);
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "rugdekking-demo-")).catch((cause) => {
    throw new Error(
      `No folder can be made in ${tmpdir()}: ${toFileFault(cause, language)}. Choose another with TMPDIR.`,
      {
        cause,
      },
    );
  });
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const deskSecret = makeSecret();
  const environment = {
    DEMO_FOLDER: folder,
    DEMO_LANGUAGE: language,
    ...toNamed(demo[language].names),
    DEMO_BOT_PORT: String(bot),
    DEMO_SERVICE_URL: toServiceUrl(playground),
    DEMO_DESK_URL: `http://127.0.0.1:${desk}${deskPath}`,
    DEMO_DESK_SECRET: deskSecret,
    DEMO_BUTTON_SECRET: makeSecret(),
  };
  const configuration = loadConfiguration(join(manifests, "rugdekking.yaml"), environment, kinds);
  const running = starting.move();
  return {
    configuration,
    folder,
    playgroundFile: join(manifests, "playground.yml"),
    ports: { playground, desk },
    deskSecret,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The names that people read, as the configuration calls them. */
function toNamed(names: DemoWords["names"]): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, text]) => [`DEMO_${name.toUpperCase()}`, text]));
}

function makeSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}
