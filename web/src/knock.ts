// Knocks at the door of a room until somebody decides.
import type { LiveKit } from "./api";
import { ApiError, isPassing } from "./http";
import { knockAt } from "./meetingapi";
import { Pace } from "./pace";

export type Mood = "waiting" | "unreachable" | "busy";
export type Decision = { allowed: true; livekit: LiveKit } | { allowed: false };

// The server remembers a refusal for some seconds; a new question is not answered by the old refusal.
const refusalMemory = 7000;

/** Fails when knocking is of no use: an unknown room, a person kept out, or the signal. */
export async function knock(
  room: string,
  name: string,
  signal: AbortSignal,
  onMood: (mood: Mood) => void,
  refusedAt = -Infinity,
): Promise<Decision> {
  const pace = new Pace(signal);
  let patient = true;
  let asked = performance.now() - refusedAt > refusalMemory;
  while (await pace.turn()) {
    try {
      const { status, livekit } = await knockAt(room, name, patient, signal);
      pace.succeeded();
      patient = true;
      if (status === "accepted" && livekit) return { allowed: true, livekit };
      asked ||= status !== "denied" || performance.now() - refusedAt > refusalMemory;
      if (status === "denied" && asked) return { allowed: false };
      onMood("waiting");
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      pace.failed(error);
      patient = false; // some networks cut requests that are held, and the visitor wants to know soon that all is well
      onMood(error instanceof ApiError && error.status === 429 ? "busy" : "unreachable");
    }
  }
  throw new ApiError(0);
}
