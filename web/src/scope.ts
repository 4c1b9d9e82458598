// What the parts of a meeting share.
import type { Room as LiveKitRoom } from "livekit-client";
import type { LiveKit, Room } from "./api";
import type { MeetingApi } from "./meetingapi";
import type { Rules } from "./rules";

/** A room whose door is open. */
export type OpenRoom = Room & { livekit: LiveKit };

export interface Scope {
  info: OpenRoom;
  room: LiveKitRoom;
  api: MeetingApi;
  rules: Rules;
  moderator: boolean;
  /** Aborts when the meeting is over for the visitor. */
  signal: AbortSignal;
}

/** The server knows nothing of hands and microphones in rooms that nobody registered. */
export const isRegistered = ({ info }: Scope): boolean => info.id !== null;
