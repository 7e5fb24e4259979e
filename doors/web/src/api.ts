// The contract with the server: types of what goes over the wire, and one typed call per route.
import { call, request } from './http.ts';

export type Role = 'owner' | 'practitioner' | 'assistant' | 'read_only';
export type Phase = 'first_run' | 'locked' | 'signed_out' | 'signed_in';
export type Account = { id: string; name: string; login: string; role: Role; active: boolean; second_factor: boolean };
export type State = { phase: Phase; clinic: string | null; token: string; account: Account | null };

export type Weight = 'note' | 'doubt' | 'blocks';
export type Caveat = { code: string; weight: Weight; message: string; remedy: string };
export type Measured = { value: number; standard_uncertainty: number };
export type Point = [number, number];

export type RecordKind = 'reading' | 'plan';
export type RecordLine = {
  id: string;
  kind: RecordKind;
  parent: string | null;
  /** Whether a person corrected what the machine would have found. */
  corrected: boolean;
  made_by: string;
  made_at: string;
};
/** What was seen of a photograph at the first look. */
export type Look = { width_px: number; height_px: number; message: string | null; caveats: Caveat[] };
export type Photograph = {
  id: string;
  visit: string;
  case: string;
  client: string;
  sha256: string;
  bytes: number;
  state: 'new' | 'ready' | 'unusable';
  look: Look | null;
  records: RecordLine[];
  uploaded_at: string;
};
export type VisitKind = 'consultation' | 'session' | 'follow_up';
export type Visit = {
  id: string;
  case: string;
  version: number;
  day: string;
  kind: VisitKind;
  note: string;
  photographs: Photograph[];
};
export type Case = {
  id: string;
  version: number;
  client: string;
  title: string;
  note: string;
  created_at: string;
  visits: Visit[];
};
export type ClientLine = {
  id: string;
  name: string;
  born_in: number | null;
  cases: number;
  photographs: number;
  changed_at: string;
};
export type ClientFields = { name: string; born_in: number | null; contact: string; note: string };
export type Client = ClientFields & {
  id: string;
  version: number;
  created_at: string;
  changed_at: string;
  cases: Case[];
};

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
export type Job = {
  id: string;
  kind: string;
  state: JobState;
  step: string;
  share: number;
  message: string | null;
  result: string | null;
  created_at: string;
};
export type Upload = { id: string; received: number; bytes: number };

export type Side = 'inside' | 'outside';
export type Stroke = { side: Side; path_px: Point[]; radius_px: number };
export type ReadRequest = {
  parent?: string;
  pixel_pitch_um?: number;
  ruler?: { from_px: Point; to_px: Point; length_mm: number };
  strokes?: Stroke[];
  scar_mask_png?: string;
  hairs_added_px?: Point[];
  hairs_removed_px?: Point[];
};

export type Hairline = { line_px: Point[]; depth_mm: number; hair_side_px: Point | null };
export type Wish = {
  density: number;
  feather_mm: number;
  healed_diameter_um: number;
  pigment: string | null;
  dilution: number | null;
  sessions: number;
  hairline: Hairline | null;
  thinning_px: Point[] | null;
};
export type Moment = 'before' | 'fresh' | 'day3' | 'healed' | '1y' | '3y' | '5y';
export type Light = 'daylight' | 'tungsten' | 'led' | 'flash';
export type Course = 'faint' | 'likely' | 'strong';
export type Crop = [number, number, number, number];
export type View = {
  moment: Moment;
  light: Light;
  course: Course;
  hair_growth_mm: number;
  distance_m: number | null;
  crop_px: Crop | null;
  width_px: number;
  /** Number of the picture at hand: only what changed in it is sent. */
  over?: number;
};
export type Summary = {
  dots: number;
  sessions: number[];
  area_mm2: number;
  dot_density_per_cm2: number;
  chair_minutes: number;
  pigment_ul: number;
  pigment: string | null;
  dilution: number | null;
  color_difference: Measured | null;
  b_shift: Measured | null;
  caveats: Caveat[];
  work_ms: number;
  /** The number of the whole picture, and where the pixels that were sent belong in it, unless they are all of it. */
  picture: { number: number; area_px: Crop | null } | null;
};
export type Limits = Partial<Record<'density' | 'feather_mm' | 'healed_diameter_um' | 'sessions', [number, number]>>;
export type PigmentChoice = { id: string; name: string; dilutions: number[] };
export type Live = {
  live: string;
  width_px: number;
  height_px: number;
  wish: Wish;
  limits: Limits;
  pigments: PigmentChoice[];
};
export type Answer = boolean | number | string;
export type Answers = Record<string, Answer>;
export type SecondFactor = { secret: string; uri: string; qr_svg: string };
export type PlanFile = 'report.pdf' | 'stencil.pdf' | 'dots.svg' | 'dots.csv';

