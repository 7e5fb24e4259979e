// Uploads that resume: pieces of 4 MB, the server's count decides where to go on, a lost connection is tried again.
import type { Upload } from '../api.ts';

export const PIECE_BYTES = 4 * 1024 * 1024;

export type Transport = {
  begin(bytes: number, sha256: string): Promise<Upload>;
  look(id: string): Promise<Upload>;
  send(id: string, offset: number, piece: Blob): Promise<Upload>;
};
export type Memory = { get(sha256: string): string | null; set(sha256: string, id: string | null): void };
type Options = {
  transport: Transport;
  memory: Memory;
  progress: (share: number) => void;
  signal: AbortSignal;
  /** Whether an error goes away by waiting (no connection), not by itself (refused). */
  passes: (error: unknown) => boolean;
  wait?: (ms: number) => Promise<void>;
};

const TRIES = 8;
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Sends a file and gives the upload's id, ready to be finished. */
export async function sendFile(file: Blob, sha256: string, options: Options): Promise<string> {
  let upload = await openUpload(file.size, sha256, options);
  options.memory.set(sha256, upload.id);
  while (upload.received < file.size) {
    options.signal.throwIfAborted();
    options.progress(upload.received / file.size);
    upload = await sendPiece(file, upload, options);
  }
  options.progress(1);
  options.memory.set(sha256, null);
  return upload.id;
}

async function openUpload(bytes: number, sha256: string, { transport, memory }: Options): Promise<Upload> {
  const known = memory.get(sha256);
  const begun = known ? await transport.look(known).catch(() => null) : null;
  return begun && begun.bytes === bytes ? begun : transport.begin(bytes, sha256);
}

async function sendPiece(file: Blob, upload: Upload, options: Options): Promise<Upload> {
  const { transport, signal, passes, wait = pause } = options;
  let at = upload;
  for (let tried = 1; ; tried += 1) {
    try {
      if (tried > 1) at = await transport.look(at.id);
      if (at.received >= file.size) return at;
      return await transport.send(at.id, at.received, file.slice(at.received, at.received + PIECE_BYTES));
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error) || tried === TRIES) throw error;
      await wait(Math.min(8000, 250 * 2 ** tried));
    }
  }
}
