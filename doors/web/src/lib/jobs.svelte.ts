// A long job as it is followed: server-sent events, asking again where the stream breaks, and cancel. What runs is remembered,
// so that a page that comes back follows on.
import { address, api, type Job } from '../api.ts';
import { isMissing } from '../http.ts';
import { session } from '../session.svelte.ts';
import { keep, kept } from './keep.ts';

const over = (job: Job) => job.state !== 'waiting' && job.state !== 'running';
const ASK_AGAIN_MS = 1000;
/** Whether a job is listened to: only one at a time, because a browser opens six connections and pictures need them. */
let streaming = false;

/** What is remembered of a job: its id, and what it was asked of. */
type Running = { id: string; of: string | null };
/** What is to be done once a job has ended, well or not. */
type Done = (ended: Job, of: string | null) => void | Promise<void>;

export class JobWatch {
  job = $state<Job | null>(null);
  error = $state<unknown>(null);
  #name: string | null;
  #stopped = false;
  /** Asked for, and not there yet. */
  #begins = $state(false);
  #leave: () => void = () => {};

  /** `name` is under what it is remembered; without one it is forgotten with the page. */
  constructor(name: string | null = null) {
    this.#name = name && `job.${name}`;
  }

  get running(): boolean {
    return this.#begins || (this.job !== null && !over(this.job));
  }

  /** Starts a job and follows it to its end; nothing while one runs. */
  async run(start: () => Promise<Job>, done: Done, of: string | null = null): Promise<void> {
    if (this.running) return;
    await this.#trying(async () => {
      const job = await this.#begun(start);
      this.#remember({ id: job.id, of });
      await this.#finish(job, of, done);
    });
  }

  /** Follows on what was running when the page was left. */
  async resume(done: Done): Promise<void> {
    const running = this.#name ? kept<Running>(this.#name) : null;
    if (!running || this.running) return;
    await this.#trying(async () => this.#finish(await this.#begun(() => api.job(running.id)), running.of, done));
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job && this.running) await this.#trying(() => api.cancelJob(job.id));
  }

  /** The page is left: nobody looks any more. */
  stop(): void {
    this.#stopped = true;
    this.#leave();
  }

  async #begun(ask: () => Promise<Job>): Promise<Job> {
    this.#begins = true;
    try {
      return await ask();
    } finally {
      this.#begins = false;
    }
  }

  async #trying(act: () => Promise<unknown>): Promise<void> {
    this.error = null;
    try {
      await act();
    } catch (trouble) {
      if (isMissing(trouble)) {
        this.#remember(null);
        this.job = null;
      }
      this.error = trouble;
    }
  }

  async #finish(job: Job, of: string | null, done: Done): Promise<void> {
    const ended = await this.follow(job);
    if (!ended) return;
    this.#remember(null);
    await done(ended, of);
  }

  /** The job at its end; nothing where the page was left before. Throws where there is no such job any more. */
  async follow(job: Job, by: 'stream' | 'asking' = 'stream'): Promise<Job | null> {
    this.job = job;
    if (over(job)) return job;
    return by === 'asking' || streaming ? this.#askUntilOver(job.id) : this.#listen(job.id);
  }

  #listen(id: string): Promise<Job | null> {
    streaming = true;
    return new Promise((done, fail) => {
      const events = new EventSource(address.jobEvents(id));
      const end = () => {
        events.close();
        streaming = false;
        this.#leave = () => {};
      };
      this.#leave = () => {
        end();
        done(null);
      };
      events.onmessage = (event) => {
        const seen = JSON.parse(event.data as string) as Job;
        this.#see(seen);
        if (!over(seen)) return;
        end();
        done(seen);
      };
      events.onerror = () => {
        end();
        void this.#askUntilOver(id).then(done, fail);
      };
    });
  }

  #see(seen: Job): void {
    this.job = seen;
    this.error = null;
  }

  async #askUntilOver(id: string): Promise<Job | null> {
    while (!this.#stopped) {
      try {
        // whose session has ended is asked to sign in; then it goes on here
        const job = session.interrupted ? null : await api.job(id);
        if (job) this.#see(job);
        if (job && over(job)) return job;
      } catch (trouble) {
        if (isMissing(trouble)) throw trouble;
        // because the studio may come back: it is said, and asked again
        this.error = trouble;
      }
      await new Promise((again) => setTimeout(again, ASK_AGAIN_MS));
    }
    return null;
  }

  #remember(running: Running | null): void {
    if (this.#name) keep(this.#name, running);
  }
}
