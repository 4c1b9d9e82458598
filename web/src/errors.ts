// Turns failures into sentences for people.
import { ConnectionError, ConnectionErrorReason, DisconnectReason } from "livekit-client";
import { ApiError } from "./api";
import { t, type Key } from "./i18n";

function detailOf(body: unknown): string {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return body.map(detailOf).filter(Boolean).join(" ");
  if (body && typeof body === "object") return detailOf(Object.values(body));
  return "";
}

export function apiMessage(error: unknown): string {
  if (!(error instanceof ApiError)) return t("unexpected");
  const { status, body } = error;
  if (status === 0) return t("apiUnreachable");
  if (status === 401) return t("apiSignIn");
  if (status === 403) return t("apiForbidden");
  if (status === 404) return t("apiNotFound");
  if (status === 429) return t("apiTooMany");
  if (status >= 500) return t("apiBroken");
  const detail = detailOf(body);
  if (body && typeof body === "object" && "slug" in body && /exist/i.test(detail)) return t("slugTaken");
  return detail ? t("apiRefused", { detail }) : t("apiBroken");
}

export type Device = "camera" | "microphone" | "both";
const deviceNames: Record<Device, Key> = { camera: "theCamera", microphone: "theMicrophone", both: "theBoth" };

/** Browsers hide the devices altogether on pages that are not secure. */
export const hasMediaDevices = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

export function deviceMessage(error: unknown, which: Device): string {
  if (!hasMediaDevices()) return t("deviceInsecure");
  const device = t(deviceNames[which]);
  switch (error instanceof Error || error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return t("deviceDenied", { device });
    case "NotFoundError":
    case "OverconstrainedError":
      return t("deviceMissing", { device });
    case "NotReadableError":
    case "AbortError":
      return t("deviceBusy", { device });
    default:
      return t("deviceFailed", { device });
  }
}

export function connectMessage(error: unknown): string {
  if (error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed) return t("mediaRefused");
  return t("mediaUnreachable");
}

/** Why the room ended, or null when the visitor left. */
export function disconnectMessage(reason?: DisconnectReason): string | null {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return null;
    case DisconnectReason.DUPLICATE_IDENTITY:
      return t("wasDuplicate");
    case DisconnectReason.PARTICIPANT_REMOVED:
      return t("wasRemoved");
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return t("wasClosed");
    case DisconnectReason.SERVER_SHUTDOWN:
      return t("wasShutdown");
    default:
      return t("wasLost");
  }
}
