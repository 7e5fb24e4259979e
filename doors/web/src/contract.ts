// Those parts of reading.json, assessment.json and plan.json (schemas/*.json) that are shown.
import type { Caveat, Measured, Point } from './api.ts';

export type Detection = { x_px: number; y_px: number; diameter_um: number; confidence: number };
export type Scar = {
  kind: 'linear' | 'punctate' | 'patch';
  outline_px: Point[];
  area_mm2: Measured;
  color_difference: Measured | null;
  redness: Measured | null;
  texture: Measured | null;
  length_mm: Measured | null;
  width_mm: Measured | null;
  width_max_mm: Measured | null;
  hair_density_inside_per_cm2: Measured | null;
  hair_density_around_per_cm2: Measured | null;
};
export type Reading = {
  caveats: Caveat[];
  photo: {
    width_px: number;
    height_px: number;
    pixel_pitch_um: Measured;
    pixel_pitch_source: 'card' | 'ruler' | 'entered' | 'estimated';
  };
  white: 'checker' | 'card' | 'declared' | 'camera';
  zone: { outlines_px: Point[][]; area_mm2: Measured };
  skin: {
    ita_deg: Measured;
    ita_class: 'very_light' | 'light' | 'intermediate' | 'tan' | 'brown' | 'dark';
    melanin_volume_fraction: Measured | null;
    blood_volume_fraction: Measured | null;
    erythema_index: Measured | null;
  };
  hair: {
    unit_density_per_cm2: Measured | null;
    median_diameter_um: Measured | null;
    detections: Detection[];
  };
  scars: Scar[];
};

export type Verdict = 'suitable' | 'suitable_with_care' | 'not_yet' | 'not_smp';
export type Reason = { rule: string; verdict: Verdict; text: string; source: string; grade: string };
export type Assessment = {
  caveats: Caveat[];
  verdict: Verdict;
  not_before: string | null;
  reasons: Reason[];
  alternatives: string[];
  expectation: {
    visible_distance_m: Measured | null;
    color_difference_today: Measured | null;
    color_difference: Measured | null;
  };
};
export type Plan = {
  caveats: Caveat[];
  totals: { dots: number; area_mm2: number; dot_density_per_cm2: number; pigment_ul: number; chair_minutes: number };
  sessions: { number: number; interval_days: number; dots: unknown[] }[];
};
