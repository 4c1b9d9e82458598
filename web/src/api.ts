// The server's JSON API, on the same origin.

export interface Config {
  livekit?: { url?: string; force_wss_protocol?: boolean };
  is_silent_login_enabled?: boolean;
}

export interface User {
  id: string;
  email: string | null;
  full_name: string | null;
  short_name: string | null;
}

export type AccessLevel = "public" | "trusted" | "restricted";

export interface Room {
  id: string | null;
  name?: string;
  slug: string;
  access_level?: AccessLevel;
  accesses?: { role: string; user: { id: string } | string | null }[];
  livekit?: { url: string; room: string; token: string };
}

export interface Page<T> {
  count: number;
  next: string | null;
  results: T[];
}

/** An answer other than 2xx, or no answer at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown = null,
  ) {
    super(`API error ${status}`);
  }
}

const prefix = "/api/v1.0";

function csrfToken(): string | null {
  const value = /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie)?.[1];
  return value ? decodeURIComponent(value) : null;
}

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const token = method === "GET" ? null : csrfToken();
  if (token) headers["X-CSRFToken"] = token;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(prefix + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "include",
      cache: "no-store",
      signal: AbortSignal.timeout(20_000),
    });
    text = await answer.text();
  } catch {
    throw new ApiError(0);
  }
  let data: unknown = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    if (answer.ok) throw new ApiError(502); // not from the API: some proxy answered
  }
  if (!answer.ok) throw new ApiError(answer.status, data);
  return data as T;
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
  createRoom: (name: string) => request<Room>("POST", "/rooms/", { name }),
  setAccess: (room: string, level: AccessLevel) =>
    request<Room>("PATCH", `/rooms/${id(room)}/`, { access_level: level }),
  deleteRoom: (room: string) => request<null>("DELETE", `/rooms/${id(room)}/`),
};

export function signInUrl(silent = false): string {
  return `${prefix}/authenticate/?returnTo=${id(location.href)}${silent ? "&silent=true" : ""}`;
}

export const signOutUrl = `${prefix}/logout/`;

export const roomLink = (slug: string): string => `${location.origin}/${id(slug)}`;
