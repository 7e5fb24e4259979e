// Where we are: the address after #, followed as it changes.
import { guestLink } from './lib/guest.svelte.ts';
import { hashOf, routeOf, secretIn, type Route } from './lib/routes.ts';

/** What the address says; the secret of a client's link is taken out of it. */
function here(): Route {
  const secret = secretIn(location.hash);
  if (secret !== null) {
    history.replaceState(null, '', hashOf({ page: 'with' }));
    guestLink.take(secret);
  }
  return routeOf(location.hash);
}

class Router {
  route = $state<Route>(here());
  /** The case of the photograph that is looked at, once it is known. */
  case = $state<string | null>(null);

  constructor() {
    addEventListener('hashchange', () => {
      this.route = here();
    });
  }
}

export const router = new Router();

export function go(route: Route): void {
  location.hash = hashOf(route);
}
