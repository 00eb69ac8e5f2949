import type { PagerHost } from "../../contracts.ts";
import type { Language } from "../../domain/language.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Clock } from "../../ports/time.ts";

export interface PagerHostOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly report: (pager: string, part: string, state: "lost" | "there") => void;
}

/** Makes what the bot provides to the pager of that name. */
export function createPagerHost(pager: string, options: PagerHostOptions): PagerHost {
  const { store, clock, log, language, publicUrl, report } = options;
  return {
    clock,
    language,
    callBackUrl: `${publicUrl}/pagers/${pager}`,
    memory: {
      load: (name) => store.read((reader) => reader.loadSetting("pager-memory", `${pager} ${name}`)),
      save: (name, value) => store.write((tx) => tx.saveSetting("pager-memory", `${pager} ${name}`, value)),
    },
    report: (part, state) => report(pager, part, state),
    note: (event, facts = {}) => log.warn({ pager, ...facts }, event),
  };
}
