// The contract with the server: types of what goes over the wire, made from its own document (scripts/types.mjs), and one
// typed call per route.
import type * as wire from './generated/api.ts';
import type { Agreement } from './generated/results.ts';
import { call, request } from './http.ts';

export type {
  Account,
  Advised,
  AlarmPlace,
  Asked,
  AskedWhen,
  Attention,
  Bleeding,
  Book,
  Caveat,
  Certificates,
  CheckIn,
  Choice as PigmentChoice,
  ClientLine,
  ClinicFacts,
  Consent,
  Course,
  Crop,
  EarlierText,
  Form as ConsentForm,
  FormClause,
  Healing,
  Job,
  Keeping,
  LetterLine,
  Light,
  Limits,
  LinkKind,
  LinkLine,
  MadeFeed,
  MadeLink,
  MailState,
  Measured,
  Moment,
  NeedLine,
  NewLink,
  ObstacleLine,
  OpenedLink,
  OwnTextLine,
  OwnTextVersion,
  Phase,
  Photograph,
  Point,
  PublicationLine,
  Question as CheckQuestion,
  RatedBy,
  Rating,
  ReadAsked as ReadRequest,
  Recalled,
  RecordLine,
  Role,
  Round,
  Ruler,
  Said,
  ScarScale,
  Scores as WellbeingScores,
  SecondFactor,
  Session as SessionDone,
  SessionText,
  ShownText,
  Side,
  Stroke,
  Summary,
  TestDecision,
  TestResult,
  TestUsed,
  TrailLine,
  Upload,
  Vancouver,
  VisitKind,
  Weight,
  Wellbeing,
} from './generated/api.ts';

/** As the server writes what it also takes: parts that a request may leave out are all there. */
type Written<T> = T extends object ? { [K in keyof T]-?: Written<T[K]> } : T;
export type Case = Written<wire.Case>;
export type Client = Written<wire.Client>;
export type ClientFields = Written<wire.Person>;
export type CaseFields = Written<wire.CaseText>;
export type VisitFields = Written<wire.VisitText>;
export type Live = Written<wire.Live>;
export type Visit = Written<wire.Visit>;
export type Wish = Written<wire.Wish>;
/** A view that says every part, light and course by their words; which picture is at hand is told where it is asked for. */
export type View = Required<Omit<wire.View, 'over'>> & { light: wire.Light; course: wire.Course };

export type Answers = NonNullable<wire.ConsultAsked['answers']>;
export type Answer = Answers[string];
/** Scales whose scores can be compared; an address holds its word. */
export type Scale = 'noticeability' | 'scar' | 'vancouver';
/** Columns and rows from the left and the top, then how many: whole pixels. */
export type Rectangle = [number, number, number, number];
export type CredentialText = Written<wire.CredentialText>;
export type Showcase = Omit<wire.Showcase, 'credentials' | 'language'> & { credentials: CredentialText[]; language: 'en' | 'de' };
export type Insider = 'staff' | 'relative';
export type ReviewText = Omit<Written<wire.ReviewText>, 'insider'> & { insider: Insider | null };
export type ReviewLine = Omit<wire.ReviewLine, 'insider' | 'removed'> & { insider: Insider | null; removed: Removal | null };
export type Publishing = Omit<wire.Publishing, 'showcase' | 'reviews'> & { showcase: Showcase; reviews: ReviewLine[] };
export const REMOVALS = ['by_writer', 'ordered', 'personal_data', 'unlawful'] as const;
export type Removal = (typeof REMOVALS)[number];
/** What a person chooses on before a case is shown. */
export type Draft = { width_px: number; height_px: number; crop: Rectangle; hidden: Rectangle[]; refusals: string[]; face_agreed: boolean };
export type PublishAsked = Omit<wire.PublishAsked, 'crop' | 'hidden'> & { crop: Rectangle; hidden: Rectangle[] };
export type PlanFile = 'report.pdf' | 'stencil.pdf' | 'dots.svg' | 'dots.csv';
export type ResultFile = PlanFile | 'outcome.pdf' | 'outcome.png' | 'fading.png' | 'before.jpg' | 'after.jpg';

/** A client's own way in: its secret stands in no address that is sent. */
const byLink = (secret: string) => ({ 'X-Stipple-Link': secret });

