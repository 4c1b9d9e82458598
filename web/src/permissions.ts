// What the visitor may publish; moderators can change it during the meeting.
import { RoomEvent, Track, type LocalParticipant, type Participant } from "livekit-client";
import { language, t, type Key } from "./i18n";
import type { Scope } from "./scope";
import { notify } from "./shell";

type Permissions = Participant["permissions"];

const names: [Track.Source, Key][] = [
  [Track.Source.Microphone, "microphone"],
  [Track.Source.Camera, "camera"],
  [Track.Source.ScreenShare, "screenSharing"],
];

export function mayPublish(permissions: Permissions, source: Track.Source): boolean {
  if (!permissions) return true;
  const { canPublish, canPublishSources } = permissions;
  // To LiveKit, no list means everything.
  return canPublish && (canPublishSources.length === 0 || canPublishSources.includes(Track.sourceToProto(source)));
}

function withdraw(me: LocalParticipant, source: Track.Source): void {
  const track = me.getTrackPublication(source)?.track;
  if (track) void me.unpublishTrack(track).catch(() => undefined);
}

function tell(key: Key, sources: [Track.Source, Key][]): void {
  if (sources.length === 0) return;
  const list = new Intl.ListFormat(language(), { type: "conjunction" }).format(sources.map(([, name]) => t(name)));
  notify(t(key, { list }), { sticky: true });
}

/** Tells a visitor who arrives what is switched off for them. */
export function tellForbidden({ room }: Scope): void {
  tell("sourcesLost", names.filter(([source]) => !mayPublish(room.localParticipant.permissions, source)));
}

/** Stops what is no longer allowed and tells the visitor. */
export function followPermissions({ room, signal }: Scope): void {
  room.on(RoomEvent.ParticipantPermissionsChanged, (before, participant) => {
    const me = room.localParticipant;
    if (participant !== me || !before || signal.aborted) return; // without "before", on arrival
    const could = (source: Track.Source): boolean => mayPublish(before, source);
    const can = (source: Track.Source): boolean => mayPublish(me.permissions, source);
    for (const source of Object.values(Track.Source)) if (!can(source)) withdraw(me, source);
    tell("sourcesRegained", names.filter(([source]) => can(source) && !could(source)));
    tell("sourcesLost", names.filter(([source]) => could(source) && !can(source)));
  });
}
