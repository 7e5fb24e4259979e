// A long job as it is followed: server-sent events, asking again where the stream breaks, and cancel.
import { address, api, type Job } from '../api.ts';

const over = (job: Job) => job.state !== 'waiting' && job.state !== 'running';
const ASK_AGAIN_MS = 1000;

export class JobWatch {
  job = $state<Job | null>(null);

  get running(): boolean {
    return this.job !== null && !over(this.job);
  }

  /** Follows a job to its end. */
  follow(job: Job): Promise<Job> {
    this.job = job;
    if (over(job)) return Promise.resolve(job);
    return new Promise((done) => {
      const events = new EventSource(address.jobEvents(job.id));
      const see = (seen: Job) => {
        this.job = seen;
        if (!over(seen)) return;
        events.close();
        done(seen);
      };
      events.onmessage = (event) => see(JSON.parse(event.data as string) as Job);
      events.onerror = () => {
        events.close();
        void this.#askUntilOver(job.id, see);
      };
    });
  }

  async cancel(): Promise<void> {
    if (this.job && this.running) await api.cancelJob(this.job.id);
  }

  async #askUntilOver(id: string, see: (job: Job) => void): Promise<void> {
    for (;;) {
      const job = await api.job(id).catch(() => null);
      if (job) see(job);
      if (job && over(job)) return;
      await new Promise((again) => setTimeout(again, ASK_AGAIN_MS));
    }
  }
}
