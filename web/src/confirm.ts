// Asks before something that cannot be taken back.
import { h } from "./dom";
import { t } from "./i18n";

/** Resolves to false when the visitor changes their mind or the meeting is over first. */
export function confirmed(question: string, label: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (yes: boolean): void => {
      dialog.returnValue = yes ? "yes" : "";
      dialog.close();
    };
    const stop = (): void => answer(false);
    const dialog = h(
      "dialog",
      { class: "card", role: "alertdialog", testid: "confirm", "aria-labelledby": "confirm-question" },
      h("p", { id: "confirm-question" }, question),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", class: "button", testid: "confirm-no", onclick: stop }, t("cancel")),
        h("button", { type: "button", class: "button danger", testid: "confirm-yes", onclick: () => answer(true) }, label),
      ),
    );
    dialog.addEventListener("close", () => {
      signal.removeEventListener("abort", stop);
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    signal.addEventListener("abort", stop);
    document.body.append(dialog);
    dialog.showModal();
  });
}
