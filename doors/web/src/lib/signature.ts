// A signature: lines of points, each a share of the pad's width, a share of its height, and the seconds since it was begun.

export type Dot = [x: number, y: number, s: number];
export type Lines = Dot[][];

/** The pad is so many times as wide as it is high. */
export const WIDE = 4;
/** The longest that is kept, s, and the shortest way between two points that are both kept. */
const LATEST_S = 3600;
const STEP = 0.002;
/** What is shorter is no signature. */
const SHORTEST = 0.1;

const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
const way = (from: Dot, to: Dot) => Math.hypot(to[0] - from[0], to[1] - from[1]);

/** A place on the screen as a point of the pad. */
export function dotOf(pad: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>, at: { clientX: number; clientY: number }, since_s: number): Dot {
  const time = Math.round(Math.min(LATEST_S, Math.max(0, since_s)) * 1000) / 1000;
  return [share((at.clientX - pad.left) / pad.width), share((at.clientY - pad.top) / pad.height), time];
}

/** With one more point on the last line, if the pen has moved. */
export function drawnOn(lines: Lines, dot: Dot): Lines {
  const line = lines.at(-1) ?? [];
  const last = line.at(-1);
  return last && way(last, dot) < STEP ? lines : [...lines.slice(0, -1), [...line, dot]];
}

export function isSigned(lines: Lines): boolean {
  const ways = lines.flatMap((line) => line.slice(1).map((dot, index) => way(line[index] ?? dot, dot)));
  return ways.reduce((sum, one) => sum + one, 0) >= SHORTEST;
}

/** One line as a path on a pad that is so wide. */
export const pathOf = (line: readonly Dot[], width: number): string =>
  line.map(([x, y], index) => `${index ? 'L' : 'M'}${x * width} ${(y * width) / WIDE}`).join('') + (line.length === 1 ? 'h0.01' : '');

const folded = (name: string) => name.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
/** Whether two names are one, whatever their accents, blanks and capitals. */
export const isSameName = (one: string, other: string): boolean => folded(one) === folded(other);
