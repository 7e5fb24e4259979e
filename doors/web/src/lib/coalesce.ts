// While somebody drags a slider only the newest wish counts: one request in flight, the newest waits, those between are dropped.
// A request in flight is aborted only when it has become stale and slow: aborting each at once would never show a picture
// as long as the finger moves.

type Options<Wish, Answer> = {
  ask: (wish: Wish, signal: AbortSignal) => Promise<Answer>;
  show: (answer: Answer, wish: Wish) => void;
  fail: (error: unknown) => void;
  /** How long a stale request may still run, ms. */
  patience_ms?: number;
};

export class Coalescer<Wish, Answer> {
  #options: Options<Wish, Answer>;
  #waiting: { wish: Wish } | null = null;
  #flight: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<Wish, Answer>) {
    this.#options = options;
  }

  want(wish: Wish): void {
    this.#waiting = { wish };
    const flight = this.#flight;
    if (!flight) void this.#next();
    else this.#timer ??= setTimeout(() => flight.abort(), this.#options.patience_ms ?? 400);
  }

  stop(): void {
    this.#waiting = null;
    this.#flight?.abort();
  }

  async #next(): Promise<void> {
    while (this.#waiting) {
      const { wish } = this.#waiting;
      this.#waiting = null;
      const flight = new AbortController();
      this.#flight = flight;
      try {
        const answer = await this.#options.ask(wish, flight.signal);
        if (!flight.signal.aborted) this.#options.show(answer, wish);
      } catch (error) {
        if (!flight.signal.aborted) this.#options.fail(error);
      }
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#flight = null;
    }
  }
}
