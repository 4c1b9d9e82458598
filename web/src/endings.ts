// How a meeting can end for the visitor.
import { ConnectionError, ConnectionErrorReason, DisconnectReason } from "livekit-client";
import { api } from "./api";
import { t, type Key } from "./i18n";
import { session } from "./session";

export interface Ending {
  kind: "left" | "removed" | "signed-out" | "duplicate" | "closed" | "lost" | "failed";
  sentence: string | null;
}

const titles: Record<Ending["kind"], Key> = {
  left: "leftTitle",
  removed: "removedTitle",
  "signed-out": "signedOutTitle",
  duplicate: "endedTitle",
  closed: "closedTitle",
  lost: "lostTitle",
  failed: "failedTitle",
};

export const endingTitle = ({ kind }: Ending): string => t(titles[kind]);

export function endingOf(reason?: DisconnectReason): Ending {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return { kind: "left", sentence: null };
    case DisconnectReason.DUPLICATE_IDENTITY:
      return { kind: "duplicate", sentence: t("wasDuplicate") };
    case DisconnectReason.PARTICIPANT_REMOVED:
      return { kind: "removed", sentence: t("wasRemoved") };
    case DisconnectReason.ROOM_DELETED:
      return { kind: "closed", sentence: t("wasEnded") };
    case DisconnectReason.ROOM_CLOSED:
      return { kind: "closed", sentence: t("wasClosed") };
    case DisconnectReason.SERVER_SHUTDOWN:
      return { kind: "lost", sentence: t("wasShutdown") };
    default:
      return { kind: "lost", sentence: t("wasLost") };
  }
}

/** Why connecting did not work; the server may also have shown the visitor out at once. */
export function failureOf(error: unknown): Ending {
  if (error instanceof ConnectionError) {
    if (error.reason === ConnectionErrorReason.NotAllowed) return { kind: "failed", sentence: t("mediaRefused") };
    if (error.reason === ConnectionErrorReason.LeaveRequest) {
      const ending = endingOf(error.context as DisconnectReason);
      if (ending.kind !== "left" && ending.kind !== "lost") return ending;
    }
  }
  return { kind: "failed", sentence: t("mediaUnreachable") };
}

/** Somebody who was put out while signed in may have been signed out meanwhile: the server knows. */
export async function explained(ending: Ending): Promise<Ending> {
  if (ending.kind !== "removed" || !session.user) return ending;
  const user = await api.me().catch(() => session.user);
  if (user) return ending;
  session.user = null;
  return { kind: "signed-out", sentence: t("wasSignedOut") };
}
