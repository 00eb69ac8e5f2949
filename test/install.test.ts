import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly gypfile?: boolean }>>;
}

const lock: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

it("the lock file names no registry", () => {
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

it("nothing is compiled at install: what comes ready made is marked so in the lock file", () => {
  const readyMade = Object.keys(lock.packages).filter((path) => {
    if (path === "" || !existsSync(`${path}/binding.gyp`)) return false;
    const { gypfile, scripts = {} } = JSON.parse(readFileSync(`${path}/package.json`, "utf8"));
    return gypfile === false && scripts.install === undefined;
  });
  expect(readyMade).toContain("node_modules/better-sqlite3");
  // npm forgets the package's own word when it installs from a lock file, and looks for a compiler. `npm install` drops
  // the mark: put `"gypfile": false` back into these entries.
  expect(readyMade.filter((path) => lock.packages[path]?.gypfile !== false)).toEqual([]);
});
