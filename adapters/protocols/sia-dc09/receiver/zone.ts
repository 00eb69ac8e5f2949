/** The button of a zone: the panel's account and the zone, as in 1A2B/7. */
export function toZoneButton(account: string, zone: string): string {
  return `${account}/${zone}`;
}

/** The account of the panel that a button is a zone of; null for what is no zone. */
export function toPanel(button: string): string | null {
  const at = button.lastIndexOf("/");
  return at <= 0 ? null : button.slice(0, at);
}
