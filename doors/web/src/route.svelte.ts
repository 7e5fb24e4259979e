// Where we are: the address after #, followed as it changes.
import { hashOf, routeOf, type Route } from './lib/routes.ts';

class Router {
  route = $state<Route>(routeOf(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route = routeOf(location.hash);
    });
  }
}

export const router = new Router();

export function go(route: Route): void {
  location.hash = hashOf(route);
}
