// What the client is asked, in the words of sources/rules/questions.toml, in the order of a talk; what is not answered is left out.

export type Kind = 'flag' | 'number' | 'never_or_day' | 'cause' | 'hair';

export const QUESTIONS = {
  scar_age_months: 'number',
  scar_cause: 'cause',
  scar_changing: 'flag',
  scar_raised: 'flag',
  keloid_in_area: 'flag',
  keloid_history: 'flag',
  open_wound: 'flag',
  skin_infection: 'flag',
  active_skin_disease: 'flag',
  changing_mole: 'flag',
  sunburn: 'flag',
  previous_smp: 'flag',
  previous_smp_blue: 'flag',
  laser_removal_date: 'never_or_day',
  transplant_date: 'never_or_day',
  transplant_planned: 'flag',
  hair_color: 'hair',
  hair_length_worn_mm: 'number',
  fast_hair_loss: 'flag',
  alopecia_areata: 'flag',
  age_years: 'number',
  pigment_allergy: 'flag',
  pregnant_or_breastfeeding: 'flag',
  blood_thinner: 'flag',
  diabetes: 'flag',
  immunosuppressed: 'flag',
  heart_or_epilepsy: 'flag',
  isotretinoin: 'flag',
  chemotherapy: 'flag',
  vitiligo: 'flag',
  sarcoidosis: 'flag',
  expects_gone: 'flag',
} as const satisfies Record<string, Kind>;

export type Question = keyof typeof QUESTIONS;
export const QUESTION_WORDS = Object.keys(QUESTIONS) as Question[];
/** How many are not answered. */
export const openIn = (answers: object): number => QUESTION_WORDS.filter((word) => !(word in answers)).length;
export const HAIR_COLORS = ['black', 'brown', 'blond', 'red', 'gray', 'white'] as const;
export const CAUSES = ['surgery', 'injury', 'burn', 'disease', 'unknown'] as const;
