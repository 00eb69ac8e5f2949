import type { EventText } from "./event-text.ts";

/** What is not as it should be; the bot goes on by itself. Adapters note these. */
export const warnings = {
  "activity-not-remembered": {
    means: "What an activity teaches of channels and members could not be saved; the next one teaches it again.",
    todo: "Look after the disk.",
  },
  "activity-refused": {
    means: "A request to `/api/messages` was not from our Teams; `reason` says why, `claim` what of its token.",
    todo: "Nothing, unless Teams is silent too: then compare app, tenant and clock with the configuration.",
  },
  "alarm-broken-off": {
    means: "A sender hung up in the middle of a message. What came of it was taken where the head proved who sent it.",
    todo: "See whether `alarm-taken` of that source follows; when not, look at the sender and its network.",
  },
  "alarm-centre-answer-not-counted": {
    means: "The alarm centre answered with another time than ours; its answers count from the next one on.",
    todo: "Have the two clocks compared.",
  },
  "alarm-centre-clock-not-ours": {
    means: "The alarm centre refused our time; from now on its events carry the receiver's time.",
    todo: "Compare both clocks when `offsetS` is no whole number of hours.",
  },
  "alarm-centre-clock-not-saved": {
    means: "How far the receiver's clock is from ours is not on disk; it is learned again after a start.",
    todo: "Look after the disk.",
  },
  "alarm-centre-clock-passed-over": {
    means: "A receiver's time more than a day from ours was not believed: it takes nothing from us.",
    todo: "Have that receiver's clock, or ours, put right today.",
  },
  "alarm-centre-event-dropped": {
    means: "An event that the alarm centre had not taken for long was dropped; its alarm may be over.",
    todo: "Find out why the alarm centre does not answer.",
  },
  "alarm-centre-event-of-other-settings-dropped": {
    means: "An event from before the settings were changed was dropped.",
  },
  "alarm-centre-event-postponed": {
    means: "An event without an answer made room for another; its own next try sends it again.",
    todo: "Find out why the alarm centre does not answer.",
  },
  "alarm-centre-event-refused": {
    means: "The alarm centre answered that it can't process an event.",
    todo: "Ask the alarm centre whether the account and the codes are set up there.",
  },
  "alarm-centre-event-taken-bare": {
    means: "The alarm centre took an alarm only without the place or the position in it.",
    todo: "Ask which extended data its receiver reads, and switch off `text` or `position` until it reads both.",
  },
  "alarm-centre-journal-damaged": {
    means: "What is remembered of the alarm centre could not be understood; it starts empty.",
    todo: "Nothing; the alarm centre may get an event twice.",
  },
  "alarm-centre-journal-not-read": {
    means: "What is remembered of the alarm centre could not be read yet; sending goes on without it.",
    todo: "Look after the disk.",
  },
  "alarm-centre-journal-not-saved": {
    means: "What is remembered of the alarm centre is not on disk: events are sent from memory.",
    todo: "Look after the disk.",
  },
  "alarm-centre-key-read-otherwise": {
    means: "A receiver reads the key's 32 hexadecimal digits in the other way; `reading` says how it goes on.",
    todo: "Nothing; write the key as `adapters/pagers/README.md` says when it comes again and again.",
  },
  "alarm-centre-receiver-lost": {
    means: "A receiver of the alarm centre did not take several polls in a row; `why` names the host and the code.",
    todo: "Call the alarm centre; see `pager-lost`.",
  },
  "alarm-refused": {
    means: "A message to a source was refused; `status` is the answer, `more` counts others like it since.",
    todo: "401: compare token or signature, and the sender's clock; 404 and 400: its address; 405: its method; 413: its length.",
  },
  "answer-not-sent": {
    means: "Who typed or clicked in Teams could not be answered.",
    todo: "Nothing, unless it comes often: then look at the connection with Teams.",
  },
  "call-back-refused": {
    means: "A call-back to a pager was refused: no such pager, or it does not prove who sent it.",
    todo: "Compare what the provider signs with, and the public URL, with the configuration.",
  },
  "card-not-shown": {
    means: "A card for one person could not be sent; it is tried again, or its first words are said.",
    todo: "Nothing, unless it comes often: then look at the connection with Teams.",
  },
  "card-replaced": {
    means: "A new card follows one that Teams refused three times to change, or whose channel leads elsewhere now.",
    todo: "If the channel was not linked elsewhere, ask that nobody deletes cards, and see whether the bot may post there.",
  },
  "card-without-id": {
    means: "Teams took a card and did not say its id, so that it counts as none and another one is posted.",
    todo: "Nothing, unless it comes often.",
  },
  "channel-not-linked": {
    means: "At a start, a channel of the configuration has no conversation yet: its alarms go to security at once.",
    todo: "Let a team lead say `koppel` and the channel's name to the bot in that channel, or anybody with the code.",
  },
  "channels-not-loaded": {
    means: "At a start, the links of channels could not be read; each is read again when it is used.",
    todo: "Look after the disk.",
  },
  "click-elsewhere": {
    means: "Somebody clicked for an incident from where it may not be answered, and was told nothing of it (rule 28).",
    todo: "If `person` may respond, let them do it in the channel, or put them in `people`. Else ask how they got the id.",
  },
  "code-wrong": {
    means: "Somebody typed a wrong code to link or to test; after ten in an hour none of theirs counts.",
    todo: "Ask `person` what they meant to do. If they guess, set another `teams.linkCode`.",
  },
  "configuration-warning": {
    means: "The configuration holds something that is allowed and may not be meant; `warning` says what.",
    todo: "Read it, and change the configuration or leave it. What lets others in is a trouble until it is changed, and the bot started again.",
  },
  "console-line": {
    means: "Code that is not ours told the console something, which stands here as `text`.",
    todo: "Nothing, unless it comes often: then report it.",
  },
  "delivery-failed": {
    means:
      "A card, message or page did not arrive this time; `retried` says whether it is tried again, `why` which host it was and with which code.",
    todo: 'Look at `reason` and `why`: "misconfigured" and "refused" are for you to solve.',
  },
  "doctor-refused": {
    means: "Somebody asked for the doctor with a wrong token.",
    todo: "Compare `doctorToken`; when it was none of you, see who reaches that address.",
  },
  "guard-link-refused": {
    means: "Somebody opened a guard's page with a link that is not ours.",
    todo: "Nothing, unless guards complain: then see whether their links arrive whole.",
  },
  "lines-left-out": {
    means:
      "Within a minute `count` lines of the event `of`, with the same source, pager or reason as here, were not written, since they said the same or came too often.",
  },
  "mail-partly-refused": {
    means: "The mail server took a page for some of its addresses and refused the others.",
    todo: "Look at the addresses of that pager.",
  },
  "member-not-looked-up": {
    means: "Whether the bot met somebody in Teams could not be read; they are mentioned by their Entra id.",
    todo: "Look after the disk.",
  },
  "member-unknown": {
    means: "Somebody of the configuration is not a member of the team, so that Teams can't reach them.",
    todo: "Add them to the team, or put their id in the configuration right.",
  },
  "metrics-refused": {
    means: "Somebody asked for `/metrics`, or what more `/health/ready` says, with a wrong token.",
    todo: "Compare `metricsToken`; when it was none of you, see who reaches that address.",
  },
  "mqtt-connected": { means: "The connection with the broker is back, after `mqtt-lost`." },
  "mqtt-lost": {
    means: "The connection with the broker is lost; it is tried again without end.",
    todo: "Look at `reason` and the broker when `mqtt-connected` does not follow.",
  },
  "mqtt-message-not-read": {
    means: "A message could not be read through a fault of the bot; it became an unreadable alarm.",
    todo: "Answer that alarm as any other, and report `err`.",
  },
  "mqtt-message-waits": {
    means: "The storage does not take a message; it waits and is tried again. Written once, when it begins.",
    todo: "Look after the disk.",
  },
  "mqtt-state-not-recorded": {
    means: "That a broker is there, or is not, could not be recorded; it is told again a minute later.",
    todo: "Look after the disk.",
  },
  "mqtt-subscription-refused": {
    means: "The broker refuses a topic; it is asked again, and the source is a trouble until it is granted.",
    todo: "Give the bot's user the right to read that topic.",
  },
  "mqtt-too-many-wait": {
    means: "So many messages wait for the storage that no more are taken from the broker.",
    todo: "Look after the disk at once; the broker keeps the others as far as it can.",
  },
  "mqtt-without-acknowledgement": {
    means: "The broker grants a topic without acknowledgements: a message may get lost on its way.",
    todo: "Allow quality of service 1 on that topic.",
  },
  "node-warning": {
    means: "Node itself, or a library, warns of something.",
    todo: "Report `err`.",
  },
  "pages-not-looked-through": {
    means: "The pages of the database could not be looked through, so that damage is found only where it is read.",
    todo: "See `why`; it is tried again. Look after the disk, the memory and the limits of processes.",
  },
  "policy-replaced": {
    means:
      "An open incident goes on under the policy of now, because its own named pagers or channels that have left the configuration: `gone`.",
    todo: "Nothing where they were taken out or renamed on purpose; else put them back.",
  },
  "reply-refused": {
    means: "Teams refused one line under a card; the card itself goes on.",
    todo: "Look at `err`; the line stands in the history.",
  },
  "request-not-read": {
    means: "A request reached no source; `code` is Node's, such as HPE_INVALID_METHOD, or CONNECT, as one to a proxy.",
    todo: "When a button calls from `remote`, mend how it writes its request: its press is lost.",
  },
  "route-test-failed": {
    means: "One try of a test of the routes failed; `retried` says whether it is tried again.",
    todo: "Look at `reason` and `why`, as with `delivery-failed`.",
  },
  "sent-unrecorded": {
    means: "A page, a card, a mention, a message or a call went out from memory, because the storage does not take it.",
    todo: "Look after the disk at once; write down by hand what happens.",
  },
  "sia-answer-not-sent": {
    means: "An answer to an alarm panel could not be sent; the panel sends its frame again.",
    todo: "Look at the network when it comes again.",
  },
  "sia-connection-broke": {
    means: "A connection with an alarm panel broke in the middle.",
    todo: "Look at the network when it comes again.",
  },
  "sia-connection-not-taken": {
    means: "The machine could not take a connection of an alarm panel.",
    todo: "Look at the limits of open files and at the network.",
  },
  "sia-datagram-failed": {
    means: "The socket for alarm panels over UDP reported an error.",
    todo: "Look at the network when it comes again.",
  },
  "sia-frame-not-stored": {
    means: "The alarms of a frame could not be recorded; the panel gets no receipt and sends it again.",
    todo: "Look after the disk.",
  },
  "sia-frame-refused": {
    means: "A frame was damaged or could not be read; the panel gets no answer and sends it again. `account`: whose.",
    todo: "Look at the line to the panel, and at its protocol, when it comes again.",
  },
  "sia-frame-unusual": {
    means: "A frame of an alarm panel needs a look; `reason` says why, and `account` whose it is.",
    todo: "Compare account, key and clock of that panel with the configuration.",
  },
  "sia-no-frame": {
    means: "Bytes came to the port for alarm panels that are no frame.",
    todo: "See who calls that port; it is open to panels only.",
  },
  "sia-strangers-left-out": {
    means: "Frames of accounts that are not configured came faster than is handled; some were left without an answer.",
    todo: "See who calls that port; it is open to panels only.",
  },
  "sia-too-many-connections": {
    means: "More connections than are allowed; the one that was quiet longest was ended.",
    todo: "See who calls that port; it is open to panels only.",
  },
  "sia-too-many-datagrams": {
    means: "More frames at once than can be handled; some were left for the panels to send again.",
    todo: "See who calls that port, and look after the disk.",
  },
  "signs-not-written": {
    means: "When buttons were heard last could not be written; it is tried again.",
    todo: "Look after the disk.",
  },
  "unproven-not-read": {
    means: "Who has not answered a ring test for long could not be read; `status` says so.",
    todo: "Look after the disk.",
  },
  "visit-late": {
    means: "Whether somebody is on a visit could not be read in time, so that they got the usual help.",
    todo: "Nothing; when it comes often the disk is too slow.",
  },
  "visit-not-read": {
    means: "Whether somebody is on a visit could not be read, so that they got the usual help.",
    todo: "Look after the disk.",
  },
  "zigbee-action-not-listed": {
    means: "A Zigbee button sent an action that `actions` does not list; it was taken for a press.",
    todo: "Put the action under `ignore` when it is no press, else under `actions`.",
  },
  "zigbee-fields-not-read": {
    means: "A Zigbee button sent fields that we don't know, which may say that it is pressed.",
    todo: "Press it: when no alarm comes, give it a topic of its own with `format: mapping`.",
  },
} as const satisfies Readonly<Record<string, EventText>>;
