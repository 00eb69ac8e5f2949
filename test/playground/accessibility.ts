import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe has against that page; each of those rules has found something to look at. */
export async function findings(page: Page, expected: readonly string[]): Promise<unknown[]> {
  // No frame is on it, so it needs no page of its own to gather the results of frames.
  const { violations, passes } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode(true).analyze();
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining([...expected]));
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}

export async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>("document.documentElement.scrollWidth > document.documentElement.clientWidth");
}
