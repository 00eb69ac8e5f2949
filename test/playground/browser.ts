import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** Without a sandbox (root has none), without a graphics card, and without a word to the outside. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's packages of the libraries that the Chromium from npm does not bring along. */
const packages: Readonly<Record<string, string>> = {
  "libnss3.so": "libnss3",
  "libnssutil3.so": "libnss3",
  "libsmime3.so": "libnss3",
  "libnspr4.so": "libnspr4",
  "libplc4.so": "libnspr4",
  "libexpat.so.1": "libexpat1",
};

export interface StartedBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

/**
 * Headless Chromium out of its npm package. Unpacked for this run alone: what another user or a killed run left behind
 * is not to be trusted. Rejects with the name of the package when this machine lacks a library.
 */
export async function startBrowser(): Promise<StartedBrowser> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "rugdekking-chromium-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const browser = await launch(await unpack(folder));
  starting.defer(() => browser.close());
  const running = starting.move();
  return { browser, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The package unpacks into whatever is the temporary folder at that moment. */
async function unpack(folder: string): Promise<string> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

async function launch(executablePath: string): Promise<Browser> {
  try {
    return await playwright.launch({ executablePath, args: flags });
  } catch (cause) {
    const library = /error while loading shared libraries: (\S+?):/.exec(String(cause))?.[1];
    if (library === undefined) throw cause;
    const missing = packages[library] ?? `the package with ${library}`;
    throw new Error(`Chromium needs ${library}. On Debian and Ubuntu: apt-get install ${missing}`, { cause });
  }
}
