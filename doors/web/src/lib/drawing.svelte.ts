// What is drawn for a plan: an area where hair is thinning, a line where hair is to begin, and the side where hair is to be.
import type { Point } from '../api.ts';
import type { LiveSession } from './live.svelte.ts';
import { withLast, withoutLast, type Shape } from './pen.ts';
import { Draws } from './pens.svelte.ts';
import { stepOf } from './undo.ts';

export const DRAW_TOOLS = ['move', 'thinning', 'hairline', 'side'] as const;
export type DrawTool = (typeof DRAW_TOOLS)[number];
const SHAPES: Record<DrawTool, Shape | null> = { move: null, thinning: 'area', hairline: 'line', side: 'one' };

/** How deep behind a new hairline dots are placed, mm, until the slider says otherwise. */
const DEPTH_MM = 15;

export class Drawing extends Draws {
  #tool = $state<DrawTool>('move');
  #live: () => LiveSession | null;

  constructor(photograph: string, live: () => LiveSession | null) {
    super(`corners.plan.${photograph}`);
    this.#live = live;
  }

  get tool(): DrawTool {
    return this.#tool;
  }

  get shape(): Shape | null {
    return SHAPES[this.tool];
  }
  get hasHairline(): boolean {
    return Boolean(this.#live()?.wish?.hairline);
  }
  get hasThinning(): boolean {
    return Boolean(this.#live()?.wish?.thinning_px);
  }

  /** Takes a tool; what was begun with another one waits for it. */
  choose(tool: DrawTool): void {
    const shape = SHAPES[tool];
    if (shape) this.take(shape);
    this.#tool = tool;
  }

  /** Whether the key meant something here: corners go back and forth as they do over a reading. */
  key(event: KeyboardEvent): boolean {
    const step = stepOf(event);
    if (event.key === 'Escape') this.choose('move');
    else if (step) this.pen = step === 'undo' ? withoutLast(this.pen) : withLast(this.pen);
    else return false;
    return true;
  }

  drawn(places: readonly Point[]): void {
    const live = this.#live();
    const [first] = places;
    if (!live?.wish || !first) return;
    const { hairline } = live.wish;
    if (this.tool === 'thinning') {
      live.change({ thinning_px: [...places] });
      this.choose('move');
    } else if (this.tool === 'hairline') {
      live.change({ hairline: { line_px: [...places], depth_mm: hairline?.depth_mm ?? DEPTH_MM, hair_side_px: null } });
      this.choose('side');
    } else if (this.tool === 'side' && hairline) {
      live.change({ hairline: { ...hairline, hair_side_px: first } });
      this.choose('move');
    }
  }

  remove(what: 'hairline' | 'thinning_px'): void {
    this.#live()?.change({ [what]: null });
    this.choose('move');
  }
}
