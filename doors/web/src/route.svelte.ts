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
  /** Set by a page with changes that are not saved: asked instead of leaving it, with how to go on. */
  holds: ((leave: () => void) => void) | null = null;

  constructor() {
    addEventListener('hashchange', () => {
      const { holds } = this;
      const wanted = location.hash;
      const next = here();
      if (!holds || hashOf(next) === hashOf(this.route)) {
        this.route = next;
        return;
      }
      history.replaceState(null, '', hashOf(this.route));
      holds(() => (location.hash = wanted));
    });
  }

  /** Does what takes the page away, once the page lets go. */
  leave(act: () => void): void {
    if (this.holds) this.holds(act);
    else act();
  }
}

export const router = new Router();

export function go(route: Route): void {
  location.hash = hashOf(route);
}
