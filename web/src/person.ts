// What the server tells about a participant, through LiveKit attributes.
import { ParticipantKind, type Participant } from "livekit-client";
import { t } from "./i18n";

export const nameOf = (person: Participant): string => person.name || person.identity || t("guest");

const roleOf = (person: Participant): string => person.attributes.room_role ?? "";

export const isOwner = (person: Participant): boolean => roleOf(person) === "owner";

/** Moderators may publish everything, whatever the room's rules say. */
export const isPrivileged = (person: Participant): boolean => isOwner(person) || roleOf(person) === "administrator";

/** Services, such as a recorder, follow no rules that are meant for people. */
export const isService = (person: Participant): boolean =>
  [ParticipantKind.AGENT, ParticipantKind.EGRESS, ParticipantKind.INGRESS].includes(person.kind);

export const raisedAt = (person: Participant): string => person.attributes.handRaisedAt ?? "";

function byHand(a: Participant, b: Participant): number {
  const [first, second] = [raisedAt(a), raisedAt(b)];
  return Date.parse(first) - Date.parse(second) || (first < second ? -1 : 1);
}

/** Raised hands in the order they were raised, then everybody else as given. */
export function inOrder(people: Participant[]): { raised: Participant[]; others: Participant[] } {
  return {
    raised: people.filter((person) => raisedAt(person)).sort(byHand),
    others: people.filter((person) => !raisedAt(person)),
  };
}
