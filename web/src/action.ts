// Buttons that ask the server for something.
import { h, icon, type Child, type IconName, type Props } from "./dom";
import { apiMessage, personMessage } from "./errors";
import { t, type Key } from "./i18n";
import { notify } from "./shell";

/** A button whose task runs once at a time. It is never really disabled, so that it keeps the focus. */
export function action(props: Props, task: () => Promise<unknown>, child: Child, explain = apiMessage): HTMLButtonElement {
  const run = async (): Promise<void> => {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await task();
    } catch (error) {
      if (button.isConnected) notify(explain(error), { kind: "error" });
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  const button = h("button", { type: "button", ...props, onclick: () => void run() }, child);
  return button;
}

/** A button of the row under the meeting. */
export function control(name: IconName, key: Key, testid: string, run: () => void, extra = ""): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: `control ${extra}`, testid, title: t(key), onclick: run },
    icon(name),
    h("span", { class: "control-label" }, t(key)),
  );
}

/** A small button about a person: only a picture, and a sentence for those who need one. */
export function personAction(name: IconName, props: Props, task: () => Promise<unknown>, slashed = false): HTMLButtonElement {
  return action({ class: "icon-button", ...props }, task, icon(name, slashed), personMessage);
}

/** Names a button that is only a picture. */
export function describe(button: HTMLElement, label: string): void {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute("aria-label", label);
}
