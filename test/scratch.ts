import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const inMemory = "/dev/shm";
/** Far more than all databases of tests that run beside each other. */
const neededBytes = 1024 ** 3;

/**
 * Where tests put databases whose disk is not what they are about: in memory where that has room, because half of a
 * story's time is the disk that syncs, else where other temporary files stand. What `test/crash` kills stands on the
 * disk.
 */
export const scratch: string = hasRoom(inMemory) ? inMemory : tmpdir();

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= neededBytes;
  } catch {
    // It is not there, or may not be written to.
    return false;
  }
}
