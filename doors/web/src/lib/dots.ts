// Dots as the server sends them: little-endian f32, four a dot (x px, y px, diameter px, session number).

export type Dots = { readonly count: number; readonly values: Float32Array };

const NUMBERS = 4;

export function dotsFrom(buffer: ArrayBuffer): Dots {
  const count = Math.floor(buffer.byteLength / (4 * NUMBERS));
  const view = new DataView(buffer);
  const values = new Float32Array(count * NUMBERS);
  for (let i = 0; i < values.length; i += 1) values[i] = view.getFloat32(4 * i, true);
  return { count, values };
}

export function dotAt(dots: Dots, index: number): { x: number; y: number; diameter: number; session: number } {
  const at = index * NUMBERS;
  const number = (k: number) => dots.values[at + k] ?? 0;
  return { x: number(0), y: number(1), diameter: number(2), session: number(3) };
}
