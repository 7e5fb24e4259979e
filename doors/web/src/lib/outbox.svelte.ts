// What was photographed or chosen and has not arrived yet. It goes on while other pages are looked at, and after a reload.
import { session } from '../session.svelte.ts';
import { Sending } from './sending.svelte.ts';
import { allUnsent, dropUnsent, putUnsent, type Unsent } from './unsent.ts';

/** As long as the server remembers an upload that was begun, ms. */
const OLD_MS = 7 * 24 * 3600 * 1000;

/** While `work` goes on no other tab has it; without locks (outside HTTPS) each tab works for itself. */
async function alone(id: string, work: () => Promise<void>): Promise<void> {
  const { locks } = globalThis.navigator ?? {};
  await (locks ? locks.request(`stipple.unsent.${id}`, work) : work());
}

class Outbox {
  #all = $state.raw<readonly Sending[]>([]);
  /** One is sent after the other, so that the first is there soonest. */
  #line = Promise.resolve();

  /** Of whoever is signed in. */
  get items(): readonly Sending[] {
    return this.#all.filter((one) => one.of.account === session.whose?.id);
  }

  add(place: { case: string; visit: string }, file: Blob): void {
    const account = session.whose?.id;
    if (!account) return;
    const added_at = Date.now();
    const name = file instanceof File ? file.name : null;
    const of = { id: `${added_at}.${Math.random()}`, account, ...place, name, added_at, file };
    const stored = putUnsent(of);
    const { one, gone } = this.#begin(of, stored);
    void alone(of.id, () => gone);
    stored.then(() => (one.safe = true), () => (one.safe = false));
  }

  /** Takes up what was kept when this page was loaded, and what another tab has once that is closed; `account` has just signed in. */
  async takeUp(account: string): Promise<void> {
    for (const of of await allUnsent().catch(() => [])) {
      if (Date.now() - of.added_at > OLD_MS) void dropUnsent(of.id);
      else if (of.account === account && !this.#has(of)) void alone(of.id, () => this.#takeOver(of));
    }
  }

  #has = (of: Unsent) => this.#all.some((one) => one.of.id === of.id);

  /** Another tab may have sent it meanwhile, or somebody else be signed in. */
  async #takeOver(of: Unsent): Promise<void> {
    const unsent = await allUnsent().catch(() => []);
    if (session.whose?.id !== of.account || this.#has(of) || !unsent.some((one) => one.id === of.id)) return;
    const { one, gone } = this.#begin(of, Promise.resolve());
    one.safe = true;
    await gone;
  }

  drop(dropped: readonly Sending[]): void {
    this.#all = this.#all.filter((one) => !dropped.includes(one));
    for (const one of dropped) one.drop();
  }

  /** Whoever added them has signed out: nothing of theirs stays here. */
  async leave(account: string): Promise<void> {
    this.drop(this.#all.filter((one) => one.of.account === account));
    for (const of of await allUnsent().catch(() => [])) if (of.account === account) void dropUnsent(of.id);
  }

  /** `gone`: this browser does not keep it any more. */
  #begin(of: Unsent, stored: Promise<unknown>): { one: Sending; gone: Promise<void> } {
    let letGo: () => void = () => {};
    const gone = new Promise<void>((done) => (letGo = done));
    const one = new Sending(of, () => void stored.then(() => dropUnsent(of.id)).catch(() => {}).finally(letGo));
    this.#all = [...this.#all, one];
    this.#line = this.#line.then(() => this.#turn(one));
    return { one, gone };
  }

  async #turn(one: Sending): Promise<void> {
    if (!this.#all.includes(one)) return;
    void one.send();
    await one.left;
  }
}

export const outbox = new Outbox();
