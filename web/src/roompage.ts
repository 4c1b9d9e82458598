// The page of a room: look it up, pre-join, meeting, afterwards.
import { api, ApiError, signInUrl, type Room } from "./api";
import { h } from "./dom";
import { apiMessage } from "./errors";
import { t } from "./i18n";
import { prejoin, rememberedName, type Choices } from "./prejoin";
import { draw, type PageView } from "./router";
import { Meeting } from "./room";
import { session } from "./session";
import { homeLink, loading, notify, statusPage } from "./shell";

export function roomPage(slug: string): PageView {
  return async (root, signal) => {
    const retry = (label: string): HTMLElement =>
      h("button", { type: "button", class: "button primary", testid: "rejoin", onclick: () => draw() }, label);

    const denied = (): void => {
      if (session.user) {
        statusPage(root, t("deniedTitle"), t("deniedSignedIn"), retry(t("retry")), homeLink());
        return;
      }
      const signIn = h("a", { class: "button primary", href: signInUrl() }, t("signIn"));
      statusPage(root, t("deniedTitle"), t("deniedSignIn"), signIn, homeLink());
    };

    const meet = async (room: Room & { livekit: object }, choices: Choices): Promise<void> => {
      const meeting = new Meeting(root, room, choices);
      const stop = (): void => void meeting.leave();
      signal.addEventListener("abort", stop, { once: true });
      const { kind, sentence } = await meeting.run();
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return;
      const title = kind === "left" ? t("leftTitle") : kind === "ended" ? t("endedTitle") : t("failedTitle");
      statusPage(root, title, sentence, retry(kind === "failed" ? t("retry") : t("rejoin")), homeLink());
    };

    /** The token is asked for at the last moment, under the chosen name. */
    const join = async (choices: Choices): Promise<boolean> => {
      try {
        const room = await api.room(slug, choices.name);
        if (signal.aborted) return true;
        if (room.livekit) void meet({ ...room, livekit: room.livekit }, choices);
        else denied();
        return true;
      } catch (error) {
        if (!signal.aborted) notify(apiMessage(error), { kind: "error" });
        return false;
      }
    };

    document.title = `${slug} – Meet`;
    root.replaceChildren(loading());
    try {
      const room = await api.room(slug, rememberedName());
      if (signal.aborted) return;
      if (room.livekit) prejoin(root, { ...room, slug: room.slug || slug }, join, signal);
      else denied();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 404) {
        statusPage(root, t("roomNotFoundTitle"), t("roomNotFound"), homeLink());
        return;
      }
      statusPage(root, t("failedTitle"), apiMessage(error), retry(t("retry")), homeLink());
    }
  };
}
