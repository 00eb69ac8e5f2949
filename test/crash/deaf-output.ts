import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A standard output: what a process gets as its descriptor 1. */
export interface Output extends Disposable {
  readonly fd: number;
}

/** Opens an output; `folder` is where a pipe or file may be made. */
export type OpenOutput = (folder: string) => Output;

/** Each kind of output that takes nothing. */
export const deafOutputs = {
  "a full disk": () => keepOpen(openSync("/dev/full", "w")),
  "a reader that hangs": (folder: string) => {
    const path = join(folder, "reader-that-hangs");
    execFileSync("mkfifo", [path]);
    // Opened for both, so that there is a reader, who never reads.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    fill(fd);
    const writer = openSync(path, constants.O_WRONLY);
    return { fd: writer, [Symbol.dispose]: () => [fd, writer].map((each) => closeSync(each)) };
  },
  "a reader that went away": (folder: string) => {
    const path = join(folder, "reader-that-went-away");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY);
    closeSync(reader);
    return keepOpen(fd);
  },
} satisfies Readonly<Record<string, OpenOutput>>;

export function keepOpen(fd: number): Output {
  return { fd, [Symbol.dispose]: () => closeSync(fd) };
}

function fill(fd: number): void {
  try {
    for (;;) writeSync(fd, Buffer.alloc(1024));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
  }
}
