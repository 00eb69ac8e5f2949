import type { Generated } from "kysely";
import type { SeenKind } from "../../domain/device/last-seen.ts";
import type { DeliveryReason } from "../../domain/incident/incident.ts";
import type { RingRoute } from "../../domain/person.ts";
import type { AlarmOutcome } from "../../ports/store/alarms.ts";
import type { LaneName } from "../../ports/store/outbox.ts";
import type { SettingSubject } from "../../ports/store/settings.ts";
import type { MessageKind } from "../../ports/store/teams.ts";

/**
 * The tables as the newest migration leaves them. Columns that end in `_at` or `_until` are epoch milliseconds UTC,
 * `body` and `outgoing` are JSON. A column typed as one of our words holds it because only this folder writes here.
 */
export interface Tables {
  incidents: {
    number: Generated<number>;
    id: string;
    /** Which form `body` has; see `incidentShape`. */
    shape: number;
    version: number;
    source: string;
    button: string;
    channel: string;
    fixed_place: string | null;
    opened_at: number;
    closed_at: number | null;
    next_at: number | null;
    body: string;
  };
  history: { incident: string; seq: number; at: number; body: string };
  policies: { hash: string; body: string };
  alarms: { source: string; key: string; incident: string | null; outcome: AlarmOutcome; received_at: number };
  /** When each kind of message of a button was last seen. */
  buttons: { source: string; button: string; kind: SeenKind; at: number; battery: number | null };
  /** States that last until they end, by the name of a state or the button in lower case. Flags are 0 or 1. */
  button_states: {
    source: string;
    name: string;
    is_on: number;
    run: string | null;
    was_off: number;
    message: string | null;
    at: number;
  };
  visits: { person: string; name: string; started_at: number; ends_at: number; asked: number; next_at: number };
  /** `next_at` null: the test is over. */
  route_tests: { id: string; next_at: number | null; body: string };
  outbox: {
    id: Generated<number>;
    key: string;
    lane: LaneName;
    incident: string;
    outgoing: string;
    due_at: number;
    leased_until: number;
    /** The later of the two above: the moment from which the row can be leased, stored so that an index can find it. */
    ready_at: number;
    attempts: number;
    wanted: number;
    last_reason: DeliveryReason | null;
  };
  boards: {
    incident: string;
    conversation: string;
    service_url: string;
    activity: string;
    shown: string;
    shown_at: number;
    replied_to: number;
    posted_at: number;
    ring: number;
    rung: string;
    tag_rung: number;
  };
  /** `activity` "": none can be edited. `asked_to`: `seq` of the last line that was asked about. */
  round_replies: { incident: string; card: string; activity: string; from_seq: number; asked_to: number };
  /** `incident` "": it belongs to none. */
  messages: {
    incident: string;
    conversation: string;
    activity: string;
    service_url: string;
    kind: MessageKind;
    at: number;
  };
  /** `activity` null: it is still to be posted. */
  chat_cards: {
    person: string;
    incident: string;
    message: string;
    conversation: string;
    service_url: string;
    activity: string | null;
    at: number;
    shown: string;
    shown_at: number;
  };
  /** `activity` "": none stands there. */
  presser_cards: {
    person: string;
    conversation: string;
    service_url: string;
    activity: string;
    incident: string;
    shown: string;
    shown_at: number;
  };
  /** `incident` "": about no alarm. */
  follow_ups: {
    person: string;
    activity: string;
    conversation: string;
    service_url: string;
    shows: "alarm" | "visit" | "visit-ended" | "no-visit" | "elsewhere";
    incident: string;
    since: number;
    shown: string;
    shown_at: number;
  };
  channels: {
    name: string;
    conversation: string;
    service_url: string;
    tenant: string | null;
    team: string | null;
    team_group: string | null;
  };
  members: { id: string; name: string; teams_id: string; conversation: string | null; service_url: string };
  /** A row without a subject has a name that no version knew when settings were brought under subjects. */
  settings: { subject: SettingSubject; name: string; value: string };
  /** Personal data: by `Person.id`. */
  usual_places: { person: string; place: string };
  /** Personal data: by `Person.id`. Columns that end in `_on` are dates of days as ISO 8601 writes them. */
  proven_routes: {
    person: string;
    route: RingRoute;
    known_on: string;
    asked_on: string | null;
    proven_on: string | null;
  };
}
