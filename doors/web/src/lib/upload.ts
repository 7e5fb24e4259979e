// Uploads that resume: pieces of 4 MB, the server's count decides where to go on. A program that does not answer, or asks to sign
// in, is waited for.
import type { Upload } from '../api.ts';
import { ApiError } from '../http.ts';

export const PIECE_BYTES = 4 * 1024 * 1024;

export type Transport = {
  begin(bytes: number, sha256: string): Promise<Upload>;
  look(id: string): Promise<Upload>;
  send(id: string, offset: number, piece: Blob): Promise<Upload>;
};
export type Memory = { get(sha256: string): string | null; set(sha256: string, id: string | null): void };
/** What is to be hoped after an error: that waiting helps however long, that another try helps, or nothing. */
export type Hope = 'wait' | 'try' | 'none';
type Options = Patience & { transport: Transport; memory: Memory; progress: (share: number) => void };
export type Patience = {
  signal: AbortSignal;
  hope: (error: unknown) => Hope;
  /** Told why nothing moves, and null once it does again. */
  waits?: (error: unknown) => void;
  pause?: (ms: number) => Promise<void>;
};

const TRIES = 8;
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Because a piece that arrived although its answer was lost shows as 409 on the next try, that is tried again too. */
export function hopeOf(error: unknown): Hope {
  if (!(error instanceof ApiError)) return 'none';
  const { status, code } = error;
  // an answer from 500 on that is none of the program's own words is of something in front of it
  if (status === 0 || status === 401 || (status >= 500 && code === 'unknown')) return 'wait';
  return status === 409 || (status >= 500 && status !== 507) ? 'try' : 'none';
}

export async function patiently<Value>(act: (again: boolean) => Promise<Value>, options: Patience): Promise<Value> {
  const { signal, hope, waits = () => {}, pause = sleep } = options;
  for (let tries = 1, again = false, ms = 500; ; again = true, ms = Math.min(8000, 2 * ms)) {
    try {
      signal.throwIfAborted();
      const value = await act(again);
      signal.throwIfAborted();
      waits(null);
      return value;
    } catch (error) {
      signal.throwIfAborted();
      const helps = hope(error);
      if (helps === 'none' || (helps === 'try' && tries++ === TRIES)) throw error;
      waits(helps === 'wait' ? error : null);
      await pause(ms);
    }
  }
}

/** Sends a file and gives the upload's id, ready to be finished. It is remembered until it is forgotten. */
export async function sendFile(file: Blob, sha256: string, options: Options): Promise<string> {
  let upload = await openUpload(file.size, sha256, options);
  options.memory.set(sha256, upload.id);
  while (upload.received < file.size) {
    options.progress(upload.received / file.size);
    upload = await sendPiece(file, upload, options);
  }
  options.progress(1);
  return upload.id;
}

async function openUpload(bytes: number, sha256: string, options: Options): Promise<Upload> {
  const { transport, memory, signal } = options;
  const known = memory.get(sha256);
  const begun = known ? await patiently(() => transport.look(known), options).catch(() => null) : null;
  signal.throwIfAborted();
  return begun && begun.bytes === bytes ? begun : patiently(() => transport.begin(bytes, sha256), options);
}

function sendPiece(file: Blob, upload: Upload, options: Options): Promise<Upload> {
  const { transport } = options;
  return patiently(async (again) => {
    const at = again ? await transport.look(upload.id) : upload;
    if (at.received >= file.size) return at;
    return transport.send(at.id, at.received, file.slice(at.received, at.received + PIECE_BYTES));
  }, options);
}
