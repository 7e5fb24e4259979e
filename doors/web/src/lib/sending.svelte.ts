// One photograph on its way: hashed, sent in pieces that resume, then looked at by the server. It outlives the page that it was
// added on; it waits for a program that does not answer, and for whoever added it to sign in again.
import { api, type Job, type Photograph } from '../api.ts';
import { ApiError, isMissing, request } from '../http.ts';
import { session } from '../session.svelte.ts';
import { JobWatch } from './jobs.svelte.ts';
import { keep, kept } from './keep.ts';
import { sha256Of } from './sha256.ts';
import type { Unsent } from './unsent.ts';
import { hopeOf, patiently, sendFile, type Patience, type Transport } from './upload.ts';

function transportTo(visit: string, signal: AbortSignal): Transport {
  return {
    begin: (bytes, sha256) => api.beginUpload(visit, { bytes, sha256 }),
    // what was finished is an upload no more: its photograph has the same id
    look: (id) =>
      api.upload(id).catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        const { bytes } = await api.photograph(id);
        return { id, bytes, received: bytes };
      }),
    send: async (id, offset, piece) => {
      const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' };
      return (await request('PATCH', `/uploads/${id}`, { body: piece, headers, signal })).json();
    },
  };
}

export class Sending {
  readonly of: Unsent;
  /** What it looks like, where browsers can show such a file. */
  readonly picture: string;
  stage = $state<'queued' | 'hashing' | 'sending' | 'looking' | 'failed' | 'refused' | 'done'>('queued');
  share = $state(0);
  error = $state<unknown>(null);
  refused = $state.raw<Job | null>(null);
  photograph = $state.raw<Photograph | null>(null);
  /** Whether it outlives a reload. */
  safe = $state(false);
  #waits = $state<unknown>(null);
  #watch = new JobWatch();
  #abort = new AbortController();
  #goOn: () => void = () => {};
  #next: () => void = () => {};
  /** Once the server has it, or it is not on its way any more. */
  readonly left = new Promise<void>((done) => (this.#next = done));
  #sends = false;
  #forget: () => void;

  /** `forget` takes it out of what this browser keeps. */
  constructor(of: Unsent, forget: () => void) {
    this.of = of;
    this.picture = URL.createObjectURL(of.file);
    this.#forget = forget;
  }

  get busy(): boolean {
    return ['queued', 'hashing', 'sending', 'looking'].includes(this.stage);
  }

  /** Whether the server does not have it. */
  get unsent(): boolean {
    return ['queued', 'hashing', 'sending', 'failed'].includes(this.stage);
  }

  /** How far the stage is. */
  get done(): number {
    return this.stage === 'looking' ? (this.#watch.job?.share ?? 0) : this.share;
  }

  /** Whether nothing moves because the program does not answer. */
  get waits(): boolean {
    const error = this.stage === 'looking' ? (this.#watch.error ?? this.#waits) : this.#waits;
    return this.busy && error instanceof ApiError && error.status !== 401;
  }

  /** Sends it, or goes on at once where it waits. */
  async send(): Promise<void> {
    this.#goOn();
    if (this.#sends) return;
    this.#sends = true;
    const { signal } = this.#abort;
    this.error = null;
    this.share = 0;
    try {
      await this.#through(signal);
    } catch (trouble) {
      if (signal.aborted) return;
      // because nothing of a client who was erased may stay
      if (isMissing(trouble)) {
        this.#forget();
        this.safe = false;
      }
      this.error = trouble;
      this.stage = 'failed';
      this.#next();
    }
    this.#sends = false;
  }

  async #through(signal: AbortSignal): Promise<void> {
    const { file, visit } = this.of;
    this.stage = 'hashing';
    const sha256 = await sha256Of(file);
    this.stage = 'sending';
    const slot = (hash: string) => `upload.${visit}.${hash}`;
    const patience: Patience = { signal, hope: hopeOf, waits: (error) => (this.#waits = error), pause: (ms) => this.#pause(ms, signal) };
    const id = await sendFile(file, sha256, {
      ...patience,
      transport: transportTo(visit, signal),
      memory: { get: (hash) => kept<string>(slot(hash)), set: (hash, upload) => keep(slot(hash), upload) },
      progress: (share) => (this.share = share),
    });
    const { photograph, job } = await patiently(() => api.finishUpload(id), patience);
    keep(slot(sha256), null);
    this.#forget();
    this.#next();
    this.stage = 'looking';
    const looked = await this.#watch.follow(job, 'asking');
    signal.throwIfAborted();
    if (looked?.state === 'failed') {
      this.refused = looked;
      this.stage = 'refused';
      return;
    }
    this.photograph = looked?.state === 'done' ? await patiently(() => api.photograph(photograph.id), patience) : photograph;
    this.stage = 'done';
  }

  /** At least so long, and until whoever added it is signed in. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const isHere = () => !session.interrupted && session.account?.id === this.of.account;
    do {
      await new Promise<void>((done) => {
        this.#goOn = done;
        setTimeout(done, ms);
      });
    } while (!isHere() && !signal.aborted);
  }

  /** For good. */
  drop(): void {
    this.#abort.abort();
    this.#goOn();
    this.#next();
    void this.#watch.cancel();
    this.#watch.stop();
    this.#forget();
    URL.revokeObjectURL(this.picture);
  }
}
