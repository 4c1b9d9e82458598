// The server's JSON API around a meeting; meetingapi.ts is the one within.
import { ApiError, prefix, request } from "./http";

export interface Config {
  livekit?: { url?: string; force_wss_protocol?: boolean; default_sources?: Source[] };
  is_silent_login_enabled?: boolean;
}

export interface User {
  id: string;
  email: string | null;
  full_name: string | null;
  short_name: string | null;
}

export type AccessLevel = "public" | "trusted" | "restricted";
export type Source = "camera" | "microphone" | "screen_share" | "screen_share_audio";

export interface Configuration {
  /** Null or absent: what the server allows by default. */
  can_publish_sources?: Source[] | null;
  /** Null or absent: yes. */
  everyone_can_mute?: boolean | null;
}

export interface LiveKit {
  url: string;
  room: string;
  token: string;
}

export interface Room {
  id: string | null;
  name?: string;
  slug: string;
  access_level?: AccessLevel;
  configuration?: Configuration;
  is_administrable?: boolean;
  accesses?: { role: string; user: { id: string } | string | null }[];
  livekit?: LiveKit | null;
}

export interface Page<T> {
  count: number;
  next: string | null;
  results: T[];
}

const id = encodeURIComponent;

export const api = {
  config: () => request<Config>("GET", "/config/"),
  async me(): Promise<User | null> {
    try {
      return await request<User>("GET", "/users/me/");
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
      throw error;
    }
  },
  rooms: (page: number) => request<Page<Room>>("GET", `/rooms/?page=${page}`),
  room: (slug: string, username: string) =>
    request<Room>("GET", `/rooms/${id(slug)}/${username ? `?username=${id(username)}` : ""}`),
  createRoom: (name: string) => request<Room>("POST", "/rooms/", { body: { name } }),
  changeRoom: (room: string, change: { access_level: AccessLevel } | { configuration: Configuration }) =>
    request<Room>("PATCH", `/rooms/${id(room)}/`, { body: change }),
  deleteRoom: (room: string) => request<null>("DELETE", `/rooms/${id(room)}/`),
};

/** Names a room in the API; unlike the slug, the id survives that somebody renames the room. */
export const keyOf = (room: Room): string => room.id ?? room.slug;

/** Only moderators are shown the accesses; servers that say it in so many words are believed first. */
export const mayModerate = (room: Room): boolean => room.is_administrable ?? room.accesses !== undefined;

export function signInUrl(silent = false): string {
  return `${prefix}/authenticate/?returnTo=${id(location.href)}${silent ? "&silent=true" : ""}`;
}

export const signOutUrl = `${prefix}/logout/`;

export const roomLink = (slug: string): string => `${location.origin}/${id(slug)}`;

/** What the browser shows as the title of a page of the room. */
export const titleOf = (room: Room): string => `${room.name || room.slug} – Meet`;
