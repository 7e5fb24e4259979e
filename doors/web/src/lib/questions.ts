// What the client is asked, in the words of sources/rules/questions.toml, in the order of a talk; what is not answered is left out.

export type Kind = 'flag' | 'number' | 'day' | 'never_or_day' | 'text' | Choice;
/** Kinds that are one of some words. */
export type Choice = 'cause' | 'hair' | 'sun_hours' | 'often';

export const QUESTIONS = {
  scar_date: 'day',
  scar_cause: 'cause',
  scar_treatments: 'text',
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
  birth_date: 'day',
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
  medicines: 'text',
  allergies: 'text',
  outdoor_work: 'flag',
  sun_hours_a_day: 'sun_hours',
  sun_hat: 'often',
  sunscreen: 'often',
  sport: 'flag',
  pool: 'flag',
  shaves_head: 'flag',
  hopes: 'text',
  expects_gone: 'flag',
  anything_else: 'text',
} as const satisfies Record<string, Kind>;

export type Question = keyof typeof QUESTIONS;
export const QUESTION_WORDS = Object.keys(QUESTIONS) as Question[];
/** Told in the client's own words, for people alone: no rule reads it, and nobody has to say anything. */
const isText = (word: string): boolean => word in QUESTIONS && QUESTIONS[word as Question] === 'text';
export const COUNTED = QUESTION_WORDS.filter((word) => !isText(word));
/** How they live bears upon the days of care; that it was not asked leaves no verdict open. */
const LIFE: readonly Question[] = ['outdoor_work', 'sun_hours_a_day', 'sun_hat', 'sunscreen', 'sport', 'pool', 'shaves_head'];
/** Those that the verdict waits for. */
export const DECIDING = COUNTED.filter((word) => !LIFE.includes(word));
/** How many are not answered. */
export const openIn = (answers: object, of: readonly Question[] = COUNTED): number => of.filter((word) => !(word in answers)).length;
/** What goes to the rules. */
export const judged = <T>(answers: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(answers).filter(([word]) => !isText(word)));

/** Longest answer in own words, as the studio takes it. */
export const TEXT_MAX = 2000;
export const CHOICES = {
  cause: ['surgery', 'injury', 'burn', 'disease', 'unknown'],
  hair: ['black', 'brown', 'blond', 'red', 'gray', 'white'],
  sun_hours: ['under_1', '1_to_3', 'over_3'],
  often: ['mostly', 'sometimes', 'rarely'],
} as const satisfies Record<Choice, readonly string[]>;
export const isChoice = (kind: Kind): kind is Choice => kind in CHOICES;
