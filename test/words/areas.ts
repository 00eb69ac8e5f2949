import { globSync } from "node:fs";
import { join } from "node:path";
import { toSentences } from "./sentences.ts";

const root = join(import.meta.dirname, "../..");

interface Words {
  readonly nl: unknown;
  readonly en: unknown;
}

function isWords(exported: unknown): exported is Words {
  return typeof exported === "object" && exported !== null && "nl" in exported && "en" in exported;
}

/** Every sentence there is, by its file without the ending. */
export const areas = await Promise.all(
  globSync("bot/words/*/*.ts", { cwd: root }).map(async (path) => {
    const exported: Record<string, unknown> = await import(join(root, path));
    const sentences = Object.values(exported)
      .filter(isWords)
      .flatMap(({ nl, en }) => toSentences(nl, en));
    return { area: path.replace(/^bot\/words\/|\.ts$/g, ""), sentences };
  }),
).then((all) => all.filter(({ sentences }) => sentences.length > 0));
