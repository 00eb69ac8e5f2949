import { importsOf, listFiles } from "./imports.ts";

/**
 * Counts rooms and the arrows between them: `node test/rooms/arrows.ts [folder of a checkout]`. A room is what stands
 * in a folder directly, a folder or a file of its own; an arrow is that one of its files imports one of another room.
 */
const root = process.argv[2] ?? ".";
const files = listFiles(["bot", "adapters"], root);

/** The first name behind `folder` in the path of a file. */
function toRoom(file: string, folder: string): string {
  return file.slice(folder.length).split("/")[0] ?? "";
}

function countArrows(folder: string) {
  const inside = files.filter((file) => file.startsWith(folder));
  const arrows = inside.flatMap((file) =>
    importsOf(file, root)
      .filter(({ target }) => target.startsWith(folder))
      .map(({ target }) => `${toRoom(file, folder)} → ${toRoom(target, folder)}`),
  );
  const between = new Set(arrows.filter((arrow) => new Set(arrow.split(" → ")).size === 2));
  const back = [...between].filter((arrow) => between.has(arrow.split(" → ").reverse().join(" → ")));
  const rooms = new Set(inside.map((file) => toRoom(file, folder))).size;
  return { rooms, arrows: between.size, "of which both ways": back.length };
}

const folders = [
  "bot/",
  "bot/domain/",
  "bot/incident/",
  "bot/engine/",
  "bot/teams/",
  "bot/web/",
  "bot/store/",
  "adapters/",
];
const present = folders.filter((folder) => files.some((file) => file.startsWith(folder)));
console.table(Object.fromEntries(present.map((folder) => [folder, countArrows(folder)])));
