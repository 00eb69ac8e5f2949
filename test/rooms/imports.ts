import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** One import of a file. `target`: a package by name, a file of ours from the top. */
export interface Import {
  readonly target: string;
  readonly isType: boolean;
  /** Whether it is imported when it is needed, and not at once. */
  readonly isLazy: boolean;
}

/** Our files in these folders of the repository at `root`, from the top. */
export function listFiles(folders: readonly string[], root = "."): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
}

/** What a file imports, types included. */
export function importsOf(file: string, root = "."): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?<type>type\s)?[^;]*?from\s+"(?<from>[^"]+)"|(?:^|\n)\s*import\s+"(?<bare>[^"]+)"|import\("(?<lazy>[^"]+)"\)/g,
  );
  return [...found].map(({ groups = {} }) => {
    const target = groups.from ?? groups.bare ?? groups.lazy ?? "";
    const isOurs = target.startsWith(".");
    const isLazy = groups.lazy !== undefined;
    const isType = groups.type !== undefined;
    return { target: isOurs ? normalize(join(dirname(file), target)) : target, isType, isLazy };
  });
}

/** The packages, and modules of Node, that are loaded at once with those files. */
export function loadedWith(starts: readonly string[]): string[] {
  const atOnce = (file: string) =>
    importsOf(file).flatMap(({ target, isType, isLazy }) => (isType || isLazy ? [] : [target]));
  const ours = listFiles(["bot", "adapters"]);
  const targets = new Map(ours.map((file) => [file, atOnce(file)]));
  const files = [...starts, ...starts.flatMap((start) => [...walk(start, targets)])];
  return [...new Set(files.flatMap((file) => targets.get(file) ?? []))].filter((target) => !targets.has(target)).sort();
}

/** Files that import each other in a circle, a list for each circle. */
export function findCircles(files: readonly string[]): string[][] {
  const targets = new Map(files.map((file) => [file, importsOf(file).map(({ target }) => target)]));
  const reach = new Map(files.map((file) => [file, walk(file, targets)]));
  const circles = files.map((file) => [...(reach.get(file) ?? [])].filter((other) => reach.get(other)?.has(file)));
  return circles.filter((circle, index) => circle.length > 0 && circle[0] === files[index]);
}

/** All that a file reaches by its imports; itself only by a circle. */
function walk(start: string, targets: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [...(targets.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next) || !targets.has(next)) continue;
    seen.add(next);
    open.push(...(targets.get(next) ?? []));
  }
  return new Set([...seen].sort());
}
