import { z } from "zod";
import type { Language } from "../domain/language.ts";
import { expects } from "../words/settings/expects.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { parseYaml } from "./document/document.ts";
import { Line, PublicUrl } from "./document/file-format.ts";
import { type Environment, fillIn } from "./document/fill-in.ts";
import { Findings } from "./document/findings.ts";
import { parseSection } from "./document/section.ts";
import { loadText } from "./load-configuration.ts";

/** What the Teams app package says about this installation. */
export interface AppIdentity {
  readonly organisation: string;
  /** Without a slash at the end; https, since Teams calls no other. */
  readonly publicUrl: string;
  /** The application id of the app registration, a GUID in lower case. */
  readonly appId: string;
  readonly language: Language;
}

/** The sections that hold it; the others, and their secrets, are left alone. */
const Sections = z.object({
  organisation: z.unknown().optional(),
  publicUrl: z.unknown().optional(),
  teams: z.object({ appId: z.unknown().optional() }).prefault({}),
});

const Identity = z.object({
  organisation: Line,
  publicUrl: PublicUrl.refine((url) => url.startsWith("https://"), expects("httpsUrl")),
  teams: z.object({
    appId: z.guid(expects("appId")).toLowerCase(),
  }),
});

/**
 * Reads the few settings that the Teams app package needs, so that it can be made at a desk where no secret is set.
 * Throws ConfigurationError with all of their problems.
 */
export function loadAppIdentity(path: string, environment: Environment): AppIdentity {
  const document = parseYaml(path, loadText(path));
  const findings = new Findings(document);
  const sections = parseSection(Sections, document.value, [], findings);
  const settings = fillIn(sections, [], environment, findings);
  const identity = sections && parseSection(Identity, settings, [], findings);
  if (identity === null || findings.problems.length > 0)
    throw new ConfigurationError(path, findings.problems, findings);
  const { organisation, publicUrl, teams } = identity;
  return { organisation, publicUrl, appId: teams.appId, language: findings.language };
}