type Keyed = { recovery_key: string };

export const api = {
  state: () => call<State>('GET', '/state'),
  firstRun: (b: { clinic: string; name: string; login: string; password: string }) => call<Keyed>('POST', '/first-run', b),
  signIn: (b: { login: string; password: string; code?: string }) => call<{ account: Account }>('POST', '/sign-in', b),
  signOut: () => call<void>('POST', '/sign-out'),
  recover: (b: { login: string; recovery_key: string; new_password: string }) =>
    call<{ account: Account } & Keyed>('POST', '/recover', b),
  accounts: () => call<Account[]>('GET', '/accounts'),
  addAccount: (b: { name: string; login: string; password: string; role: Role }) => call<Account>('POST', '/accounts', b),
  changeAccount: (id: string, b: { name: string; role: Role; active: boolean }) => call<Account>('PUT', `/accounts/${id}`, b),
  changePassword: (b: { old: string; new: string }) => call<void>('PUT', '/me/password', b),
  beginSecondFactor: () => call<SecondFactor>('POST', '/me/second-factor'),
  confirmSecondFactor: (code: string) => call<void>('PUT', '/me/second-factor', { code }),
  endSecondFactor: (code: string) => call<void>('DELETE', '/me/second-factor', { code }),

  clients: (query: string, limit: number, offset: number, signal?: AbortSignal) =>
    call<{ total: number; clients: ClientLine[] }>(
      'GET',
      `/clients?${new URLSearchParams({ query, limit: String(limit), offset: String(offset) })}`,
      undefined,
      signal,
    ),
  addClient: (b: ClientFields) => call<Client>('POST', '/clients', b),
  client: (id: string) => call<Client>('GET', `/clients/${id}`),
  changeClient: (id: string, b: ClientFields & { version: number }) => call<Client>('PUT', `/clients/${id}`, b),
  eraseClient: (id: string) => call<void>('DELETE', `/clients/${id}`),
  addCase: (client: string, b: { title: string; note: string }) => call<Case>('POST', `/clients/${client}/cases`, b),
  case: (id: string) => call<Case>('GET', `/cases/${id}`),
  addVisit: (id: string, b: { day: string; kind: VisitKind; note: string }) =>
    call<Visit>('POST', `/cases/${id}/visits`, b),

  beginUpload: (visit: string, b: { bytes: number; sha256: string }) => call<Upload>('POST', `/visits/${visit}/uploads`, b),
  upload: (id: string) => call<Upload>('GET', `/uploads/${id}`),
  finishUpload: (id: string) => call<{ photograph: Photograph; job: Job }>('POST', `/uploads/${id}/finish`),
  photograph: (id: string) => call<Photograph>('GET', `/photographs/${id}`),
  look: (photograph: string) => call<Job>('POST', `/photographs/${photograph}/look`),

  read: (photograph: string, b: ReadRequest) => call<Job>('POST', `/photographs/${photograph}/readings`, b),
  record: <T>(id: string) => call<{ line: RecordLine; body: T; assessment: unknown }>('GET', `/records/${id}`),
  consult: (reading: string, b: { wish?: Wish; answers?: Answers }) =>
    call<Job>('POST', `/readings/${reading}/consultation`, b),

  openLive: (reading: string, signal?: AbortSignal) => call<Live>('POST', `/readings/${reading}/live`, undefined, signal),
  closeLive: (id: string) => request('DELETE', `/live/${id}`, { keepalive: true }),
  frame: (id: string, b: { wish: Wish; view: View }, signal: AbortSignal) =>
    request('POST', `/live/${id}/frame`, { json: b, signal }),
  dots: (id: string, wish: Wish, signal: AbortSignal) => request('POST', `/live/${id}/dots`, { json: { wish }, signal }),

  job: (id: string) => call<Job>('GET', `/jobs/${id}`),
  cancelJob: (id: string) => call<unknown>('DELETE', `/jobs/${id}`),
};

/** Addresses that the browser itself asks: pictures, files, event streams. */
export const address = {
  picture: (photograph: string, side: number) => `/api/photographs/${photograph}/picture?side=${side}`,
  jobEvents: (id: string) => `/api/jobs/${id}/events`,
  planFile: (plan: string, name: PlanFile) => `/api/plans/${plan}/files/${name}`,
};
