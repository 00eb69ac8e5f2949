import { readFileSync } from "node:fs";

/** One instruction of a Dockerfile, as `docker build` reads it: https://docs.docker.com/reference/dockerfile/ */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** Reads the stages of the image, oldest first. */
export function readStages(): readonly (readonly Instruction[])[] {
  const lines = readFileSync("manifests/container/Dockerfile", "utf8").split("\n");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, keyword = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (keyword === "FROM") stages.push([]);
    if (keyword !== "") stages.at(-1)?.push({ keyword, rest });
  }
  return stages;
}

/** What each instruction with that keyword says, in order. */
export function listOf(stage: readonly Instruction[] | undefined, keyword: string): readonly string[] {
  return (stage ?? []).filter((each) => each.keyword === keyword).map(({ rest }) => rest);
}

/** What is copied out of this repository, each path by itself. */
export function listCopied(stage: readonly Instruction[] | undefined): readonly string[] {
  const copies = listOf(stage, "COPY").filter((rest) => !rest.startsWith("--from="));
  return copies.flatMap((rest) => rest.split(" ").slice(0, -1));
}
