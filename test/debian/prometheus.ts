import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import { findPort } from "./find-port.ts";

/** One series of an answer. */
export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** Debian's Prometheus, with the example's own file, that asks a bot. */
export interface RunningPrometheus extends AsyncDisposable {
  /** Rejects with what Prometheus says is wrong with the query. */
  query(expr: string): Promise<readonly Found[]>;
}

/** Starts it; it asks the bot on that port each second. */
export async function startPrometheus(botPort: number, token: string): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const port = await findPort();
  writeFileSync(join(folder, "metrics-token"), token);
  const file = join(folder, "prometheus.yaml");
  writeFileSync(file, toConfiguration(botPort));
  const child: ChildProcess = spawn(
    "prometheus",
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
    { stdio: "ignore" },
  );
  const isGone = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
        return fetch(`${url}/-/ready`).then(
          ({ status }) => status,
          () => 0,
        );
      },
      { timeout: 30_000 },
    )
    .toBe(200);
  return {
    async query(expr) {
      const answered = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expr })}`);
      const { data, error } = (await answered.json()) as { data?: { result: Found[] }; error?: string };
      if (data === undefined) throw new Error(`${error}: ${expr}`);
      return data.result;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await isGone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The example's, with that bot, and no probe from outside. */
function toConfiguration(botPort: number): string {
  const {
    scrape_configs: jobs,
    rule_files: _,
    ...rest
  } = parse(readFileSync("manifests/monitoring/prometheus.yaml", "utf8"));
  const [bot] = jobs;
  const own = { ...bot, scrape_interval: "1s", static_configs: [{ targets: [`127.0.0.1:${botPort}`] }] };
  return stringify({ ...rest, rule_files: [resolve("manifests/monitoring/alerts.yaml")], scrape_configs: [own] });
}
