// Uploads: pieces in order, going on where the server says, after lost connections, signing in again and a new start.
import { expect, test, vi } from 'vitest';
import { ApiError } from '../http.ts';
import { hopeOf, patiently, PIECE_BYTES, sendFile, type Memory, type Transport } from './upload.ts';

class Lost extends ApiError {
  constructor() {
    super(0, 'unreachable', 'The program does not answer.');
  }
}
const file = new Blob([Buffer.alloc(2 * PIECE_BYTES + 10, 'every piece is another one')]);

function server(trouble: (call: number) => 'none' | 'lost' | 'answer lost' | 'refused' = () => 'none') {
  let stored = Buffer.alloc(0);
  let calls = 0;
  const offsets: number[] = [];
  const state = () => ({ id: 'u', received: stored.length, bytes: file.size });
  const transport: Transport = {
    begin: async () => state(),
    look: async () => state(),
    send: async (_id, offset, piece) => {
      const kind = trouble((calls += 1));
      if (kind === 'lost') throw new Lost();
      if (kind === 'refused') throw new Error('refused');
      if (offset !== stored.length) throw new Error(`offset ${offset} is not ${stored.length}`);
      offsets.push(offset);
      stored = Buffer.concat([stored, Buffer.from(await piece.arrayBuffer())]);
      if (kind === 'answer lost') throw new Lost();
      return state();
    },
  };
  return { transport, offsets, stored: () => stored };
}

function memory(): Memory & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return { kept, get: (key) => kept.get(key) ?? null, set: (key, id) => void (id ? kept.set(key, id) : kept.delete(key)) };
}
const send = (transport: Transport, own = memory(), signal = new AbortController().signal) =>
  sendFile(file, 'hash', { transport, memory: own, progress: () => {}, signal, hope: hopeOf, pause: async () => {} });

test('three pieces arrive whole', async () => {
  const { transport, offsets, stored } = server();
  const own = memory();
  expect(await send(transport, own)).toBe('u');
  expect(offsets).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES]);
  expect(Buffer.compare(stored(), Buffer.from(await file.arrayBuffer()))).toBe(0);
  expect(own.kept.get('hash')).toBe('u');
});

test('lost pieces and lost answers are made good', async () => {
  const { transport, offsets, stored } = server((call) => (call === 1 ? 'answer lost' : call < 4 ? 'lost' : 'none'));
  await send(transport);
  expect(offsets).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES]);
  expect(stored().length).toBe(file.size);
});

test('what is refused is not tried again, and the upload is remembered', async () => {
  const { transport, offsets } = server((call) => (call === 2 ? 'refused' : 'none'));
  const own = memory();
  await expect(send(transport, own)).rejects.toThrow('refused');
  expect(own.kept.get('hash')).toBe('u');
  await send(transport, own);
  expect(offsets).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES]);
});

test('stopping stops', async () => {
  const { transport } = server(() => 'lost');
  const stop = new AbortController();
  stop.abort();
  await expect(send(transport, memory(), stop.signal)).rejects.toThrow();
});

test.each([
  [0, 'unreachable', 'wait'],
  [401, 'signed_out', 'wait'],
  [502, 'unknown', 'wait'],
  [409, 'misplaced_piece', 'try'],
  [500, 'ours', 'try'],
  [507, 'disk_full', 'none'],
  [403, 'not_allowed', 'none'],
  [404, 'missing', 'none'],
])('after %d %s: %s', (status, code, hope) => {
  expect(hopeOf(new ApiError(status, code, ''))).toBe(hope);
});

test('what waits is told and outlasts every count of tries; what is only tried again does not', async () => {
  const options = { signal: new AbortController().signal, hope: hopeOf, waits: vi.fn(), pause: async () => {} };
  let calls = 0;
  const answer = await patiently(async () => ((calls += 1) < 20 ? Promise.reject(new Lost()) : calls), options);
  expect(answer).toBe(20);
  expect(options.waits).toHaveBeenNthCalledWith(1, expect.any(Lost));
  expect(options.waits).toHaveBeenLastCalledWith(null);
  calls = 0;
  const ours = () => Promise.reject(new ApiError(500, 'ours', String((calls += 1))));
  await expect(patiently(ours, options)).rejects.toThrow('8');
});

test('an upload that is known is not begun anew because nobody answers', async () => {
  const { transport } = server();
  const own = memory();
  own.set('hash', 'u');
  const begin = vi.spyOn(transport, 'begin');
  let asked = 0;
  const look = vi.spyOn(transport, 'look').mockImplementation(async () => {
    if ((asked += 1) < 10) throw new Lost();
    return { id: 'u', received: 0, bytes: file.size };
  });
  await send(transport, own);
  expect([begin.mock.calls.length, look.mock.calls.length]).toEqual([0, 10]);
});
