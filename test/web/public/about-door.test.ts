import { expect, it } from "vitest";
import { about, aboutHeadings } from "../../../bot/words/public/about.ts";
import { openDoors } from "../doors.ts";

const contact = { name: "Servicedesk", email: "beheer@gemeente.example.nl", privacy: "https://gemeente.example.nl/p" };

it("says what this is, what is kept, and whom to ask, in both languages and to anybody", async () => {
  await using doors = await openDoors({ contact });
  const answer = await fetch(doors.url);
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const language of ["nl", "en"] as const) {
    const words = about[language];
    const said = [words.what("Gemeente Voorbeeld"), ...words.privacy, words.privacyLink, words.contact("Servicedesk")];
    for (const sentence of [...said, words.notForAlarms]) expect(page).toContain(sentence.replaceAll("'", "&#39;"));
    // Whoever reads down to another language sees where it begins, and hears it read out in that language.
    expect(page).toMatch(
      new RegExp(`<section lang="${language}"[^>]*>\\s*<h2[^>]*>${aboutHeadings.language[language]}<`),
    );
  }
  expect(page.indexOf('lang="nl"')).toBeLessThan(page.indexOf('<section lang="en"'));
  expect(page).toContain('href="mailto:beheer@gemeente.example.nl"');
  expect(page).toContain('href="https://gemeente.example.nl/p"');
});

it("sends who asks to the organisation where the configuration names nobody, and has no link to nothing", async () => {
  await using doors = await openDoors();
  const page = await (await fetch(doors.url)).text();
  expect(page).toContain(about.nl.contact("Gemeente Voorbeeld"));
  expect(page).not.toContain("href=");
});

it("answers GET and HEAD, and nothing else", async () => {
  await using doors = await openDoors();
  const statuses = await Promise.all(
    ["GET", "HEAD", "POST", "OPTIONS"].map(async (method) => (await fetch(doors.url, { method })).status),
  );
  expect(statuses).toEqual([200, 200, 405, 405]);
});
