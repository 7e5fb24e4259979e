// The pens of the tools over one picture: what was begun with one waits while another is in the hand, and after the page was left.
import { keep, kept } from './keep.ts';
import { isOpen, restPen, type Pen, type Shape } from './pen.ts';

/** Whatever draws with pens over one picture. */
export abstract class Draws {
  readonly #pens: Pens;

  constructor(draft: string) {
    this.#pens = new Pens(draft);
  }

  /** What is being drawn and is nothing yet. */
  get pen(): Pen {
    return this.#pens.inHand;
  }
  set pen(pen: Pen) {
    this.#pens.inHand = pen;
  }
  get waiting(): readonly Pen[] {
    return this.#pens.waiting;
  }

  protected take(shape: Shape): void {
    this.#pens.take(shape);
  }
}

class Pens {
  #pens = $state.raw<readonly [Pen, ...Pen[]]>([restPen('one')]);
  #draft: string;

  constructor(draft: string) {
    this.#draft = draft;
    const [first, ...rest] = kept<Pen[]>(draft) ?? [];
    if (first) this.#pens = [first, ...rest];
  }

  get inHand(): Pen {
    return this.#pens[0];
  }
  set inHand(pen: Pen) {
    if (pen !== this.inHand) this.#put([pen, ...this.#pens.slice(1)]);
  }
  /** What was begun with the others. */
  get waiting(): readonly Pen[] {
    return this.#pens.slice(1).filter(isOpen);
  }

  take(shape: Shape): void {
    if (shape === this.inHand.shape) return;
    const others = this.#pens.filter((pen) => pen.shape !== shape);
    this.#put([this.#pens.find((pen) => pen.shape === shape) ?? restPen(shape), ...others]);
  }

  #put(pens: readonly [Pen, ...Pen[]]): void {
    this.#pens = pens;
    const open = pens.filter(isOpen);
    // because a stroke is kept once it is drawn, not with every step of the hand
    if (!pens[0].down) keep(this.#draft, open.length ? open : null);
  }
}
