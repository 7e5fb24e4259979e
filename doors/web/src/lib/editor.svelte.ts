// Correcting a reading: the chosen tool, the steps with undo and redo, the draft that outlives an empty battery.
import type { Point, ReadRequest } from '../api.ts';
import type { Detection } from '../generated/results.ts';
import { keep, kept } from './keep.ts';
import { drawsArea, hairsOf, nearestHair, requestOf, type Hairs, type Mark } from './marks.ts';
import { finish, isOpen, withLast, withoutLast, type Shape } from './pen.ts';
import { Draws } from './pens.svelte.ts';
import { add, begin, redo, standing, undo, type History } from './undo.ts';

export const TOOLS = ['move', 'brush', 'eraser', 'lasso', 'polygon', 'add_hair', 'remove_hair', 'ruler'] as const;
export type Tool = (typeof TOOLS)[number];

const SHAPES: Record<Tool, Shape | null> = {
  move: null,
  brush: 'free',
  eraser: 'free',
  lasso: 'free',
  polygon: 'area',
  add_hair: 'one',
  remove_hair: 'one',
  ruler: 'two',
};
export const TOOL_KEYS: Record<string, Tool> = {
  v: 'move',
  b: 'brush',
  e: 'eraser',
  l: 'lasso',
  p: 'polygon',
  a: 'add_hair',
  d: 'remove_hair',
  r: 'ruler',
};
/** Whether single letters choose tools: off for whoever hits keys by accident, or speaks to the machine. */
export const LETTERS_OFF = 'letters_off';
export const RADIUS_PX: [number, number] = [2, 200];
const HAIR_NEAR_PX = 25;

const draftOf = (photograph: string, reading: string | null) => `marks.${photograph}.${reading ?? 'none'}`;

/** The corrections of a reading that wait to be read. */
export const keptMarks = (photograph: string, reading: string | null): Mark[] => kept<Mark[]>(draftOf(photograph, reading)) ?? [];
export const keepMarks = (photograph: string, reading: string | null, marks: readonly Mark[]): void => keep(draftOf(photograph, reading), marks.length ? marks : null);
export const forgetMarks = (photograph: string, reading: string | null): void => keepMarks(photograph, reading, []);

/** What is held in the hand: it stays there while readings come and go. */
export class Hand {
  tool = $state<Tool>('move');
  radius_px = $state(14);
}

export class Editor extends Draws {
  /** What lasso and polygon do: add to the scar or take away. */
  takesAway = $state(false);
  /** Strokes are the scar itself, not hints for where its edge runs. */
  exact = $state(false);
  pendingRuler = $state.raw<[Point, Point] | null>(null);
  #history = $state.raw<History<Mark>>(begin());
  #reading: string | null;
  #photograph: string;
  #detections: readonly Detection[];
  #hand: Hand;

  constructor(photograph: string, reading: string | null, detections: readonly Detection[], hand: Hand) {
    // because corners are of the photograph, whichever reading they will correct
    super(`corners.${photograph}`);
    this.#photograph = photograph;
    this.#reading = reading;
    this.#detections = detections;
    this.#history = begin(keptMarks(photograph, reading));
    this.#hand = hand;
    if (this.shape) this.take(this.shape);
  }

  get tool(): Tool {
    return this.#hand.tool;
  }
  get radius_px(): number {
    return this.#hand.radius_px;
  }
  set radius_px(radius_px: number) {
    this.#hand.radius_px = radius_px;
  }
  get marks(): readonly Mark[] {
    return standing(this.#history);
  }
  get hairs(): Hairs {
    return hairsOf(this.marks);
  }
  get shape(): Shape | null {
    return SHAPES[this.tool];
  }
  get exactly(): boolean {
    return this.exact || drawsArea(this.marks);
  }
  get canUndo(): boolean {
    return isOpen(this.pen) || this.#history.standing > 0;
  }
  get canRedo(): boolean {
    return this.pen.undone.length > 0 || this.#undoneMarks;
  }
  get #undoneMarks(): boolean {
    return this.#history.standing < this.#history.steps.length;
  }

  /** Takes a tool. An open area is closed by another one, or waits if it cannot be; who only moves the picture goes on with it. */
  choose(tool: Tool): void {
    const shape = SHAPES[tool];
    if (shape && shape !== this.pen.shape) {
      this.close();
      this.take(shape);
    }
    this.#hand.tool = tool;
  }
  /** An area with enough corners becomes a correction, as if it had been closed by hand. */
  close(): void {
    if (this.pen.shape !== 'area') return;
    const { pen, finished } = finish(this.pen);
    this.pen = pen;
    if (finished) this.#addArea(finished);
  }

  undo(): void {
    if (isOpen(this.pen)) this.pen = withoutLast(this.pen);
    else this.#keep(undo(this.#history));
  }
  redo(): void {
    // because corrections are undone after the last corner is: they come back before the first
    if (this.pen.undone.length && (isOpen(this.pen) || !this.#undoneMarks)) this.pen = withLast(this.pen);
    else this.#keep(redo(this.#history));
  }
  /** The corrections have become a reading of their own. */
  forget(): void {
    this.#keep(begin());
  }

  drawn(places: readonly Point[]): void {
    const [first, second] = places;
    if (!first) return;
    const path_px = [...places];
    switch (this.tool) {
      case 'brush':
        return this.#add({ kind: 'stroke', side: 'inside', path_px, radius_px: this.radius_px });
      case 'eraser':
        return this.#add({ kind: 'stroke', side: 'outside', path_px, radius_px: this.radius_px });
      case 'lasso':
      case 'polygon':
        if (places.length > 2) this.#addArea(places);
        return;
      case 'add_hair':
        return this.#add({ kind: 'add_hair', at: first });
      case 'remove_hair': {
        const at = nearestHair(first, this.#detections, this.hairs, HAIR_NEAR_PX);
        if (at) this.#add({ kind: 'remove_hair', at });
        return;
      }
      case 'ruler':
        if (second) this.pendingRuler = [first, second];
    }
  }

  /** The length between the two places of the ruler was told, or not. */
  measure(length_mm: number | null): void {
    const [from_px, to_px] = this.pendingRuler ?? [];
    this.pendingRuler = null;
    if (from_px && to_px && length_mm) this.#add({ kind: 'ruler', from_px, to_px, length_mm });
  }

  request(paintMask: () => string): ReadRequest {
    return requestOf(this.marks, this.exact, this.#reading, paintMask);
  }

  grow(factor: number): void {
    this.radius_px = Math.min(RADIUS_PX[1], Math.max(RADIUS_PX[0], Math.round(this.radius_px * factor)));
  }

  /** Whether the key meant something here. */
  key(event: KeyboardEvent): boolean {
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) return false;
    const tool = TOOL_KEYS[letter];
    if (tool) this.choose(tool);
    else if (letter === 'escape') this.choose('move');
    else if (letter === 'x') this.takesAway = !this.takesAway;
    else if (letter === '[') this.grow(1 / 1.25);
    else if (letter === ']') this.grow(1.25);
    else return false;
    return true;
  }

  #addArea(places: readonly Point[]): void {
    this.#add({ kind: 'area', side: this.takesAway ? 'outside' : 'inside', outline_px: [...places] });
  }
  #add(mark: Mark): void {
    this.#keep(add(this.#history, mark));
  }
  #keep(history: History<Mark>): void {
    this.#history = history;
    keepMarks(this.#photograph, this.#reading, standing(history));
  }
}