export const api = {
  state: () => call<wire.StudioState>('GET', '/state'),
  firstRun: (b: wire.FirstRun) => call<wire.RecoveryKey>('POST', '/first-run', b),
  signIn: (b: wire.SignIn) => call<wire.Account>('POST', '/sign-in', b),
  /** Also where the page is closed in the same moment: the tablet may be somebody else's next. */
  signOut: () => request('POST', '/sign-out', { keepalive: true }),
  recover: (b: wire.Recover) => call<wire.RecoveryKey>('POST', '/recover', b),
  accounts: () => call<wire.Account[]>('GET', '/accounts'),
  addAccount: (b: wire.NewSomebody) => call<wire.Account>('POST', '/accounts', b),
  changeAccount: (id: string, b: wire.ChangedAccount) => call<wire.Account>('PUT', `/accounts/${id}`, b),
  givePassword: (id: string, b: wire.GivenPassword) => call<void>('PUT', `/accounts/${id}/password`, b),
  newRecoveryKey: (b: wire.Password) => call<wire.RecoveryKey>('POST', '/me/recovery-key', b),
  changePassword: (b: wire.NewPassword) => call<void>('PUT', '/me/password', b),
  beginSecondFactor: () => call<wire.SecondFactor>('POST', '/me/second-factor'),
  confirmSecondFactor: (code: string) => call<void>('PUT', '/me/second-factor', { code }),
  endSecondFactor: (code: string) => call<void>('DELETE', '/me/second-factor', { code }),

  /** `closed`: those of whom only what the law keeps is kept. */
  clients: (query: string, closed: boolean, limit: number, offset: number, signal?: AbortSignal) =>
    call<wire.ClientList>(
      'GET',
      `/clients?${new URLSearchParams({ query, closed: String(closed), limit: String(limit), offset: String(offset) })}`,
      undefined,
      signal,
    ),
  addClient: (b: wire.Person) => call<Client>('POST', '/clients', b),
  client: (id: string) => call<Client>('GET', `/clients/${id}`),
  changeClient: (id: string, b: wire.ChangedPerson) => call<Client>('PUT', `/clients/${id}`, b),
  earlierTexts: (id: string) => call<wire.EarlierText[]>('GET', `/clients/${id}/earlier`),
  keeping: (id: string) => call<wire.Keeping>('GET', `/clients/${id}/keeping`),
  /** What the law keeps; nothing where everything is erased for good. */
  eraseClient: (id: string) => call<wire.Keeping | undefined>('DELETE', `/clients/${id}`),
  addCase: (client: string, b: wire.CaseText) => call<Case>('POST', `/clients/${client}/cases`, b),
  case: (id: string) => call<Case>('GET', `/cases/${id}`),
  changeCase: (id: string, b: wire.ChangedCaseText) => call<Case>('PUT', `/cases/${id}`, b),
  removeCase: (id: string) => call<void>('DELETE', `/cases/${id}`),
  answer: (id: string, b: wire.Answered) => call<Case>('PUT', `/cases/${id}/answers`, b),
  addVisit: (id: string, b: wire.VisitText) => call<Visit>('POST', `/cases/${id}/visits`, b),
  changeVisit: (id: string, b: wire.ChangedVisitText) => call<Visit>('PUT', `/visits/${id}`, b),
  removeVisit: (id: string) => call<void>('DELETE', `/visits/${id}`),

  beginUpload: (visit: string, b: wire.NewUpload) => call<wire.Upload>('POST', `/visits/${visit}/uploads`, b),
  upload: (id: string) => call<wire.Upload>('GET', `/uploads/${id}`),
  finishUpload: (id: string) => call<wire.Kept>('POST', `/uploads/${id}/finish`),
  photograph: (id: string) => call<wire.Photograph>('GET', `/photographs/${id}`),
  movePhotograph: (id: string, visit: string) => call<wire.Photograph>('PUT', `/photographs/${id}`, { visit }),
  removePhotograph: (id: string) => call<void>('DELETE', `/photographs/${id}`),
  look: (photograph: string) => call<wire.Job>('POST', `/photographs/${photograph}/look`),

  read: (photograph: string, b: wire.ReadAsked) => call<wire.Job>('POST', `/photographs/${photograph}/readings`, b),
  record: <T>(id: string) => call<wire.FullRecord & { body: T }>('GET', `/records/${id}`),
  chooseReading: (photograph: string, b: wire.ChosenReading) => call<wire.Photograph>('PUT', `/photographs/${photograph}/reading`, b),
  /** What a plan was asked with; missing where an older program made it. */
  asked: (plan: string) => call<Written<wire.ConsultAsked>>('GET', `/records/${plan}/files/asked.json`),
  consult: (reading: string, b: wire.ConsultAsked) => call<wire.Job>('POST', `/readings/${reading}/consultation`, b),

  outcome: (photograph: string, b: wire.OutcomeAsked) => call<wire.Job>('POST', `/photographs/${photograph}/outcomes`, b),
  /** A plan as it was written: by its hash results say which one they rest on. */
  planFile: (plan: string) => request('GET', `/records/${plan}/files/plan.json`),
  fading: (plan: string, b: wire.FadingAsked) => call<wire.Job>('POST', `/plans/${plan}/fading`, b),

  ratings: (photograph: string) => call<wire.Rating[]>('GET', `/photographs/${photograph}/ratings`),
  rate: (photograph: string, b: wire.NewRating) => call<wire.Rating>('POST', `/photographs/${photograph}/ratings`, b),
  newRound: () => call<wire.Round>('POST', '/rounds'),
  round: (id: string) => call<wire.Round>('GET', `/rounds/${id}`),
  rateBlind: (id: string, place: number, b: wire.Said) => call<void>('POST', `/rounds/${id}/pictures/${place}`, b),
  agreement: (scale: Scale) => call<Agreement>('GET', `/agreement?scale=${scale}`),

  openLive: (reading: string, signal?: AbortSignal) => call<Live>('POST', `/readings/${reading}/live`, undefined, signal),
  closeLive: (id: string) => request('DELETE', `/live/${id}`, { keepalive: true }),
  frame: (id: string, b: wire.FrameAsked, signal: AbortSignal) =>
    request('POST', `/live/${id}/frame`, { json: b, signal }),
  dots: (id: string, b: wire.DotsAsked, signal: AbortSignal) => request('POST', `/live/${id}/dots`, { json: b, signal }),

  book: (id: string) => call<wire.Book>('GET', `/cases/${id}/book`),
  consentForms: () => call<wire.Form[]>('GET', '/consent-forms'),
  signConsent: (id: string, b: wire.Signed) => call<wire.Consent>('POST', `/cases/${id}/consents`, b),
  takeBackConsent: (id: string, note: string) => call<wire.Consent>('POST', `/consents/${id}/withdrawal`, { note }),
  strikeSession: (id: string, b: wire.StruckText) => call<wire.Session>('POST', `/sessions/${id}/struck`, b),
  addOthersDots: (id: string, b: wire.OthersDotsText) => call<wire.OthersDots>('POST', `/cases/${id}/others-dots`, b),
  strikeOthersDots: (id: string, b: wire.StruckReason) => call<wire.OthersDots>('POST', `/others-dots/${id}/struck`, b),
  addTestResult: (id: string, b: wire.TestResultText) => call<wire.TestResult>('POST', `/sessions/${id}/test-result`, b),
  addSession: (id: string, b: wire.SessionText) => call<wire.Session>('POST', `/cases/${id}/sessions`, b),
  askedAtCheckIn: () => call<wire.Asked>('GET', '/check-in'),
  checkIn: (id: string, b: wire.CheckInText) => call<wire.Advised>('POST', `/cases/${id}/check-ins`, b),
  see: (id: string) => call<void>('POST', `/told/${id}/seen`),
  observeWellbeing: (id: string, b: wire.ScarObserved) => call<wire.Wellbeing>('POST', `/wellbeing/${id}/observed`, b),
  tellWellbeing: (id: string, b: wire.WellbeingText) => call<wire.Wellbeing>('POST', `/cases/${id}/wellbeing`, b),
  makeLink: (id: string, b: wire.NewLink) => call<wire.MadeLink>('POST', `/cases/${id}/links`, b),
  closeLink: (id: string) => call<void>('DELETE', `/links/${id}`),
  trail: (client: string) => call<wire.TrailLine[]>('GET', `/clients/${client}/trail`),
  attention: () => call<wire.Attention[]>('GET', '/attention'),
  mail: () => call<wire.MailState>('GET', '/mail'),
  changeAlarm: (b: wire.AlarmPlace) => call<wire.AlarmPlace>('PUT', '/mail/alarm', b),
  testMail: (b: wire.MailTest) => call<void>('POST', '/mail/test', b),
  mailRound: () => call<void>('POST', '/mail/round'),
  mailAgain: (id: string) => call<void>('POST', `/mail/${id}/again`),
  dropMail: (id: string) => call<void>('DELETE', `/mail/${id}`),
  clinic: () => call<wire.ClinicFacts>('GET', '/clinic'),
  changeClinic: (b: wire.ClinicFacts) => call<wire.ClinicFacts>('PUT', '/clinic', b),
  texts: () => call<wire.OwnTextLine[]>('GET', '/texts'),
  text: (name: string) => call<wire.ShownText>('GET', `/texts/${encodeURIComponent(name)}`),
  textVersions: (name: string) => call<wire.OwnTextVersion[]>('GET', `/texts/${encodeURIComponent(name)}/versions`),
  changeText: (name: string, b: wire.NewText) => call<wire.ShownText>('PUT', `/texts/${encodeURIComponent(name)}`, b),
  feed: () => call<wire.FeedState>('GET', '/me/feed'),
  makeFeed: (b: wire.NewFeed) => call<wire.MadeFeed>('POST', '/me/feed', b),
  closeFeed: () => call<void>('DELETE', '/me/feed'),
  recall: (lot: string) => call<wire.Recalled[]>('GET', `/recall?${new URLSearchParams({ lot })}`),

  publishing: () => call<Publishing>('GET', '/publishing'),
  changePublishing: (b: Showcase) => call<Publishing>('PUT', '/publishing', b),
  changeCertificates: (b: wire.CertificatesText) => call<Publishing>('PUT', '/publishing/certificates', b),
  draftPublication: (outcome: string) => call<wire.Job>('POST', `/outcomes/${outcome}/draft`),
  publish: (outcome: string, b: PublishAsked) => call<wire.Job>('POST', `/outcomes/${outcome}/publication`, b),
  unpublish: (id: string) => call<void>('DELETE', `/publications/${id}`),
  answerReview: (id: string, text: string) => call<void>('POST', `/reviews/${id}/answer`, { text }),
  removeReview: (id: string, reason: Removal) => call<void>('POST', `/reviews/${id}/removal`, { reason }),

  openedLink: (secret: string) => call<wire.OpenedLink>('GET', '/with', undefined, undefined, byLink(secret)),
  answerByLink: (secret: string, b: wire.Answered) => call<void>('PUT', '/with/answers', b, undefined, byLink(secret)),
  checkInByLink: (secret: string, b: wire.CheckInText) => call<wire.Advised>('POST', '/with/check-in', b, undefined, byLink(secret)),
  photographByLink: (secret: string, photograph: Blob) =>
    request('POST', '/with/photograph', { body: photograph, headers: { ...byLink(secret), 'Content-Type': 'application/octet-stream' } }),
  reviewByLink: (secret: string, b: ReviewText) => call<void>('POST', '/with/review', b, undefined, byLink(secret)),
  takeBackByLink: (secret: string, consent: string) => call<void>('POST', '/with/withdrawal', { consent }, undefined, byLink(secret)),
  wellbeingByLink: (secret: string, b: wire.Scores) => call<void>('POST', '/with/wellbeing', b, undefined, byLink(secret)),
  daysByLink: (secret: string) => request('GET', '/feed.ics', { headers: { Authorization: `Basic ${btoa(`client:${secret}`)}` } }),
  stopMail: (secret: string) => call<void>('POST', '/with/stop-mail', undefined, undefined, byLink(secret)),

  job: (id: string) => call<wire.Job>('GET', `/jobs/${id}`),
  cancelJob: (id: string) => call<unknown>('DELETE', `/jobs/${id}`),
};

/** Addresses that the browser itself asks: pictures, files, event streams. */
export const address = {
  portfolio: '/api/portfolio.zip',
  certificateRequest: '/api/publishing/request.pem',
  clientExport: (client: string) => `/api/clients/${client}/export.zip`,
  aftercare: (session: string, file: 'page.pdf' | 'calendar.ics', life: readonly string[]) =>
    `/api/sessions/${session}/aftercare/${file}?life=${life.join(',')}`,
  picture: (photograph: string, side: number) => `/api/photographs/${photograph}/picture?side=${side}`,
  roundPicture: (round: string, place: number) => `/api/rounds/${round}/pictures/${place}`,
  scores: (scale: Scale) => `/api/ratings.csv?scale=${scale}`,
  agreement: (scale: Scale) => `/api/agreement.png?scale=${scale}`,
  jobEvents: (id: string) => `/api/jobs/${id}/events`,
  consentPage: (consent: string) => `/api/consents/${consent}/page.pdf`,
  passport: (id: string, kind: 'pdf' | 'pdf?photographs=true' | 'json') => `/api/cases/${id}/passport.${kind}`,
  file: (record: string, name: ResultFile) => `/api/records/${record}/files/${name}`,
};
