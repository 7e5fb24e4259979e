// Photographs that have not arrived yet, kept in this browser across a reload. The only pictures that it keeps: each goes once the
// server has acknowledged it, or whoever took it drops it or signs out.

export type Unsent = {
  id: string;
  account: string;
  case: string;
  visit: string;
  /** Of a file that was chosen; what the camera took has none. */
  name: string | null;
  /** ms. */
  added_at: number;
  file: Blob;
};

const SHELF = 'unsent';

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open('stipple', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF, { keyPath: 'id' });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/** Rejects where the browser keeps nothing: in private mode, or without room. */
async function within<Value>(mode: IDBTransactionMode, act: (shelf: IDBObjectStore) => IDBRequest<Value>): Promise<Value> {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const work = database.transaction(SHELF, mode);
      const asked = act(work.objectStore(SHELF));
      work.oncomplete = () => done(asked.result);
      work.onabort = work.onerror = () => fail(work.error);
    });
  } finally {
    database.close();
  }
}

export const putUnsent = (one: Unsent): Promise<unknown> => within('readwrite', (shelf) => shelf.put(one));
export const allUnsent = (): Promise<Unsent[]> => within('readonly', (shelf) => shelf.getAll());
export const dropUnsent = (id: string): Promise<void> => within('readwrite', (shelf) => shelf.delete(id));
