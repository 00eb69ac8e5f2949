const maxColumns = 120;
/** What begins a comment of code, or an item of a page. */
const marks = { code: /^\s*(?:\/\*\*|\/\/|\*)\s+/, page: /^\s*(?:[-*]\s+|\d+\.\s+)?/ };
/** A section sign is for a specification that is named beside it. */
const specification = /\b(?:RFC|ISO|IEC|EN|DC|MQTT|WCAG)[ -]?\d/;

/** Lines, from 1, that are too long although a space would have let them be wrapped. The formatter sees to all code. */
export function findLong(text: string, kind: "code" | "page"): number[] {
  let isFenced = false;
  return text.split("\n").flatMap((line, index) => {
    if (line.trimStart().startsWith("```")) isFenced = !isFenced;
    if ([...line].length <= maxColumns) return [];
    const isChecked = kind === "code" || (!isFenced && !line.startsWith("|"));
    return isChecked && couldBeWrapped(line, marks[kind]) ? [index + 1] : [];
  });
}

/** A first word that is too long by itself, such as a link, stays as it is; a comment behind code can go above it. */
function couldBeWrapped(line: string, mark: RegExp): boolean {
  const begin = mark.exec(line)?.[0].length;
  if (begin === undefined) return /[;,{(] \/\/ /.test(line);
  const space = line.indexOf(" ", begin);
  return space !== -1 && space <= maxColumns;
}

/** What a text refers its reader to and they don't get: a page that is not among `pages`, a section of nothing. */
export function findLost(text: string, pages: readonly string[]): string[] {
  const ours = text.replaceAll(/https?:\/\/\S+/g, "");
  const named = [...ours.matchAll(/[\w./-]*\w\.md\b/g)].map(([page]) => page);
  const isThere = (page: string) =>
    pages.some((each) => `/${each}`.endsWith(`/${page.replace(/^(?:\.{1,2}\/)+/, "")}`));
  const sections = ours.split("\n").filter((line) => line.includes("§") && !specification.test(line));
  const design = ours.match(/\bDESIGN\b/g) ?? [];
  return [...named.filter((page) => !isThere(page)), ...sections, ...design];
}

/** Comments that say nothing by themselves. */
export function findBare(text: string): string[] {
  return text.match(/\/\*\*\s+(?:\* )?See `[^`]*`\.?\s+\*\//g) ?? [];
}
