import type { Language } from "../../domain/language.ts";

interface LinkWords {
  /** `channels` are not linked yet. */
  readonly code: (code: string, channels: readonly string[]) => string;
}

/** What the bot says in the terminal while a channel is not linked and no team lead can link it. */
export const link = {
  nl: {
    code: (code, channels) =>
      `Nog niet gekoppeld: ${channels.join(", ")}. De koppelcode is ${code}. ` +
      `Ga in Teams naar het kanaal en typ: @Rugdekking koppel ${channels[0] ?? ""} ${code}`,
  },
  en: {
    code: (code, channels) =>
      `Not linked yet: ${channels.join(", ")}. The link code is ${code}. ` +
      `Go to the channel in Teams and type: @Rugdekking link ${channels[0] ?? ""} ${code}`,
  },
} satisfies Record<Language, LinkWords>;
