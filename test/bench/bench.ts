import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { type Figure, toTable } from "./figure.ts";
import { measureLatency } from "./latency.ts";
import { measureBurst, measureFlood } from "./rush.ts";

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  latency: measureLatency,
  burst: measureBurst,
  flood: measureFlood,
};

/** `npm run bench [-- part…]`: the figures, as a table here and as JSON in bench-results.json; exits 1 when one is missed. */
async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}; there is ${Object.keys(parts).join(", ")}.`);
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cpus: cpus().length, cpu: cpus()[0]?.model.trim() };
  process.stdout.write(`Node ${machine.node}, ${machine.platform}, ${machine.cpus} × ${machine.cpu}\n`);
  const figures: Figure[] = [];
  for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
    process.stdout.write(`${name} …\n`);
    figures.push(...((await parts[name]?.()) ?? []));
  }
  process.stdout.write(`\n${toTable(figures)}\n`);
  writeFileSync("bench-results.json", `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`);
  if (figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

await main(process.argv.slice(2));
