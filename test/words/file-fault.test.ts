import { expect, it } from "vitest";
import { toFileFault } from "../../bot/words/shared/file-fault.ts";

it.each([
  ["EACCES", "this user may not do that there (EACCES)"],
  ["EROFS", "that disk can only be read (EROFS)"],
  ["ENOSPC", "that disk is full (ENOSPC)"],
  ["EMFILE", "the system refuses it (EMFILE)"],
  ["constructor", "the system refuses it (constructor)"],
])("%s says why a file was refused, without its path", (code, sentence) => {
  expect(toFileFault(Object.assign(new Error("open '/secret/path'"), { code }), "en")).toBe(sentence);
});
