import { basename, join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts", "test/golden/setup.ts"],
    // Only stories have golden files; anything else that took a snapshot would get its file beside it.
    resolveSnapshotPath: (path, extension) =>
      path.includes("/test/stories/")
        ? join("test/golden/stories", basename(path, ".test.ts") + extension)
        : path + extension,
    // Real servers, a real browser and a real database on two cores: generous, for nothing here waits on purpose.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // The Teams SDK takes half a second to load; no test leaves anything behind in a module.
    isolate: false,
  },
});
