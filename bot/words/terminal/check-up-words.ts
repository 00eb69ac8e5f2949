/** What came of a check: it is well, it is not, or it can't be seen from here. */
export type CheckState = "good" | "bad" | "unseen";

export interface CheckUpWords {
  /** A sign and a word, so that no colour is needed. */
  readonly state: Readonly<Record<CheckState, string>>;
  /** What is looked at, in front of a line. */
  readonly subject: {
    readonly configuration: string;
    readonly node: string;
    readonly bot: string;
    readonly clock: string;
    readonly disk: string;
    readonly sync: string;
    readonly rights: (file: string) => string;
    readonly database: string;
    readonly backup: string;
    readonly token: string;
    readonly inbound: string;
    readonly secret: string;
    readonly channel: (name: string) => string;
    readonly person: (name: string) => string;
    readonly source: (name: string) => string;
    readonly pager: (name: string) => string;
    readonly publicUrl: string;
    readonly change: (setting: string) => string;
    readonly trouble: string;
  };
  readonly configuration: {
    readonly good: (file: string) => string;
    readonly warned: (file: string, count: number) => string;
    readonly bad: (file: string, count: number) => string;
  };
  readonly version: (version: string) => string;
  readonly running: (url: string) => string;
  /** Why something can't be seen: only the running bot knows it. */
  readonly onlyBot: string;
  readonly clock: {
    readonly good: (seconds: number) => string;
    readonly ahead: (seconds: number) => string;
    readonly behind: (seconds: number) => string;
    readonly unseen: (host: string) => string;
  };
  readonly disk: {
    readonly good: (gigabytes: string) => string;
    readonly bad: (gigabytes: string) => string;
    readonly unseen: (folder: string) => string;
  };
  readonly sync: {
    readonly good: (ms: number) => string;
    readonly slow: (ms: number) => string;
    readonly refused: string;
  };
  readonly rights: {
    readonly good: string;
    readonly bad: (file: string) => string;
  };
  readonly database: {
    readonly good: (version: string) => string;
    readonly older: (version: string) => string;
    readonly newer: (version: string) => string;
    readonly none: string;
    readonly unseen: string;
    readonly server: string;
  };
  readonly backup: {
    readonly good: (moment: string, age: string) => string;
    readonly old: (moment: string, age: string) => string;
    readonly none: string;
    readonly server: string;
  };
  readonly local: string;
  /** `why`: what is wrong, and what to do. */
  readonly token: { readonly good: string; readonly bad: (why: string) => string };
  readonly inbound: {
    readonly good: (moment: string) => string;
    readonly nothing: string;
    readonly refused: (moment: string, why: string) => string;
  };
  readonly secret: {
    readonly good: (date: string, days: number) => string;
    readonly soon: (date: string, days: number) => string;
    readonly over: (date: string) => string;
    readonly unseen: string;
  };
  readonly channel: {
    readonly good: string;
    readonly lost: string;
    readonly unlinked: (name: string) => string;
  };
  readonly person: {
    readonly good: string;
    readonly bad: (moment: string) => string;
    readonly unseen: string;
  };
  readonly source: {
    readonly good: (moment: string) => string;
    readonly silent: (moment: string) => string;
    readonly never: string;
    /** Of a source that is typed in Teams. */
    readonly typed: string;
  };
  readonly host: {
    readonly tls: (host: string, days: number) => string;
    readonly ends: (host: string, days: number) => string;
    readonly plain: (host: string) => string;
    readonly badCertificate: (host: string, code: string) => string;
    readonly unreached: (host: string, code: string) => string;
    readonly unseen: (host: string) => string;
  };
  readonly publicUrl: {
    readonly good: (url: string) => string;
    readonly other: (url: string, status: number) => string;
    readonly unreached: (url: string, code: string) => string;
  };
  readonly change: {
    readonly going: (moment: string) => string;
  };
  readonly noTroubles: string;
  /** At the end: nothing, or so many things, are not well. */
  readonly end: (bad: number, unseen: number) => string;
}
