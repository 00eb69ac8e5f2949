/** The languages of the bot. Dutch comes first, because the people who use it under stress speak Dutch. */
export const languages = ["nl", "en"] as const;
export type Language = (typeof languages)[number];
