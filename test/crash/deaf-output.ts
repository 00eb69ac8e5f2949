import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A standard output that takes nothing: what a process gets as its descriptor 1. */
export interface DeafOutput extends Disposable {
  readonly fd: number;
}

/** Opens each kind of output that takes nothing; `folder` is where a pipe may be made. */
export const deafOutputs: Readonly<Record<string, (folder: string) => DeafOutput>> = {
  "a full disk": () => keepOpen(openSync("/dev/full", "w")),
  "a reader that hangs": (folder) => {
    const path = join(folder, "reader-that-hangs");
    execFileSync("mkfifo", [path]);
    // Opened for both, so that there is a reader, who never reads.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    fill(fd);
    const writer = openSync(path, constants.O_WRONLY);
    return { fd: writer, [Symbol.dispose]: () => [fd, writer].map((each) => closeSync(each)) };
  },
  "a reader that went away": (folder) => {
    const path = join(folder, "reader-that-went-away");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY);
    closeSync(reader);
    return keepOpen(fd);
  },
};

function keepOpen(fd: number): DeafOutput {
  return { fd, [Symbol.dispose]: () => closeSync(fd) };
}

function fill(fd: number): void {
  try {
    for (;;) writeSync(fd, Buffer.alloc(1024));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
  }
}
