import { closeSync, openSync, readSync, watch } from "node:fs";

/** A command whose line in the log is a point to kill at. */
export type LogPoint = "deadline" | "page-starting";

const chunk = Buffer.alloc(64 * 1024);
const points: readonly LogPoint[] = ["deadline", "page-starting"];

/** Tells of each command in a log as soon as it stands there; answers with what ends that. */
export function followLog(path: string, tell: (command: LogPoint) => void): () => void {
  const file = openSync(path, "r");
  let at = 0;
  let rest = "";
  const read = () => {
    for (let length = readSync(file, chunk, 0, chunk.length, at); length > 0; ) {
      at += length;
      const lines = (rest + chunk.toString("latin1", 0, length)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const command = points.find((point) => line.includes(`"command":"${point}"`));
        if (command !== undefined) tell(command);
      }
      length = readSync(file, chunk, 0, chunk.length, at);
    }
  };
  const watcher = watch(path, read);
  return () => {
    watcher.close();
    closeSync(file);
  };
}
