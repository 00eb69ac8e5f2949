import { basename, join } from "node:path";
import { defineConfig } from "vitest/config";

// What needs a program of Debian's belongs to `npm run check:debian` alone: `npm test` needs npm and nothing else.
const isDebian = process.env.DEBIAN === "1";
// Tests start the bot and its commands some hundred times: what Node compiled for one of them is there for the next.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node");

export default defineConfig({
  test: {
    include: [isDebian ? "test/debian/**/*.test.ts" : "test/**/*.test.ts"],
    exclude: isDebian ? [] : ["test/debian/**"],
    setupFiles: ["test/setup.ts", "test/golden/setup.ts"],
    // Golden files belong to `npm run golden` alone: any other run would call each of them obsolete, which fails in CI.
    resolveSnapshotPath: (path, extension) =>
      process.env.GOLDEN === "1" && path.includes("/test/stories/")
        ? join("test/golden/stories", basename(path, ".test.ts") + extension)
        : path + extension,
    // Real servers, a real browser and a real database on two cores: generous, for nothing here waits on purpose. In
    // golden runs a call is answered after the other.
    testTimeout: process.env.GOLDEN === "1" ? 240_000 : 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // The Teams SDK takes half a second to load; no test leaves anything behind in a module.
    isolate: false,
  },
});
