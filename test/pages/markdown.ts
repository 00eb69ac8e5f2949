/** The rows of the first table of that section, without its head; each row is its cells. */
export function rowsUnder(page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the page has no section "${heading}"`);
  const [rows] = tablesIn(section);
  if (rows === undefined || rows.length === 0) throw new Error(`the section "${heading}" has no table`);
  return rows;
}

/** Every table of a text: its rows without the head; each row is its cells. */
export function tablesIn(text: string): string[][][] {
  return [...text.matchAll(/^\|.*\n\|[ :|-]+\n((?:\|.*\n?)*)/gm)].map(([, rows = ""]) =>
    rows.split("\n").flatMap((row) =>
      row === ""
        ? []
        : [
            row
              .slice(1, -1)
              .split("|")
              .map((cell) => cell.trim()),
          ],
    ),
  );
}

/** What stands between backticks, in the order of the text. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** Where the links of a page lead. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}
