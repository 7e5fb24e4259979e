// The numbers of a reading as rows: what, how much, and which doubts bear upon it. No number is made here, all are read.
import type { Caveat, Measured } from '../api.ts';
import type { Reading, Scar } from '../generated/results.ts';
import type { Key } from '../words.svelte.ts';

/** `doubts`: codes of what bears upon this very number; with a weight behind it, a code of that weight alone. */
export type Figure = { label: Key; value: Measured | null; unit: string; doubts: readonly string[] };

/** How large a pixel is. */
const PITCH = ['scale.estimated', 'scale.entered', 'scale.card_tilted', 'scale.card_partial', 'scale.card_bent', 'scale.card_refused', 'scale.ruler'];
/** What lies between two places on a head. */
const EXTENT = [...PITCH, 'scale.curvature'];
/** Where the scar is. */
const OUTLINE = ['scar.proposed', 'scar.entered', 'scar.beyond_skin'];
/** How fine the picture is. */
const FINE = ['photo.blurred', 'photo.noise', 'photo.compressed', 'photo.too_coarse'];
/** Whether colors of one photograph can be held against each other. */
const COLORS = ['color.profile_assumed', 'color.profile_converted', 'color.clipped', 'color.cmyk', 'photo.exposure', 'photo.shine', 'light.uneven', 'light.checker'];
/** Whether colors are right by themselves. */
const WHITE = [...COLORS, 'light.no_neutral', 'light.checker_refused'];
const COUNT = [...EXTENT, ...FINE, 'photo.shine.doubt', 'photo.shine.blocks', 'photo.exposure', 'hair.few', 'hair.uncertain', 'hair.density_only'];

const LENGTH = [...EXTENT, ...OUTLINE];
const COLOR = [...COLORS, ...OUTLINE, 'scar.unmeasured'];

export function scarFigures(scar: Scar): Figure[] {
  return [
    { label: 'figure.area', value: scar.area_mm2, unit: 'mm²', doubts: LENGTH },
    { label: 'figure.length', value: scar.length_mm, unit: 'mm', doubts: LENGTH },
    { label: 'figure.width', value: scar.width_mm, unit: 'mm', doubts: LENGTH },
    { label: 'figure.width_max', value: scar.width_max_mm, unit: 'mm', doubts: LENGTH },
    { label: 'figure.color_difference', value: scar.color_difference, unit: 'ΔE00', doubts: COLOR },
    { label: 'figure.redness', value: scar.redness, unit: '', doubts: COLOR },
    { label: 'figure.texture', value: scar.texture, unit: '', doubts: [...FINE, ...OUTLINE, 'scar.unmeasured'] },
    { label: 'figure.hair_inside', value: scar.hair_density_inside_per_cm2, unit: '/cm²', doubts: [...COUNT, ...OUTLINE] },
    { label: 'figure.hair_around', value: scar.hair_density_around_per_cm2, unit: '/cm²', doubts: COUNT },
  ];
}

export function skinFigures(reading: Reading): Figure[] {
  const { hair, skin, photo } = reading;
  return [
    { label: 'figure.hair_density', value: hair.unit_density_per_cm2, unit: '/cm²', doubts: COUNT },
    { label: 'figure.hair_diameter', value: hair.median_diameter_um, unit: 'µm', doubts: [...PITCH, ...FINE, 'hair.density_only'] },
    { label: 'figure.ita', value: skin.ita_deg, unit: '°', doubts: [...WHITE, 'skin.tone_unsure'] },
    { label: 'figure.redness_around', value: skin.erythema_index, unit: '', doubts: WHITE },
    { label: 'figure.pitch', value: photo.pixel_pitch_um, unit: 'µm', doubts: PITCH },
  ];
}

export function doubtsOf({ doubts }: Figure, caveats: readonly Caveat[]): Caveat[] {
  return caveats.filter(({ code, weight }) => doubts.includes(code) || doubts.includes(`${code}.${weight}`));
}
