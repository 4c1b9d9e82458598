// "My rooms" on the home page.
import { api, roomLink, type AccessLevel, type Room, type User } from "./api";
import { copyText, h } from "./dom";
import { apiMessage } from "./errors";
import { t } from "./i18n";
import { accessKeys, accessLevels } from "./rules";
import { notify } from "./shell";

export async function copyLink(slug: string): Promise<void> {
  const link = roomLink(slug);
  if (await copyText(link)) notify(t("copied"));
  else notify(t("copyFailed", { link }), { sticky: true });
}

function ownedBy(room: Room, user: User): boolean {
  return (room.accesses ?? []).some((access) => {
    const holder = typeof access.user === "string" ? access.user : access.user?.id;
    return access.role === "owner" && holder === user.id;
  });
}

function accessSelect(room: Room & { id: string }): HTMLElement {
  let saved: AccessLevel = room.access_level ?? "public";
  const options = accessLevels.map((value) => h("option", { value }, t(accessKeys[value])));
  const name = room.name || room.slug;
  const change = async (): Promise<void> => {
    try {
      const level = select.value as AccessLevel;
      saved = (await api.changeRoom(room.id, { access_level: level })).access_level ?? level;
      notify(t("accessSaved"));
    } catch (error) {
      notify(apiMessage(error), { kind: "error" });
    }
    select.value = saved;
  };
  const select = h("select", { value: saved, "aria-label": t("accessOf", { name }), onchange: () => void change() }, ...options);
  return select;
}

function roomRow(room: Room, user: User, onRemoved: () => void): HTMLElement {
  const name = room.name || room.slug;
  const row = h(
    "li",
    {},
    h(
      "div",
      { class: "room-title" },
      h("a", { href: `/${encodeURIComponent(room.slug)}`, "data-nav": true }, name),
      h("span", { class: "hint" }, `/${room.slug}`),
    ),
  );
  const tools = h(
    "div",
    { class: "row" },
    h("button", { type: "button", class: "button", "aria-label": `${t("copyLink")} – ${name}`, onclick: () => void copyLink(room.slug) }, t("copyLink")),
  );
  const { id } = room;
  if (id !== null && room.accesses) tools.prepend(accessSelect({ ...room, id }));
  if (id !== null && ownedBy(room, user)) {
    const remove = async (): Promise<void> => {
      if (!window.confirm(t("removeConfirm", { name }))) return;
      try {
        await api.deleteRoom(id);
        row.remove();
        notify(t("removed"));
        onRemoved();
      } catch (error) {
        notify(apiMessage(error), { kind: "error" });
      }
    };
    tools.append(
      h("button", { type: "button", class: "button danger", "aria-label": t("removeOf", { name }), onclick: () => void remove() }, t("remove")),
    );
  }
  row.append(tools);
  return row;
}

export function myRooms(user: User, signal: AbortSignal): HTMLElement {
  const list = h("ul", { class: "rooms", testid: "my-rooms", "aria-labelledby": "my-rooms-title" });
  const hint = h("p", { class: "muted" }, t("loading"));
  const more = h("button", { type: "button", class: "button", hidden: true, onclick: () => void load() }, t("showMore"));
  let page = 1;
  const refresh = (): void => {
    hint.hidden = list.childElementCount > 0;
    hint.textContent = t("noRooms");
  };
  const load = async (): Promise<void> => {
    more.disabled = true;
    try {
      const { results, next } = await api.rooms(page);
      if (signal.aborted) return;
      list.append(...results.map((room) => roomRow(room, user, refresh)));
      page += 1;
      more.hidden = next === null;
      refresh();
    } catch (error) {
      if (signal.aborted) return;
      hint.textContent = "";
      notify(apiMessage(error), { kind: "error", action: { label: t("retry"), run: () => void load() } });
    } finally {
      more.disabled = false;
    }
  };
  void load();
  return h("section", { class: "my-rooms" }, h("h2", { id: "my-rooms-title" }, t("myRooms")), hint, list, more);
}
