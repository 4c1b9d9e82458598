// Gives everybody in the meeting the rights that the room's rules now say.
import type { Source } from "./api";
import { ApiError } from "./http";
import { isPrivileged, isService } from "./person";
import type { Scope } from "./scope";

const atOnce = 5;

/** Resolves to the number of people whom the change did not reach. */
export async function grant({ room, api, signal }: Scope, sources: Source[]): Promise<number> {
  const people = [...room.remoteParticipants.values()].filter((person) => !isPrivileged(person) && !isService(person));
  let missed = 0;
  const work = async (): Promise<void> => {
    for (let person = people.pop(); person && !signal.aborted; person = people.pop()) {
      try {
        await api.allow(person.identity, sources);
      } catch (error) {
        const gone = error instanceof ApiError && error.status === 404;
        if (!gone) missed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return missed;
}
