import type { EventText } from "./event-text.ts";

/** What has gone wrong with the storage as a whole. */
export const storageErrors = {
  "storage-aside": {
    means:
      "The database can't be used, see `err`; once for each reason. The process runs without it: presses go out from memory alone, and open incidents as far as they could be read (`open`, of which `damaged`). Unless `isAlone`, another process may have the same database.",
    todo: "Put the disk or the file right at once; the process ends itself when it can be used again, to be started anew.",
  },
  "storage-damaged": {
    means: "A page of the database is damaged, read or not. Nothing more is taken, and this process ends itself.",
    todo: "See that it is started again, and put back a copy of the database: see `storage-aside`, which follows.",
  },
  "storage-fails": {
    means:
      "The storage refuses writes: a full disk, most often. This line is written when it begins, and once for each other reason.",
    todo: "Make room on the disk at once; `storage-works-again` tells that it is over.",
  },
  "storage-gone": {
    means:
      "The database or a file that belongs to it was removed or replaced; `err` says which. This process ends itself.",
    todo: "See that it is started again, and go to every open alarm: the new process may not know them.",
  },
  "storage-hangs": {
    means:
      "A write has waited for more than 5 s for its disk, and `waiting` others behind it. Presses go out from memory.",
    todo: "Look after the disk at once; `storage-works-again` tells that it is over.",
  },
  "storage-lost-sync": {
    means: "The disk failed a sync. Nothing more is taken until this process has started again.",
    todo: "See that it is started again; read the disk's own log before trusting it.",
  },
  "storage-lost-thread": {
    means:
      "A thread that reads or writes the database has ended. Nothing more is taken until this process has started again.",
    todo: "See that it is started again; a thread ends where memory runs out, or by a fault of ours.",
  },
  "storage-taken": {
    means: "Another process of Rugdekking has taken the database. Nothing more is taken, and this process ends itself.",
    todo: "See that one process runs on each database: both page until one of them has ended.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
