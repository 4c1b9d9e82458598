// Turns failures into sentences for people.
import { ApiError } from "./http";
import { t, type Key } from "./i18n";

// Where the server puts its sentence; other members of such an object are for programs.
const sentences = ["detail", "error", "message", "msg"];

function detailOf(body: unknown): string {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return body.map(detailOf).filter(Boolean).join(" ");
  if (!body || typeof body !== "object") return "";
  const entries = Object.entries(body);
  const sentence = entries.find(([key]) => sentences.includes(key));
  return detailOf(sentence ? sentence[1] : entries.map(([, value]) => value as unknown));
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

export const isRefusal = (error: unknown): boolean => error instanceof ApiError && (error.status === 401 || error.status === 403);

/** What went wrong on the way into a meeting. */
export const joinMessage = (error: unknown): string => (isRefusal(error) ? t("joinForbidden") : apiMessage(error));

/** What went wrong with something done to a person in the meeting. */
export const personMessage = (error: unknown): string =>
  error instanceof ApiError && error.status === 404 ? t("personGone") : apiMessage(error);

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
