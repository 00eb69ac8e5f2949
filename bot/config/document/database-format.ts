import { z } from "zod";

const expected = "sqlite:<file>, postgres://<user>@<host>/<database>, or { url, password } with no password in the url";

const Text = z.string().regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, expected);

/** With its password apart, which may then stand in a file, it becomes one text. */
const Parts = z
  .strictObject({ url: z.string().regex(/^postgres(ql)?:\/\/[^:@/]+@./, expected), password: z.string().min(1) })
  .transform(({ url, password }) => url.replace("@", () => `:${encodeURIComponent(password)}@`));

/** Where everything is stored, as one text. */
export const Database = z.union([Text, Parts], { error: expected });
