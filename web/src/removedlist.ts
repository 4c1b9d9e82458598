// Who was removed from the meeting and may be let back in.
import { action } from "./action";
import { avatar } from "./colour";
import { h } from "./dom";
import { apiMessage } from "./errors";
import { ApiError } from "./http";
import { language, t } from "./i18n";
import { KeyedList, type Row } from "./keyed";
import type { Removed } from "./meetingapi";
import type { Scope } from "./scope";
import { notify } from "./shell";

const nameOf = (person: Removed): string => person.name || t("guest");

function timeOf(person: Removed): string {
  const when = new Date(person.removed_at);
  return Number.isNaN(when.getTime()) ? "" : t("removedAt", { time: when.toLocaleTimeString(language(), { timeStyle: "short" }) });
}

export class RemovedList {
  readonly element: HTMLElement;
  private readonly list: KeyedList<Removed>;
  private turn = 0;

  constructor(
    private readonly scope: Scope,
    refuge: HTMLElement,
  ) {
    const rows = h("ul", { class: "people", testid: "removed-people" });
    this.list = new KeyedList(rows, (person) => `${person.id} ${person.removed_at}`, (person) => this.row(person), refuge);
    this.element = h("section", { testid: "removed", hidden: true }, h("h3", {}, t("removedPeople")), rows);
  }

  async load(): Promise<void> {
    const turn = ++this.turn;
    try {
      const people = await this.scope.api.removed();
      if (turn === this.turn) this.show(people);
    } catch (error) {
      if (turn !== this.turn || this.scope.signal.aborted) return;
      if (error instanceof ApiError && error.status === 404) this.show([]);
      else notify(apiMessage(error), { kind: "error" });
    }
  }

  private show(people: Removed[]): void {
    this.element.hidden = people.length === 0;
    this.list.sync(people);
  }

  private row(person: Removed): Row<Removed> {
    const name = nameOf(person);
    const back = async (): Promise<void> => {
      await this.scope.api.readmit(person.id);
      notify(t("readmitted", { name }));
      await this.load();
    };
    const element = h(
      "li",
      { class: "person", testid: "removed-person", "data-identity": person.id },
      avatar(name, undefined),
      h("span", { class: "person-name" }, name, h("span", { class: "hint" }, timeOf(person))),
      action({ class: "button small", testid: "readmit", "aria-label": t("readmitOf", { name }) }, back, t("readmit")),
    );
    return { element, update: () => undefined };
  }
}
