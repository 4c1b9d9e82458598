// The server's JSON API within a meeting and at its door.
import type { LiveKit, Source } from "./api";
import { request, send, type Answer, type Options } from "./http";

export interface Entry {
  status: "waiting" | "accepted" | "denied" | "unknown";
  livekit: LiveKit | null;
}

export interface Waiting {
  id: string;
  username: string;
  color: string;
}

export interface Removed {
  id: string;
  name: string;
  removed_at: string;
}

const action = (room: string, name: string): string => `/rooms/${encodeURIComponent(room)}/${name}/`;

/** The server answers when something changes (RFC 7240), so it is given more time than usual. */
const held = (headers: Record<string, string> = {}): Options => ({ headers: { Prefer: "wait=20", ...headers }, timeout: 35_000 });

/** How it stands with the visitor at the door; a patient question is answered when that changes. */
export function knockAt(room: string, username: string, patient: boolean, signal: AbortSignal): Promise<Entry> {
  return request("POST", action(room, "request-entry"), { body: { username }, signal, ...(patient ? held() : {}) });
}

/** Who waits; with the ETag of the last answer the server takes its time until that is outdated. */
export function waitingPeople(room: string, etag: string | null, signal: AbortSignal): Promise<Answer<{ participants: Waiting[] }>> {
  return send("GET", action(room, "waiting-participants"), { signal, ...(etag ? held({ "If-None-Match": etag }) : {}) });
}

/** What one person may do in one meeting: as moderator by session, else by the token of the meeting. */
export class MeetingApi {
  constructor(
    private readonly room: string,
    private readonly livekit: LiveKit,
    private readonly moderator: boolean,
  ) {}

  admit = (id: string, allow: boolean): Promise<unknown> => this.post("enter", { participant_id: id, allow_entry: allow });
  removed = async (): Promise<Removed[]> =>
    (await request<{ participants: Removed[] }>("GET", action(this.room, "removed-participants"))).participants;
  readmit = (identity: string): Promise<unknown> => this.post("readmit-participant", { participant_identity: identity });
  remove = (identity: string): Promise<unknown> => this.post("remove-participant", { participant_identity: identity });
  muteAll = (): Promise<unknown> => this.post("mute-all");
  end = (): Promise<unknown> => this.post("end");

  lowerHand(identity: string): Promise<unknown> {
    return this.post("update-participant", { participant_identity: identity, attributes: { handRaisedAt: "" } });
  }

  /** LiveKit takes the whole set of rights at once. */
  allow(identity: string, sources: Source[]): Promise<unknown> {
    const permission = {
      can_subscribe: true,
      can_publish_data: true,
      can_publish: sources.length > 0,
      can_publish_sources: sources,
    };
    return this.post("update-participant", { participant_identity: identity, permission });
  }

  mute(identity: string, track: string): Promise<unknown> {
    const body = { participant_identity: identity, track_sid: track };
    return this.moderator ? this.post("mute-participant", body) : this.postWithToken("mute-participant", body);
  }

  raiseHand = (raised: boolean): Promise<unknown> => this.postWithToken("toggle-hand", { raised });

  private post(name: string, body?: unknown): Promise<unknown> {
    return request("POST", action(this.room, name), { body });
  }

  private postWithToken(name: string, body: unknown): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.livekit.token}` };
    return request("POST", action(this.livekit.room, name), { body, headers });
  }
}
