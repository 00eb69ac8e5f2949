import type { Language } from "../../domain/language.ts";

export interface SecretUseWords {
  /** Of a secret that is being changed: how long ago the old one was used, and the new one; null: it was not. */
  readonly used: (secret: string, old: string, fresh: string | null) => string;
}

/** What `status` says of secrets that are being changed. */
export const secretUse = {
  nl: {
    used: (secret, old, fresh) =>
      `🔑 ${secret}: het oude geheim is ${old} geleden nog gebruikt, het nieuwe ${fresh === null ? "nog niet" : `${fresh} geleden`}.`,
  },
  en: {
    used: (secret, old, fresh) =>
      `🔑 ${secret}: the old secret was still used ${old} ago, the new one ${fresh === null ? "not yet" : `${fresh} ago`}.`,
  },
} satisfies Record<Language, SecretUseWords>;
