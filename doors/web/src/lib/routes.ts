// Addresses within the application (the part after #), there and back.

export const PHOTO_TABS = ['photo', 'read', 'plan', 'preview', 'report', 'result'] as const;
export type PhotoTab = (typeof PHOTO_TABS)[number];
export type Route =
  | { page: 'clients' }
  | { page: 'client'; id: string }
  | { page: 'case'; id: string }
  | { page: 'book'; id: string }
  | { page: 'capture'; case: string; visit: string }
  | { page: 'photograph'; id: string; tab: PhotoTab }
  | { page: 'blind' }
  | { page: 'recall' }
  | { page: 'accounts' }
  | { page: 'mail' }
  | { page: 'clinic' }
  | { page: 'publishing' }
  | { page: 'texts' }
  | { page: 'text'; name: string }
  | { page: 'me' }
  | { page: 'recover' }
  | { page: 'with' };

/** A part of an address as it is meant; as it is where it means nothing, such as a lone %. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function routeOf(hash: string): Route {
  const [page, id, third, fourth, fifth] = hash.replace(/^#?\/?/, '').split('/').map(decoded);
  if (page === 'clients' && id) return { page: 'client', id };
  if (page === 'cases' && id && third === 'visits' && fourth && fifth === 'capture') {
    return { page: 'capture', case: id, visit: fourth };
  }
  if (page === 'cases' && id) return { page: third === 'book' ? 'book' : 'case', id };
  if (page === 'photographs' && id) {
    return { page: 'photograph', id, tab: PHOTO_TABS.find((tab) => tab === third) ?? 'photo' };
  }
  if (page === 'texts' && id) return { page: 'text', name: id };
  if (page === 'clinic' || page === 'publishing' || page === 'texts' || page === 'blind' || page === 'recall' || page === 'accounts' || page === 'mail' || page === 'me' || page === 'recover' || page === 'with') return { page };
  return { page: 'clients' };
}

/** The secret of a client's link. It is part of no route: the address is to lose it. */
export const secretIn = (hash: string): string | null => /^#?\/?with\/([^/]+)\/?$/.exec(hash)?.[1] ?? null;

export function hashOf(route: Route): string {
  switch (route.page) {
    case 'client':
      return `#/clients/${route.id}`;
    case 'case':
      return `#/cases/${route.id}`;
    case 'book':
      return `#/cases/${route.id}/book`;
    case 'text':
      return `#/texts/${route.name}`;
    case 'capture':
      return `#/cases/${route.case}/visits/${route.visit}/capture`;
    case 'photograph':
      return `#/photographs/${route.id}/${route.tab}`;
    default:
      return `#/${route.page}`;
  }
}

/** Where calendar programs fetch days, with a user and a password. */
export const FEED = '/api/feed.ics';
