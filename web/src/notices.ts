// Tells the visitor what other people have changed in the meeting.
import { RoomEvent, Track } from "livekit-client";
import { t } from "./i18n";
import { nameOf } from "./person";
import type { Scope } from "./scope";
import { notify } from "./shell";

export function announceOthers({ room, rules, signal }: Scope, isOwnDoing: () => boolean): void {
  room
    .on(RoomEvent.ParticipantAttributesChanged, ({ handRaisedAt }, person) => {
      if (handRaisedAt === undefined || signal.aborted) return;
      if (person.isLocal) notify(handRaisedAt ? t("yourHandIsUp") : t("yourHandIsDown"));
      else if (handRaisedAt) notify(t("handRaisedBy", { name: nameOf(person) }));
    })
    .on(RoomEvent.TrackMuted, (publication, person) => {
      const mine = person.isLocal && publication.source === Track.Source.Microphone;
      if (mine && !isOwnDoing() && !signal.aborted) notify(t("wasMuted"), { sticky: true });
    })
    .on(RoomEvent.RoomMetadataChanged, (metadata) => rules.read(metadata));
}
