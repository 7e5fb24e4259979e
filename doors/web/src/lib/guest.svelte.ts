// The link by which a client came: its secret is known to this tab alone, and so is what was typed and not sent yet.
import { inTab, under, type Shelf } from './keep.ts';

/** `number` names it here without telling it. */
export type Link = { secret: string; number: number };

class GuestLink {
  link = $state.raw<Link | null>(inTab.kept<Link>('link'));

  take(secret: string): void {
    if (secret === this.link?.secret) return;
    this.link = { secret, number: (this.link?.number ?? 0) + 1 };
    inTab.keep('link', this.link);
  }
}

export const guestLink = new GuestLink();

/** Keeps in this tab what belongs to one link. */
export const shelfOf = ({ number }: Link): Shelf => under(inTab, `link.${number}.`);
