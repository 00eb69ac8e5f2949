/** By this a colleague's alarm, or answer, is recognised when it comes again (rules 2 and 8). */
export type AlarmIdentity =
  /** An alarm that was typed or clicked; `message` is the identity of that message. */
  | { readonly kind: "chat"; readonly message: string }
  /** An answer that was typed, and a call for help; `message` as above. */
  | { readonly kind: "answered" | "helped"; readonly message: string }
  /** The announcement of a visit; `message` as above. */
  | { readonly kind: "announced"; readonly message: string }
  /** The press that a visit becomes when nobody ends it. */
  | { readonly kind: "visit"; readonly person: string; readonly startedAt: number; readonly endsAt: number };

/** The text of an identity. Its form never changes, because it stands in databases for a day. */
export function formatIdentity(identity: AlarmIdentity): string {
  switch (identity.kind) {
    case "chat":
      return `chat:${identity.message}`;
    case "answered":
    case "helped":
      return `${identity.kind}:${identity.message}`;
    case "announced":
      return `visit:${identity.message}`;
    case "visit":
      return `visit:${identity.person}:${identity.startedAt}:${identity.endsAt}`;
  }
}
