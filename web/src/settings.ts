// The dialog in which moderators set the rules of the room.
import { api, keyOf, type AccessLevel, type Configuration, type Source } from "./api";
import { action } from "./action";
import { h } from "./dom";
import { apiMessage } from "./errors";
import { grant } from "./grants";
import { t, type Key } from "./i18n";
import { accessKeys, accessLevels } from "./rules";
import type { Scope } from "./scope";
import { notify } from "./shell";

const explanations: Record<AccessLevel, Key> = {
  public: "accessPublicHelp",
  trusted: "accessTrustedHelp",
  restricted: "accessRestrictedHelp",
};

const switches: { testid: string; label: Key; sources: Source[] }[] = [
  { testid: "allow-microphone", label: "allowMicrophone", sources: ["microphone"] },
  { testid: "allow-camera", label: "allowCamera", sources: ["camera"] },
  { testid: "allow-screen", label: "allowScreen", sources: ["screen_share", "screen_share_audio"] },
];

const same = (a: Source[], b: Source[]): boolean => a.length === b.length && a.every((source) => b.includes(source));

function choice(type: "radio" | "checkbox", testid: string, label: string, help = "", value = ""): [HTMLInputElement, HTMLElement] {
  const id = `setting-${testid}`;
  const hint = help ? h("span", { class: "hint", id: `${id}-help` }, help) : null;
  const input = h("input", { type, id, testid, value, name: type === "radio" ? "access-level" : testid, "aria-describedby": hint?.id });
  return [input, h("div", { class: "choice" }, input, h("div", {}, h("label", { for: id }, label), hint))];
}

export class SettingsDialog {
  readonly element: HTMLDialogElement;
  private readonly levels = accessLevels.map((level) =>
    choice("radio", `access-${level}`, t(accessKeys[level]), t(explanations[level]), level),
  );
  private readonly sources = switches.map(({ testid, label }) => choice("checkbox", testid, t(label)));
  private readonly muting = choice("checkbox", "everyone-can-mute", t("everyoneCanMute"), t("everyoneCanMuteHelp"));
  private readonly problem = h("p", { class: "problem", role: "alert", testid: "settings-problem" });

  constructor(private readonly scope: Scope) {
    const group = (title: Key, help: Key | null, parts: [unknown, HTMLElement][]): HTMLElement =>
      h("fieldset", {}, h("legend", {}, t(title)), help && h("p", { class: "hint" }, t(help)), ...parts.map(([, part]) => part));
    const save = action({ class: "button primary", testid: "settings-save" }, () => this.save(), t("save"));
    this.element = h(
      "dialog",
      { class: "card settings", testid: "settings-dialog", "aria-labelledby": "settings-title" },
      h("h2", { id: "settings-title" }, t("settings")),
      group("whoMayEnter", null, this.levels),
      group("whatMayBeUsed", "moderatorsMayAll", this.sources),
      group("whoMayMute", null, [this.muting]),
      this.problem,
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", class: "button", testid: "settings-cancel", onclick: () => this.element.close() }, t("cancel")),
        save,
      ),
    );
    scope.signal.addEventListener("abort", () => this.element.close());
  }

  open(): void {
    const { accessLevel, sources, everyoneCanMute } = this.scope.rules;
    for (const [input] of this.levels) input.checked = input.value === accessLevel;
    switches.forEach((one, index) => {
      const input = this.sources[index]?.[0];
      if (input) input.checked = one.sources.some((source) => sources.includes(source));
    });
    this.muting[0].checked = everyoneCanMute;
    this.problem.textContent = "";
    this.element.showModal();
  }

  private async save(): Promise<void> {
    this.problem.textContent = "";
    try {
      await this.saveAccess();
      const sources = await this.saveConfiguration();
      this.element.close();
      if (sources) await this.grant(sources);
      else notify(t("settingsSaved"));
    } catch (error) {
      this.problem.textContent = apiMessage(error);
    }
  }

  private async saveAccess(): Promise<void> {
    const { info, rules } = this.scope;
    const level = accessLevels.find((one) => this.levels.some(([input]) => input.checked && input.value === one));
    if (!level || level === rules.accessLevel) return;
    rules.adopt({ access_level: level, ...(await api.changeRoom(keyOf(info), { access_level: level })) });
  }

  private async grant(sources: Source[]): Promise<void> {
    const missed = await grant(this.scope, sources);
    if (this.scope.signal.aborted) return;
    if (missed === 0) notify(t("settingsSaved"));
    else notify(t("settingsMissed", { count: missed }), { kind: "error", action: { label: t("retry"), run: () => void this.grant(sources) } });
  }

  /** Resolves to the sources that people in the meeting have to be granted, if those change. */
  private async saveConfiguration(): Promise<Source[] | null> {
    const { info, rules } = this.scope;
    const before = rules.sources;
    const sources = switches.filter((_, index) => this.sources[index]?.[0].checked).flatMap((one) => one.sources);
    const regranted = !same(this.shown(before), sources);
    const mute = this.muting[0].checked;
    if (!regranted && mute === rules.everyoneCanMute) return null;
    const configuration: Configuration = {
      can_publish_sources: regranted ? sources : (rules.configuration.can_publish_sources ?? null),
      everyone_can_mute: mute,
    };
    rules.adopt({ configuration, ...(await api.changeRoom(keyOf(info), { configuration })) });
    return regranted ? sources : null;
  }

  /** What the dialog makes of sources it cannot show one by one. */
  private shown(sources: Source[]): Source[] {
    return switches.filter((one) => one.sources.some((source) => sources.includes(source))).flatMap((one) => one.sources);
  }
}
