// One photograph on its way: hashed, sent in pieces that resume, then looked at by the server.
import { api, type Job, type Photograph } from '../api.ts';
import { ApiError, request } from '../http.ts';
import { JobWatch } from './jobs.svelte.ts';
import { keep, kept } from './keep.ts';
import { sha256Of } from './sha256.ts';
import { sendFile, type Transport } from './upload.ts';

function transportTo(visit: string, signal: AbortSignal): Transport {
  return {
    begin: (bytes, sha256) => api.beginUpload(visit, { bytes, sha256 }),
    look: (id) => api.upload(id),
    send: async (id, offset, piece) => {
      const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' };
      return (await request('PATCH', `/uploads/${id}`, { body: piece, headers, signal })).json();
    },
  };
}

// because a piece that arrived although its answer was lost shows as 409 on the next try, that passes too
const passes = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status === 409 || error.status >= 500);

export class Sending {
  stage = $state<'idle' | 'hashing' | 'sending' | 'looking' | 'failed'>('idle');
  share = $state(0);
  error = $state<unknown>(null);
  refused = $state.raw<Job | null>(null);
  watch = new JobWatch();
  #abort: AbortController | null = null;

  get busy(): boolean {
    return this.stage === 'hashing' || this.stage === 'sending' || this.stage === 'looking';
  }

  /** Gives the photograph, or null where it failed (then `error` or `refused` says why). */
  async send(visit: string, file: Blob): Promise<Photograph | null> {
    this.error = null;
    this.refused = null;
    this.share = 0;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      this.stage = 'hashing';
      const sha256 = await sha256Of(file);
      this.stage = 'sending';
      const slot = `upload.${visit}.`;
      const id = await sendFile(file, sha256, {
        transport: transportTo(visit, signal),
        memory: { get: (hash) => kept<string>(slot + hash), set: (hash, upload) => keep(slot + hash, upload) },
        progress: (share) => (this.share = share),
        signal,
        passes,
      });
      this.stage = 'looking';
      const { photograph, job } = await api.finishUpload(id);
      const looked = await this.watch.follow(job);
      if (looked?.state === 'done') return await api.photograph(photograph.id);
      this.refused = looked?.state === 'failed' ? looked : null;
    } catch (trouble) {
      if (!signal.aborted) this.error = trouble;
    }
    this.stage = 'failed';
    return null;
  }

  stop(): void {
    this.#abort?.abort();
    void this.watch.cancel();
  }
}
