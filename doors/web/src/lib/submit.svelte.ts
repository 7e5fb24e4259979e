// A form on its way: busy, then done or with what went wrong.
export class Submit {
  busy = $state(false);
  error = $state<unknown>(null);

  /** Handles a form's event with `act`; what it throws is shown unless `told` takes it. */
  by(act: () => Promise<void>, told: (trouble: unknown) => boolean = () => false): (event: Event) => Promise<void> {
    return async (event) => {
      event.preventDefault();
      this.busy = true;
      this.error = null;
      try {
        await act();
      } catch (trouble) {
        if (!told(trouble)) this.error = trouble;
      }
      this.busy = false;
    };
  }
}
