// The scar as it stands, painted white on black at the photograph's size: what the reading found, then every stroke and area.
import type { Point } from '../api.ts';
import type { Mark } from '../lib/marks.ts';
import type { Size } from '../lib/screen.ts';

export function maskPng(photo: Size, outlines: readonly Point[][], marks: readonly Mark[]): string {
  const canvas = document.createElement('canvas');
  canvas.width = photo.width;
  canvas.height = photo.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  context.fillStyle = '#000000';
  context.fillRect(0, 0, photo.width, photo.height);
  context.lineCap = context.lineJoin = 'round';
  const trace = (path: readonly Point[]) => {
    context.beginPath();
    path.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  };
  context.fillStyle = '#ffffff';
  for (const outline of outlines) {
    trace(outline);
    context.fill();
  }
  for (const mark of marks) {
    if (mark.kind !== 'stroke' && mark.kind !== 'area') continue;
    context.fillStyle = context.strokeStyle = mark.side === 'inside' ? '#ffffff' : '#000000';
    if (mark.kind === 'area') {
      trace(mark.outline_px);
      context.fill();
    } else {
      trace(mark.path_px.length === 1 ? [...mark.path_px, ...mark.path_px] : mark.path_px);
      context.lineWidth = 2 * mark.radius_px;
      context.stroke();
    }
  }
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
