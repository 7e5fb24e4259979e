// Uploads: pieces in order, going on where the server says, after lost connections and after a new start.
import { expect, test } from 'vitest';
import { PIECE_BYTES, sendFile, type Memory, type Transport } from './upload.ts';

class Lost extends Error {}
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
  sendFile(file, 'hash', { transport, memory: own, progress: () => {}, signal, passes: (e) => e instanceof Lost, wait: async () => {} });

test('three pieces arrive whole', async () => {
  const { transport, offsets, stored } = server();
  const own = memory();
  expect(await send(transport, own)).toBe('u');
  expect(offsets).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES]);
  expect(Buffer.compare(stored(), Buffer.from(await file.arrayBuffer()))).toBe(0);
  expect(own.kept.size).toBe(0);
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
