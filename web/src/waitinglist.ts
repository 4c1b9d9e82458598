// Who waits at the door, and the buttons to let them in.
import { RoomEvent } from "livekit-client";
import { action } from "./action";
import { keyOf } from "./api";
import { avatar } from "./colour";
import { h } from "./dom";
import { apiMessage } from "./errors";
import { ApiError } from "./http";
import { t } from "./i18n";
import { KeyedList, type Row } from "./keyed";
import { LobbyWatch } from "./lobbywatch";
import type { Waiting } from "./meetingapi";
import type { Scope } from "./scope";
import { notify } from "./shell";

const nameOf = (person: Waiting): string => person.username || t("guest");

/** Whether a data message of the server says that somebody has knocked. */
function isKnock(payload: Uint8Array): boolean {
  try {
    const message: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof message === "object" && message !== null && "type" in message && message.type === "participantWaiting";
  } catch {
    return false;
  }
}

export class WaitingList {
  readonly element: HTMLElement;
  private people: Waiting[] = [];
  private readonly title = h("h3", { testid: "waiting-title" });
  private readonly all = action({ class: "button small", testid: "admit-all" }, () => this.decide(this.people, true), t("admitAll"));
  private readonly list: KeyedList<Waiting>;
  private readonly watch: LobbyWatch;

  constructor(
    private readonly scope: Scope,
    refuge: HTMLElement,
    private readonly onCount: (count: number) => void,
    private readonly onShow: () => void,
  ) {
    const { info, room, signal } = scope;
    const rows = h("ul", { class: "people", testid: "waiting-people" });
    this.list = new KeyedList(rows, (person) => `${person.id} ${person.username}`, (person) => this.row(person), refuge);
    this.element = h("section", { class: "door", testid: "waiting", hidden: true }, h("div", { class: "row between" }, this.title, this.all), rows);
    this.watch = new LobbyWatch(keyOf(info), signal, (people) => this.take(people), (error) => this.lost(error));
    room.on(RoomEvent.DataReceived, (payload) => isKnock(payload) && this.watch.wake());
  }

  start(): void {
    void this.watch.run();
  }

  private row(person: Waiting): Row<Waiting> {
    const name = nameOf(person);
    const button = (label: string, testid: string, kind: string, spoken: string, allow: boolean): HTMLElement =>
      action({ class: `button small ${kind}`, testid, "aria-label": spoken }, () => this.decide([person], allow), label);
    const element = h(
      "li",
      { class: "person", testid: "waiting-person", "data-id": person.id },
      avatar(name, person.color),
      h("span", { class: "person-name" }, name),
      button(t("admit"), "admit", "primary", t("admitOf", { name }), true),
      button(t("refuse"), "refuse", "", t("refuseOf", { name }), false),
    );
    return { element, update: () => undefined };
  }

  private async decide(people: Waiting[], allow: boolean): Promise<void> {
    const decided = people.map((person) => person.id);
    const answers = await Promise.allSettled(decided.map((id) => this.scope.api.admit(id, allow)));
    this.watch.refresh();
    const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
    const serious = failures.find((error) => !(error instanceof ApiError && error.status === 404));
    if (serious) throw serious;
    this.show(this.people.filter((person) => !decided.includes(person.id)));
    if (failures.length > 0) notify(t("waitingGone"));
  }

  private take(people: Waiting[]): void {
    if (this.scope.signal.aborted) return;
    const known = new Set(this.people.map((person) => person.id));
    const newcomers = people.filter((person) => !known.has(person.id)).map(nameOf);
    this.show(people);
    if (newcomers.length === 0) return;
    const sentence = newcomers.length === 1 ? t("someoneWaits", { name: newcomers[0] ?? "" }) : t("manyWait", { count: people.length });
    notify(sentence, { sticky: false, action: { label: t("show"), run: this.onShow } });
  }

  private show(people: Waiting[]): void {
    this.people = people;
    this.title.textContent = t("waitingCount", { count: people.length });
    this.all.hidden = people.length < 2;
    this.element.hidden = people.length === 0;
    this.list.sync(people);
    this.onCount(people.length);
  }

  private lost(error: unknown): void {
    if (this.scope.signal.aborted) return;
    this.show([]);
    notify(t("doorLost", { why: apiMessage(error) }), { kind: "error" });
  }
}
