import { basename, join } from "node:path";
import { defineConfig } from "vitest/config";

// What needs a program of Debian's belongs to `npm run check:debian` alone: `npm test` needs npm and nothing else.
const isDebian = process.env.DEBIAN === "1";
// Tests start the bot and its commands some hundred times: what Node compiled for one of them is there for the next.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node");

/** What starts programs, or a browser, and waits for them for most of its time. */
const processes = ["test/{cli,crash,playground}/**/*.test.ts", "test/manifests/production.test.ts"];

export default defineConfig({
  test: {
    projects: isDebian
      ? [{ extends: true, test: { name: "debian", include: ["test/debian/**/*.test.ts"] } }]
      : [
          {
            extends: true,
            test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [...processes, "test/{debian,stories}/**"] },
          },
          { extends: true, test: { name: "stories", include: ["test/stories/**/*.test.ts"] } },
          { extends: true, test: { name: "processes", include: processes } },
        ],
    expect: { poll: { timeout: 45_000 } },
    globalSetup: ["test/storage/postgres/setup.ts"],
    setupFiles: ["test/setup.ts", "test/golden/setup.ts"],
    // Golden files belong to `npm run golden` alone: any other run would call each of them obsolete, which fails in CI.
    resolveSnapshotPath: (path, extension) =>
      process.env.GOLDEN === "1" && path.includes("/test/stories/")
        ? join("test/golden/stories", basename(path, ".test.ts") + extension)
        : path + extension,
    // Each test waits for what it expects, however long that takes on a machine that has more to do.
    testTimeout: 240_000,
    hookTimeout: 180_000,
    pool: "forks",
    maxWorkers: 2,
    // The Teams SDK takes half a second to load; no test leaves anything behind in a module.
    isolate: false,
  },
});
