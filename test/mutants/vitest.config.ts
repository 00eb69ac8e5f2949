import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Properties take the longest, and most mutants are killed before them. */
class PropertiesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLast = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith("properties.test.ts"));
    return files.toSorted((one, other) => isLast(one) - isLast(other));
  }
}

export default defineConfig({
  test: {
    include: ["test/domain/incident/**/*.test.ts", "test/domain/who-may.test.ts"],
    setupFiles: ["test/mutants/setup.ts"],
    env: { FC_RUNS: "60" },
    testTimeout: 60_000,
    sequence: { sequencer: PropertiesLast },
    isolate: false,
  },
});
