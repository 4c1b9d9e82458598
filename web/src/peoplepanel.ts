// The panel beside the meeting: who waits, who is here, and the moderator's means.
import { action, control, describe } from "./action";
import { titleOf } from "./api";
import { confirmed } from "./confirm";
import { h, icon } from "./dom";
import { t } from "./i18n";
import { ParticipantList } from "./participantlist";
import { RemovedList } from "./removedlist";
import { accessKeys } from "./rules";
import type { Scope } from "./scope";
import { notify } from "./shell";
import { WaitingList } from "./waitinglist";

export class PeoplePanel {
  readonly button = control("people", "people", "people", () => this.toggle());
  readonly element: HTMLElement;
  private readonly badge = h("span", { class: "badge", testid: "waiting-count", "aria-hidden": "true", hidden: true });
  private readonly title = h("h2", { tabindex: "-1" }, t("people"));
  private readonly access = h("p", { class: "hint", testid: "access-level" });
  private readonly waiting: WaitingList | null = null;
  private readonly removed: RemovedList | null = null;
  private readonly participants: ParticipantList;

  constructor(
    private readonly scope: Scope,
    private readonly onEnded: () => void,
  ) {
    this.participants = new ParticipantList(scope, this.title, () => void this.removed?.load());
    if (scope.moderator) {
      this.waiting = new WaitingList(scope, this.title, (count) => this.count(count), () => this.open());
      this.removed = new RemovedList(scope, this.title);
    }
    this.element = this.build();
    this.button.append(this.badge);
    this.button.setAttribute("aria-expanded", "false");
    this.button.setAttribute("aria-controls", "people-panel");
  }

  /** Begins to follow who waits. */
  start(): void {
    this.waiting?.start();
  }

  sync(): void {
    if (this.element.hidden) return;
    const { accessLevel } = this.scope.rules;
    this.access.dataset.level = accessLevel;
    this.access.textContent = t("accessNow", { who: t(accessKeys[accessLevel]) });
    this.participants.sync();
  }

  open(): void {
    this.show(true);
    this.title.focus();
    void this.removed?.load();
  }

  private close(): void {
    this.show(false);
    this.button.focus();
  }

  private toggle(): void {
    if (this.element.hidden) this.open();
    else this.close();
  }

  private show(on: boolean): void {
    this.element.hidden = !on;
    this.button.setAttribute("aria-expanded", String(on));
    this.sync();
  }

  private count(count: number): void {
    this.badge.hidden = count === 0;
    this.badge.textContent = String(count);
    document.title = (count ? `(${count}) ` : "") + titleOf(this.scope.info); // seen from other tabs too
    describe(this.button, count ? t("peopleWaiting", { count }) : t("people"));
  }

  private build(): HTMLElement {
    const closing = { type: "button", class: "icon-button", testid: "people-close", "aria-label": t("close"), title: t("close") };
    const escape = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.close();
    };
    return h(
      "aside",
      { class: "panel", id: "people-panel", testid: "people-panel", "aria-label": t("people"), hidden: true, onkeydown: escape },
      h("div", { class: "row between" }, this.title, h("button", { ...closing, onclick: () => this.close() }, icon("close"))),
      this.access,
      this.waiting?.element,
      h("section", {}, h("h3", {}, t("inMeeting")), this.participants.element),
      this.scope.moderator && this.powers(),
      this.removed?.element,
    );
  }

  private powers(): HTMLElement {
    const { api } = this.scope;
    const muteAll = async (): Promise<void> => {
      await api.muteAll();
      notify(t("allMuted"));
    };
    return h(
      "div",
      { class: "row powers" },
      action({ class: "button small", testid: "mute-all" }, muteAll, t("muteAll")),
      action({ class: "button small danger", testid: "end-for-all" }, () => this.end(), t("endForAll")),
    );
  }

  private async end(): Promise<void> {
    if (!(await confirmed(t("endConfirm"), t("endForAll"), this.scope.signal))) return;
    await this.scope.api.end();
    this.onEnded();
  }
}
