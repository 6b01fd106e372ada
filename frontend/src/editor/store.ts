// Text that the server has not confirmed, kept in IndexedDB: it survives reload, sleep and a killed browser.
export interface Unsent {
  key: string; // one per tab and section
  section: string; // URL of the section's endpoint, with the person's id
  version: number;
  base: unknown; // the document at `version`, as JSON
  steps: unknown[];
  batch: { id: string; count: number } | null; // steps that may have reached the server
  at: string;
}

export interface Rescued {
  id: string;
  section: string;
  text: string;
  why: string;
  at: string;
}

let opened: Promise<IDBDatabase | null> | null = null;

const open = (): Promise<IDBDatabase | null> =>
  (opened ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open("rus-text", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("unsent", { keyPath: "key" }).createIndex("section", "section");
        request.result.createObjectStore("rescued", { keyPath: "id" }).createIndex("section", "section");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null); // private browsing: the warning at leaving still holds
    } catch {
      resolve(null);
    }
  }));

const run = async <T>(store: string, mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>, none: T): Promise<T> => {
  const db = await open();
  if (!db) return none;
  return new Promise((resolve) => {
    const request = work(db.transaction(store, mode).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(none);
  });
};

export const keepUnsent = (entry: Unsent) => run<IDBValidKey>("unsent", "readwrite", (s) => s.put(entry), "");
export const dropUnsent = (key: string) => run<undefined>("unsent", "readwrite", (s) => s.delete(key), undefined);
export const keepRescued = (entry: Rescued) => run<IDBValidKey>("rescued", "readwrite", (s) => s.put(entry), "");
export const dropRescued = (id: string) => run<undefined>("rescued", "readwrite", (s) => s.delete(id), undefined);
export const rescuedOf = (section: string) => run<Rescued[]>("rescued", "readonly", (s) => s.index("section").getAll(section), []);
const unsentOf = (section: string) => run<Unsent[]>("unsent", "readonly", (s) => s.index("section").getAll(section), []);

const lockName = (key: string): string => `rus-text:${key}`;

/** Holds the key for as long as this tab lives; resolves to the function that lets go. */
export const holdKey = (key: string): Promise<() => void> =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => undefined);
    void navigator.locks.request(lockName(key), () => new Promise<void>((release) => resolve(release)));
  });

/** What tabs that no longer live left behind for the section, oldest first. Another living tab's text is its own. */
export const abandoned = async (section: string): Promise<Unsent[]> => {
  const entries = await unsentOf(section);
  const held = navigator.locks ? new Set((await navigator.locks.query()).held?.map((lock) => lock.name)) : new Set<string>();
  return entries.filter((entry) => !held.has(lockName(entry.key))).sort((a, b) => a.at.localeCompare(b.at));
};
