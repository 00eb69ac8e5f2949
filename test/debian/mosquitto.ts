import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Broker } from "../fakes/broker.ts";
import { findPort } from "./find-port.ts";

/** The path of Debian's broker, which Debian puts where few have their PATH; throws where it is not installed. */
export function findMosquitto(): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  const found = folders.map((folder) => join(folder, "mosquitto")).find((path) => existsSync(path));
  if (found === undefined)
    throw new Error("Mosquitto is not installed: apt-get install mosquitto, or put it in the PATH.");
  return found;
}

/** Starts that program. Its sessions survive SIGKILL as far as they are on the disk, so they are put there first. */
export async function startMosquitto(program: string): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const port = await findPort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "persistence true",
    `persistence_location ${folder}/`,
    "max_queued_messages 0",
    "max_inflight_messages 0",
    ...(process.getuid?.() === 0 ? ["user root"] : []),
  ];
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  let stop = async (): Promise<void> => {};

  async function restart(): Promise<void> {
    const child = spawn(program, ["-v", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
    const isGone = once(child, "exit");
    stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await save(child, folder);
      child.kill("SIGKILL");
      await isGone;
    };
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stderr).on("line", (line) => line.endsWith(" running") && resolve());
      child.on("exit", (code) => reject(new Error(`mosquitto ended with ${code}`)));
    });
  }

  await restart();
  return {
    port,
    kill: () => stop(),
    restart,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a new file stands in the place of the old one. https://mosquitto.org/man/mosquitto-8.html, SIGUSR1 */
async function save(mosquitto: ChildProcess, folder: string): Promise<void> {
  const watcher = watch(folder);
  const isSaved = new Promise<void>((resolve) => {
    watcher.on("change", (kind, name) => kind === "rename" && name === "mosquitto.db" && resolve());
  });
  mosquitto.kill("SIGUSR1");
  await isSaved;
  watcher.close();
}
