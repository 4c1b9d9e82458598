// The rules of a room as they are at the moment; its metadata tells when they change.
import type { AccessLevel, Configuration, Room, Source } from "./api";
import type { Key } from "./i18n";
import { session } from "./session";

export const accessKeys: Record<AccessLevel, Key> = {
  public: "accessPublic",
  trusted: "accessTrusted",
  restricted: "accessRestricted",
};
export const accessLevels = Object.keys(accessKeys) as AccessLevel[];

const everything: Source[] = ["camera", "microphone", "screen_share", "screen_share_audio"];

const isLevel = (value: unknown): value is AccessLevel => accessLevels.some((level) => level === value);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(metadata: string): object {
  try {
    const value: unknown = JSON.parse(metadata);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export class Rules {
  accessLevel: AccessLevel = "public";
  configuration: Configuration = {};

  constructor(room: Room) {
    this.adopt(room);
  }

  /** Takes over what the answer of the server or the metadata of the room contains. */
  adopt(source: { access_level?: unknown; configuration?: unknown }): void {
    if (isLevel(source.access_level)) this.accessLevel = source.access_level;
    if (isObject(source.configuration)) this.configuration = source.configuration;
  }

  read(metadata: string | undefined): void {
    if (metadata) this.adopt(parsed(metadata));
  }

  /** What people who are not moderators may publish. */
  get sources(): Source[] {
    const chosen = this.configuration.can_publish_sources ?? session.config.livekit?.default_sources ?? everything;
    return Array.isArray(chosen) ? everything.filter((source) => chosen.includes(source)) : everything;
  }

  get everyoneCanMute(): boolean {
    return this.configuration.everyone_can_mute !== false;
  }
}
