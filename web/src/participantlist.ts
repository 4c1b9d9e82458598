// Everybody in the meeting, with what the visitor may do about them.
import { Track, type Participant } from "livekit-client";
import { describe, personAction } from "./action";
import { avatar, initialOf, paint } from "./colour";
import { confirmed } from "./confirm";
import { h, icon } from "./dom";
import { t } from "./i18n";
import { KeyedList, type Row } from "./keyed";
import { inOrder, isOwner, nameOf, raisedAt } from "./person";
import { isRegistered, type Scope } from "./scope";
import { notify } from "./shell";

class PersonRow implements Row<Participant> {
  private readonly picture = avatar("", undefined);
  private readonly name = h("span", { class: "person-name", testid: "person-name" });
  private readonly hand = h("span", { class: "hand-mark", role: "img", testid: "hand" }, icon("hand"), h("span", { "aria-hidden": "true" }));
  private readonly silent = h("span", { class: "muted-mark", role: "img", "aria-label": t("muted"), title: t("muted") }, icon("mic", true));
  private readonly mute = personAction("mic", { testid: "mute-participant" }, () => this.silence());
  private readonly lower = personAction("hand", { testid: "lower-hand" }, () => this.scope.api.lowerHand(this.person.identity), true);
  private readonly expel = personAction("remove", { testid: "remove-participant", class: "icon-button danger" }, () => this.remove());
  readonly element: HTMLElement;

  constructor(
    private person: Participant,
    private readonly scope: Scope,
    private readonly onRemoved: () => void,
  ) {
    const tools = person.isLocal ? [] : scope.moderator ? [this.mute, this.lower, this.expel] : [this.mute];
    const about = [this.picture, this.name, this.hand, this.silent];
    this.element = h("li", { class: "person", testid: "person", "data-identity": person.identity }, ...about, ...tools);
  }

  update(person: Participant, position: number): void {
    this.person = person;
    const name = nameOf(person);
    const { moderator, rules } = this.scope;
    const raised = raisedAt(person) !== "";
    const speaks = person.isMicrophoneEnabled;
    const mayMute = isRegistered(this.scope) && (moderator || rules.everyoneCanMute);
    this.write(this.name, person.isLocal ? t("you", { name }) : name);
    this.write(this.picture, initialOf(name));
    paint(this.picture, person.attributes.color);
    this.showHand(raised, position);
    this.silent.hidden = speaks;
    this.mute.hidden = !(speaks && mayMute);
    this.lower.hidden = !raised;
    this.expel.hidden = isOwner(person);
    describe(this.mute, t("muteOf", { name }));
    describe(this.lower, t("lowerHandOf", { name }));
    describe(this.expel, t("removeFromMeeting", { name }));
  }

  private showHand(raised: boolean, position: number): void {
    this.hand.hidden = !raised;
    if (raised) describe(this.hand, t("handOrder", { number: position + 1 }));
    this.write(this.hand.lastElementChild, raised ? String(position + 1) : "");
  }

  private write(element: Element | null, text: string): void {
    if (element && element.textContent !== text) element.textContent = text;
  }

  private async silence(): Promise<void> {
    const track = this.person.getTrackPublication(Track.Source.Microphone)?.trackSid;
    if (track) await this.scope.api.mute(this.person.identity, track);
  }

  private async remove(): Promise<void> {
    const name = nameOf(this.person);
    if (!(await confirmed(t("removePersonConfirm", { name }), t("removePerson"), this.scope.signal))) return;
    await this.scope.api.remove(this.person.identity);
    notify(t("personRemoved", { name }));
    this.onRemoved();
  }
}

export class ParticipantList {
  private readonly list: KeyedList<Participant>;

  constructor(
    private readonly scope: Scope,
    refuge: HTMLElement,
    onRemoved: () => void,
  ) {
    const element = h("ul", { class: "people", testid: "participants", "aria-label": t("inMeeting") });
    const create = (person: Participant): PersonRow => new PersonRow(person, scope, onRemoved);
    this.list = new KeyedList(element, (person) => `${person.sid} ${person.identity}`, create, refuge);
  }

  get element(): HTMLElement {
    return this.list.element;
  }

  sync(): void {
    const { localParticipant, remoteParticipants } = this.scope.room;
    const { raised, others } = inOrder([localParticipant, ...remoteParticipants.values()]);
    this.list.sync([...raised, ...others]);
  }
}
