// A list of elements that follows a list of values.
export interface Row<T> {
  readonly element: HTMLElement;
  update(value: T, position: number): void;
}

/** Keeps the element of each value, and with it the keyboard focus. */
export class KeyedList<T> {
  private readonly rows = new Map<string, Row<T>>();

  constructor(
    readonly element: HTMLElement,
    private readonly keyOf: (value: T) => string,
    private readonly create: (value: T) => Row<T>,
    /** Takes the focus when the row that had it is gone. */
    private readonly refuge: HTMLElement,
  ) {}

  sync(values: T[]): void {
    const focused = document.activeElement;
    const mine = focused instanceof HTMLElement && this.element.contains(focused) ? focused : null;
    this.prune(new Set(values.map(this.keyOf)));
    let cursor = this.element.firstElementChild;
    values.forEach((value, position) => {
      const row = this.row(value);
      row.update(value, position);
      if (row.element === cursor) cursor = cursor.nextElementSibling;
      else this.element.insertBefore(row.element, cursor);
    });
    if (mine && (document.activeElement !== mine || mine.hidden)) this.refocus(mine);
  }

  private row(value: T): Row<T> {
    const key = this.keyOf(value);
    let row = this.rows.get(key);
    if (!row) {
      row = this.create(value);
      this.rows.set(key, row);
    }
    return row;
  }

  private prune(wanted: Set<string>): void {
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
  }

  /** Moving or hiding an element takes the focus from it. */
  private refocus(element: HTMLElement): void {
    if (element.isConnected && !element.hidden) element.focus({ preventScroll: true });
    else this.refuge.focus({ preventScroll: true });
  }
}
