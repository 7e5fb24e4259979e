// From corrections to what is asked of the server.
import { expect, test } from 'vitest';
import { hairsOf, nearestHair, requestOf, type Mark } from './marks.ts';

const stroke: Mark = { kind: 'stroke', side: 'inside', path_px: [[1, 2]], radius_px: 3 };
const area: Mark = { kind: 'area', side: 'outside', outline_px: [[0, 0], [9, 0], [9, 9]] };
const paint = () => 'PNG';

test('strokes alone are hints, an area or the wish to be exact is a mask', () => {
  expect(requestOf([stroke], false, 'r', paint)).toEqual({
    parent: 'r',
    strokes: [{ side: 'inside', path_px: [[1, 2]], radius_px: 3 }],
  });
  expect(requestOf([stroke], true, null, paint)).toEqual({ scar_mask_png: 'PNG' });
  expect(requestOf([stroke, area], false, null, paint)).toEqual({ scar_mask_png: 'PNG' });
});

test('nothing drawn asks for nothing', () => {
  expect(requestOf([], true, null, paint)).toEqual({});
});

test('the last ruler holds', () => {
  const ruler = (length_mm: number): Mark => ({ kind: 'ruler', from_px: [0, 0], to_px: [9, 0], length_mm });
  expect(requestOf([ruler(5), ruler(10)], false, null, paint)).toEqual({ ruler: { from_px: [0, 0], to_px: [9, 0], length_mm: 10 } });
});

test('a hair that was added and taken away is neither', () => {
  const marks: Mark[] = [
    { kind: 'add_hair', at: [1, 1] },
    { kind: 'add_hair', at: [5, 5] },
    { kind: 'remove_hair', at: [1, 1] },
    { kind: 'remove_hair', at: [20, 20] },
  ];
  expect(hairsOf(marks)).toEqual({ added: [[5, 5]], removed: [[20, 20]] });
});

test('the nearest hair that still stands', () => {
  const detections = [{ x_px: 10, y_px: 10, diameter_um: 60, confidence: 1 }, { x_px: 14, y_px: 10, diameter_um: 60, confidence: 1 }];
  expect(nearestHair([11, 10], detections, { added: [], removed: [] }, 20)).toEqual([10, 10]);
  expect(nearestHair([11, 10], detections, { added: [], removed: [[10, 10]] }, 20)).toEqual([14, 10]);
  expect(nearestHair([11, 10], detections, { added: [[11, 11]], removed: [] }, 20)).toEqual([11, 11]);
  expect(nearestHair([90, 90], detections, { added: [], removed: [] }, 20)).toBeNull();
});
