import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { buildPager, buildSettings } from "../fixtures/configuration.ts";
import { listCopied, listOf, readStages } from "./dockerfile.ts";

const run = promisify(execFile);
const [dependencies, image] = readStages();
/** Who runs the bot where a test may choose: nobody. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Fills a folder as the image is filled: what it copies, and what it installs without development packages. */
async function buildProgram(folder: string): Promise<string> {
  const program = join(folder, "program");
  for (const path of [...listCopied(dependencies), ...listCopied(image)]) {
    await mkdir(dirname(join(program, path)), { recursive: true });
    await cp(path, join(program, path), { recursive: true });
  }
  const [install = ""] = listOf(dependencies, "RUN");
  const [command = "", ...words] = install.split(" ");
  const installBy = (how: string) => run(command, [...words, how, "--no-audit", "--no-fund"], { cwd: program });
  // What installed this repository is in npm's cache, unless that was emptied since: then it is filled first.
  await installBy("--offline").catch(async () => {
    await installBy("--prefer-offline");
    await installBy("--offline");
  });
  return program;
}

async function takeWriteRights(path: string): Promise<void> {
  await run("chmod", ["-R", "a+rX,a-w", path]);
}

/** Starts what the image starts, as nobody where this test may choose; resolves with the port once it listens. */
async function start(program: string, node: string, env: NodeJS.ProcessEnv) {
  const [words] = listOf(image, "CMD").map((rest): string[] => JSON.parse(rest));
  const as = isRoot ? { uid: nobody, gid: nobody } : {};
  const child = spawn(node, words?.slice(1) ?? [], { cwd: program, env, ...as, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      said += `${line}\n`;
      if (line.includes('"event":"listening"')) resolve(JSON.parse(line).port);
    });
    child.once("exit", () => reject(new Error(`the bot ended: ${said}`)));
  });
  return { child, port };
}

/** Runs the health check of the image against that port. */
async function checkHealth(node: string, port: number): Promise<number> {
  const [check = ""] = listOf(image, "HEALTHCHECK");
  const [, flag = "", script = ""]: string[] = JSON.parse(check.slice(check.indexOf("[")));
  const child = spawn(node, [flag, script.replace("3978", String(port))], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  return code;
}

async function end(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await ended;
  return code;
}

it("the image's program runs as nobody, without development packages, and writes in its data folder alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "production-"));
  try {
    await chmod(folder, 0o755);
    const program = await buildProgram(folder);
    const data = join(folder, "data");
    const etc = join(folder, "etc");
    const node = join(folder, "node");
    await copyFile(process.execPath, node);
    for (const path of [data, etc]) await mkdir(path);
    const settings = buildSettings({
      database: `sqlite:${join(data, "rugdekking.db")}`,
      teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
      pagers: { desk: buildPager("http://127.0.0.1:1") },
    });
    const configuration = join(etc, "rugdekking.yaml");
    await writeFile(configuration, stringify(settings));
    await takeWriteRights(program);
    await takeWriteRights(etc);
    if (isRoot) await chown(data, nobody, nobody);
    const before = await readdir(folder, { recursive: true });

    const { child, port } = await start(program, node, { NODE_ENV: "production", RUGDEKKING_CONFIG: configuration });
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    const health = await checkHealth(node, port);
    const code = await end(child);
    const healthAfter = await checkHealth(node, port);

    expect(ready.status).toBe(200);
    expect({ health, healthAfter, code }).toEqual({ health: 0, healthAfter: 1, code: 0 });
    const written = (await readdir(folder, { recursive: true })).filter((path) => !before.includes(path));
    expect(written.filter((path) => !path.startsWith("data"))).toEqual([]);
    expect(written).toContain(join("data", "rugdekking.db"));
    expect(await readdir(join(program, "node_modules"))).not.toContain("vitest");
  } finally {
    await run("chmod", ["-R", "u+w", folder]);
    await rm(folder, { recursive: true });
  }
}, 240_000);

it("the image is of the Node that this repository is made for, and runs as no root", async () => {
  const { engines } = JSON.parse(await readFile("package.json", "utf8"));
  expect(engines).toEqual({ node: ">=24" });
  expect(readStages().map((stage) => listOf(stage, "FROM")[0]?.split(" ")[0])).toEqual([
    "node:24-slim",
    "node:24-slim",
  ]);
  expect(listOf(image, "USER")).toEqual(["node"]);
});

it("what the image copies is not kept from the build, and nothing else goes there", async () => {
  const ignored = await readFile("manifests/container/Dockerfile.dockerignore", "utf8");
  const allowed = ignored
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  expect(ignored.split("\n")[0]).toBe("*");
  expect(new Set(allowed)).toEqual(new Set([...listCopied(dependencies), ...listCopied(image)]));
});
