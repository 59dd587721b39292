/** Hands what a patched function does to every test that watches just then. */
export class Watchers<Event> {
  readonly #active = new Set<Event[]>();
  readonly #most: number;

  /** @param most Events kept for a test; later ones are dropped, so that a loop cannot fill the memory. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Begins to collect; what it returns ends it and gives the events in order. */
  watch(): () => readonly Event[] {
    const events: Event[] = [];
    this.#active.add(events);
    return () => {
      this.#active.delete(events);
      return events;
    };
  }

  /** Tells an event; it is only made where somebody watches. */
  tell(make: () => Event): void {
    if (this.#active.size === 0) return;
    const event = make();
    for (const events of this.#active) if (events.length < this.#most) events.push(event);
  }
}
