import { globSync } from "node:fs";
import { matchesGlob } from "node:path";
import { expect, it } from "vitest";
import config from "../vitest.config.ts";

interface Project {
  readonly test: { readonly include: readonly string[]; readonly exclude?: readonly string[] };
}

it("every test runs in one project, or belongs to npm run check:debian", () => {
  const { projects = [] } = config.test ?? {};
  const runIn = (path: string) =>
    (projects as readonly Project[]).filter(({ test: { include, exclude = [] } }) => {
      const isIn = (patterns: readonly string[]) => patterns.some((pattern) => matchesGlob(path, pattern));
      return isIn(include) && !isIn(exclude);
    }).length;
  const tests = globSync("test/**/*.test.ts");
  expect(tests.length).toBeGreaterThan(400);
  for (const path of tests) expect(runIn(path), path).toBe(path.startsWith("test/debian/") ? 0 : 1);
});
