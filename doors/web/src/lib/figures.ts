// The numbers of a reading as rows: what, how much, and which doubts belong to it. No number is made here, all are read.
import type { Caveat, Measured } from '../api.ts';
import type { Reading, Scar } from '../generated/results.ts';
import type { Key } from '../words.svelte.ts';

/** What a number rests on: caveats whose code begins with one of these words touch it. */
type Ground = 'scale' | 'light' | 'photo' | 'scar' | 'hair' | 'skin' | 'color';
export type Figure = { label: Key; value: Measured | null; unit: string; grounds: readonly Ground[] };

const LENGTH: readonly Ground[] = ['scale', 'scar'];
const COLOR: readonly Ground[] = ['light', 'color', 'photo', 'skin'];
const HAIR: readonly Ground[] = ['hair', 'scale', 'photo'];

export function scarFigures(scar: Scar): Figure[] {
  return [
    { label: 'figure.area', value: scar.area_mm2, unit: 'mm²', grounds: LENGTH },
    { label: 'figure.length', value: scar.length_mm, unit: 'mm', grounds: LENGTH },
    { label: 'figure.width', value: scar.width_mm, unit: 'mm', grounds: LENGTH },
    { label: 'figure.width_max', value: scar.width_max_mm, unit: 'mm', grounds: LENGTH },
    { label: 'figure.color_difference', value: scar.color_difference, unit: 'ΔE00', grounds: COLOR },
    { label: 'figure.redness', value: scar.redness, unit: '', grounds: COLOR },
    { label: 'figure.texture', value: scar.texture, unit: '', grounds: ['photo', 'scar'] },
    { label: 'figure.hair_inside', value: scar.hair_density_inside_per_cm2, unit: '/cm²', grounds: HAIR },
    { label: 'figure.hair_around', value: scar.hair_density_around_per_cm2, unit: '/cm²', grounds: HAIR },
  ];
}

export function skinFigures(reading: Reading): Figure[] {
  const { hair, skin, photo } = reading;
  return [
    { label: 'figure.hair_density', value: hair.unit_density_per_cm2, unit: '/cm²', grounds: HAIR },
    { label: 'figure.hair_diameter', value: hair.median_diameter_um, unit: 'µm', grounds: HAIR },
    { label: 'figure.ita', value: skin.ita_deg, unit: '°', grounds: COLOR },
    { label: 'figure.redness_around', value: skin.erythema_index, unit: '', grounds: COLOR },
    { label: 'figure.pitch', value: photo.pixel_pitch_um, unit: 'µm', grounds: ['scale'] },
  ];
}

export function doubtsOf(figure: Figure, caveats: readonly Caveat[]): Caveat[] {
  return caveats.filter((one) => figure.grounds.some((ground) => one.code.startsWith(`${ground}.`)));
}
