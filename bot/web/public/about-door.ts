import { Router } from "express";
import { type Language, languages } from "../../domain/language.ts";
import { type AboutWords, about, aboutHeadings } from "../../words/public/about.ts";
import { type Html, html } from "../http/html.ts";
import { htmlHeaders, sendHtml } from "../http/html-response.ts";
import { refuseAllBut, takeGet } from "../http/methods.ts";

/** Whom to ask about this installation; each null: the configuration does not say. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  /** The address of a privacy statement. */
  readonly privacy: string | null;
}

export interface AboutDoorOptions {
  readonly organisation: string;
  /** The language that stands first. */
  readonly language: Language;
  readonly contact: Contact;
}

/**
 * `GET /`: what this is, privacy and contact, in both languages, without a token: the links of the Teams app lead here.
 * It says nothing of how the bot is, of alarms, or of its version.
 */
export function createAboutDoor({ organisation, language, contact }: AboutDoorOptions): Router {
  const others = languages.filter((each) => each !== language);
  const sections = [language, ...others].map((each) => renderAbout(each, organisation, contact));
  const page = {
    title: aboutHeadings.page,
    body: html`<header class="calm">${aboutHeadings.page}</header><main id="privacy"><h1>${organisation}</h1>${sections}</main>`,
  };
  const router = Router();
  router.all(
    "/",
    htmlHeaders,
    takeGet((_request, response) => sendHtml(response, 200, language, page)),
    refuseAllBut("GET", "HEAD"),
  );
  return router;
}

function renderAbout(language: Language, organisation: string, { name, email, privacy }: Contact): Html {
  const words: AboutWords = about[language];
  return html`<section lang="${language}" aria-labelledby="${language}">
<h2 id="${language}">${aboutHeadings.language[language]}</h2>
<p>${words.what(organisation)}</p>
<p class="note">${words.notForAlarms}</p>
<h3>${aboutHeadings.privacy}</h3>
${words.privacy.map((line) => html`<p>${line}</p>`)}
${privacy === null ? null : html`<p><a href="${privacy}">${words.privacyLink}</a></p>`}
<h3>${aboutHeadings.contact}</h3>
<p>${words.contact(name ?? organisation)}</p>
${email === null ? null : html`<p><a href="mailto:${email}">${email}</a></p>`}
</section>`;
}
