// Puts exported portfolios side by side, on the reader's own computer: nothing is fetched, nothing is sent, nothing is kept.
//
// A stranger's file is bounded, understood field by field and shown as text only; counts that do not fit together are refused,
// as the programs refuse them. The numbers:
// - median with an interval from the ordered cases (binomial, at least 95 %); none below six cases;
// - shares with Wilson's interval, 95 %;
// - a distance that is null ("farther than was looked from") sorts behind all others.
// Fewer than ten cases are drawn pale and hatched and are called few.
'use strict';

(() => {
  const BYTES_MAX = 10 * 1024 * 1024;
  const FILES_MAX = 500;
  const CLINICS_MAX = 50;
  const TOLD_MAX = 10_000;
  const DOTS_MAX = 300;
  const FEW = 10;
  /** Cases that are not shown are told in groups of so many. */
  const GROUP = 5;
  /** Before so many days a photograph is no result. */
  const HEALED_DAYS = 28;
  const SIGNED_AS = 'stipple/bundle/1\0';
  const CERTIFICATES_MAX = 8;
  /** How a certificate begins to tell an Ed25519 key: its 32 bytes follow. */
  const ED25519 = '302a300506032b6570032100';
  const SVG = 'http://www.w3.org/2000/svg';
  const SCAR = ['linear', 'punctate', 'patch'];
  const SKIN = ['very_light', 'light', 'intermediate', 'tan', 'brown', 'dark'];
  const HAIR = ['black', 'brown', 'blond', 'red', 'gray', 'white', 'not_told'];
  const LIKE = ['comparable', 'comparable_with_care'];

  const find = (id) => document.getElementById(id);
  const language = document.documentElement.lang;
  const words = new Map([...find('words').content.children].map((word) => [word.dataset.key, word.textContent]));

  /** One of the page's sentences, with its braces filled in. */
  function say(key, values = {}) {
    return words.get(key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  // ------------------------------------------------------------ what a stranger's file says

  /** Thrown where a file is none that is understood. */
  class Refused extends Error {}

  const isWhole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
  const need = (holds) => { if (!holds) throw new Refused(); };

  function text(value, most = 200) {
    need(typeof value === 'string' && value.length > 0 && value.length <= most);
    return value;
  }

  function whole(value, most = 100_000) {
    need(isWhole(value, most));
    return value;
  }

  function day(value) {
    need(/^\d{4}-\d\d-\d\d$/.test(text(value, 10)) && !Number.isNaN(Date.parse(value)));
    return value;
  }

  function healedDays(value) {
    need(whole(value) >= HEALED_DAYS);
    return value;
  }

  function oneOf(value, list) {
    need(list.includes(value));
    return value;
  }

  function list(value, most) {
    need(Array.isArray(value) && value.length <= most);
    return value;
  }

  /** The value of a measured number; null where it was not measured. */
  function measured(one, low, high) {
    if (one === null || one === undefined) return null;
    need(typeof one.value === 'number' && one.value >= low && one.value <= high);
    return one.value;
  }

  const orBeyond = (value) => (value === null ? Infinity : value);

  function measures(one) {
    need(one && one.visible_distance_m && one.color_difference);
    const { before, after } = one.visible_distance_m;
    const color = measured(one.color_difference.after, 0, 200);
    const retained = measured(one.retained_fraction, 0, 1);
    need(color !== null);
    return {
      before: orBeyond(measured(before, 0, 1000)),
      after: orBeyond(measured(after, 0, 1000)),
      color,
      retained: retained === null ? null : 100 * retained,
    };
  }

  /** A case counts by what was measured last, which may be later than its picture. */
  function shownCase(one) {
    const last = one.later ?? one;
    healedDays(one.days_since_last_session);
    oneOf(one.likeness?.verdict, LIKE);
    return {
      ...measures(last),
      id: caseId(one.id),
      scar: oneOf(one.scar, SCAR),
      skin: oneOf(one.skin, SKIN),
      hair: oneOf(one.hair, HAIR),
      days: healedDays(last.days_since_last_session),
    };
  }

  function caseId(value) {
    need(/^[a-z0-9]{8,32}$/.test(text(value, 32)));
    return value;
  }

  function countsOf(json) {
    const { taken_down: takenDown = 0, erased = 0, removed = 0, uncounted = 0, ...more } = json.denominator ?? {};
    const { treated, followed, consented, published, withdrawn } = more;
    const counts = { treated, followed, consented, published, withdrawn, takenDown, erased, removed, uncounted, counted: json.unpublished?.counted };
    for (const count of Object.values(counts)) whole(count);
    return counts;
  }

  /** Refuses counts that cannot be true together: the same as `Portfolio::unfit`. */
  function needFit({ treated, followed, consented, published, withdrawn, takenDown, erased, removed, uncounted, counted }, cases, told, agreed) {
    const all = cases.length + told.length + counted;
    need(new Set(cases.map((one) => one.id)).size === cases.length && cases.every((one) => agreed.has(one.id)));
    need(published === cases.length && consented === agreed.size && published + takenDown <= consented);
    need(consented + withdrawn <= treated && followed + erased + uncounted <= treated && removed <= treated);
    need(all <= followed && followed - all <= withdrawn);
    need(told.length % GROUP === 0 && counted < GROUP);
  }

  function portfolioOf(json) {
    const counts = countsOf(json);
    const cases = list(json.cases, 2000).map(shownCase);
    const told = list(json.unpublished?.told, TOLD_MAX).map(measures);
    needFit(counts, cases, told, new Set(list(json.consented, TOLD_MAX).map(caseId)));
    return {
      clinic: text(json.clinic),
      asOf: day(json.as_of),
      counts,
      cases,
      told,
      credentials: list(json.credentials, 50).map((one) => ({
        what: text(one.what), who: text(one.issued_by), until: one.until === null ? null : day(one.until),
      })),
    };
  }

  // ------------------------------------------------------------ files, and whether their signature holds

  /** Everything chosen: portfolios, lists and signatures, each with the folder or the choice it came with. */
  const chosen = { portfolios: [], lists: [], signatures: [] };
  let choices = 0;
  let refused = false;

  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

  function base64(value, length) {
    const bytes = Uint8Array.from(atob(text(value, 200)), (letter) => letter.charCodeAt(0));
    need(bytes.length === length);
    return bytes;
  }

  /** Whether the first certificate with a signature is of the key that signed. Who signed that, the browser does not check. */
  function isCertified(chain, key) {
    try {
      need(list(chain, CERTIFICATES_MAX).length >= 2);
      const der = hex(Uint8Array.from(atob(text(chain[0], 100_000)), (letter) => letter.charCodeAt(0)));
      // A sequence as long as the rest of it.
      need(der.startsWith('3082') && 2 * parseInt(der.slice(4, 8), 16) === der.length - 8);
      return der.indexOf(ED25519 + hex(key)) % 2 === 0;
    } catch {
      return false;
    }
  }

  async function take(file, group) {
    need(file.size <= BYTES_MAX);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (json?.format === 'stipple/portfolio/1') {
      need(chosen.portfolios.length < CLINICS_MAX);
      const sha256 = crypto.subtle ? hex(await crypto.subtle.digest('SHA-256', bytes)) : null;
      if (sha256 && chosen.portfolios.some((other) => other.sha256 === sha256)) return;
      chosen.portfolios.push({ ...portfolioOf(json), sha256, group });
    } else if (json?.format === 'stipple/bundle/1') {
      const entry = list(json.files, 20_000).find((one) => one?.name === 'portfolio.json');
      need(entry);
      chosen.lists.push({ bytes, sha256: text(entry.sha256, 64), group });
    } else if (json?.format === 'stipple/signature/1') {
      need(json.algorithm === 'Ed25519');
      const key = text(json.public_key);
      const keyBytes = base64(key, 32);
      const certified = isCertified(json.chain, keyBytes);
      chosen.signatures.push({ keyBytes, certified, signature: base64(json.signature, 64), group });
    } else throw new Refused();
  }

  /** What a key is known by: as every program that checks tells it. */
  async function fingerprint(key) {
    return hex(await crypto.subtle.digest('SHA-256', key)).slice(0, 32).match(/.{4}/g).join(' ');
  }

  async function isSignedBy(bundle, seal) {
    const key = await crypto.subtle.importKey('raw', seal.keyBytes, { name: 'Ed25519' }, false, ['verify']);
    const mark = new TextEncoder().encode(SIGNED_AS);
    const signed = new Uint8Array(mark.length + bundle.bytes.length);
    signed.set(mark);
    signed.set(bundle.bytes, mark.length);
    return crypto.subtle.verify({ name: 'Ed25519' }, key, seal.signature, signed);
  }

  /** What is to be said of a portfolio's signature. */
  async function proof(portfolio) {
    const isMine = (other) => other.group === portfolio.group;
    if (!crypto.subtle) return ['cannot', false];
    const bundle = chosen.lists.find((one) => one.sha256 === portfolio.sha256);
    if (!bundle) {
      const isOthers = (one) => chosen.portfolios.some((other) => other.sha256 === one.sha256);
      return chosen.lists.some((one) => isMine(one) && !isOthers(one)) ? ['changed', false] : ['unproven', true];
    }
    try {
      const signed = [];
      for (const seal of chosen.signatures) if (await isSignedBy(bundle, seal)) signed.push(seal);
      const seal = signed.find((one) => one.certified);
      if (seal) return ['holds', true, await fingerprint(seal.keyBytes)];
      if (signed.length) return ['chain', false];
    } catch {
      return ['cannot', true];
    }
    return chosen.signatures.some((seal) => seal.group === bundle.group) ? ['broken', false] : ['unproven', true];
  }

  // ------------------------------------------------------------ numbers

  /** First place, from 0, of the ordered interval that holds the median in 95 of 100 cases; its last place mirrors it. */
  function firstOfInterval(n) {
    if (n > 1000) return Math.floor(n / 2 - 0.98 * Math.sqrt(n)) - 1;
    let term = 0.5 ** n;
    let below = 0;
    let k = 0;
    while (below + term <= 0.025) {
      below += term;
      term *= (n - k) / (k + 1);
      k += 1;
    }
    return k - 1;
  }

  function summary(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const n = sorted.length;
    const first = firstOfInterval(n);
    const interval = first < 0 ? null : [sorted[first], sorted[n - 1 - first]];
    const median = n % 2 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return { sorted, n, median, interval };
  }

  /** Wilson's interval of a share, 95 %. */
  function wilson(hits, n) {
    const z2 = 1.96 ** 2;
    const middle = (hits + z2 / 2) / (n + z2);
    const half = (1.96 * Math.sqrt((hits * (n - hits)) / n + z2 / 4)) / (n + z2);
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  }

  function number(value) {
    return value === Infinity ? say('beyond') : value.toLocaleString(language, { maximumSignificantDigits: 2 });
  }

  // ------------------------------------------------------------ the page

  function element(name, { text: content, name: className, ...attributes } = {}, ...children) {
    const made = document.createElement(name);
    if (content !== undefined) made.textContent = content;
    if (className) made.className = className;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function drawn(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  const LOG = { low: 0.1, high: 100, ticks: [0.1, 1, 10, 100], place: (v) => Math.log10(Math.max(v, 0.1) / 0.1) / 3 };
  const linear = (high, ticks) => ({ ticks, place: (v) => v / high });
  const ROWS = [
    ['before', (one) => one.before, LOG],
    ['after', (one) => one.after, LOG],
    ['color', (one) => one.color, linear(20, [0, 5, 10, 15, 20])],
    ['retained', (one) => one.retained, linear(100, [0, 50, 100])],
  ];

  /** Where a value stands in the drawing; what is beyond its scale stands at the end. */
  const across = (scale, value) => 12 + 296 * Math.min(1, Math.max(0, scale.place(Math.min(value, 1e6))));

  /** Cases as dots, median and interval as a line and a bar, all clinics on one scale. */
  function strip(scale, { sorted, n, median, interval }, label) {
    const svg = drawn('svg', { viewBox: '0 0 320 62', role: 'img', 'aria-label': label, class: n < FEW ? 'strip few' : 'strip' });
    if (n < FEW) svg.append(hatching());
    svg.append(drawn('line', { x1: 12, x2: 308, y1: 44, y2: 44, class: 'axis' }));
    for (const tick of scale.ticks) {
      const mark = drawn('text', { x: across(scale, tick), y: 58 });
      mark.textContent = number(tick);
      svg.append(mark);
    }
    if (interval) {
      const [from, to] = interval.map((value) => across(scale, value));
      svg.append(drawn('rect', { x: from, y: 6, width: Math.max(1, to - from), height: 36, class: 'interval', ...(n < FEW && { fill: 'url(#hatched)' }) }));
    }
    const step = Math.max(1, Math.ceil(n / DOTS_MAX));
    sorted.filter((_, k) => k % step === 0).forEach((value, k) => {
      svg.append(drawn('circle', { cx: across(scale, value), cy: 12 + ((k * 7) % 5) * 6, r: 2.2 }));
    });
    const at = across(scale, median);
    svg.append(drawn('line', { x1: at, x2: at, y1: 4, y2: 44, class: 'median' }));
    return svg;
  }

  function hatching() {
    const pattern = drawn('pattern', { id: 'hatched', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
    pattern.append(drawn('rect', { width: 1.5, height: 6, class: 'hatch' }));
    return pattern;
  }

  const count = (n) => (n === 1 ? say('one') : say('cases', { n })) + (n < FEW ? ` (${say('few')})` : '');

  function row(key, values, scale) {
    const found = summary(values);
    const range = found.interval ? found.interval.map(number).join(' – ') : say('no_interval');
    const sentence = `${say('median')} ${number(found.median)} (${range}); ${count(found.n)}`;
    return element('div', { name: 'row' }, element('h3', { text: say(key) }), strip(scale, found, `${say(key)}: ${sentence}`), element('p', { text: sentence }));
  }

  function share(cases) {
    const hits = cases.filter((one) => one.after <= 1).length;
    const [low, high] = wilson(hits, cases.length).map((value) => Math.round(100 * value));
    const sentence = `${hits} / ${cases.length} (${low} – ${high} %)`;
    return element('div', { name: 'row' }, element('h3', { text: say('near') }), element('p', { text: sentence }));
  }

  /** How a credential is said: one whose last day is over by the portfolio's day or the reader's has ended. */
  function issued({ until }, asOf) {
    if (!until) return 'issued';
    const now = new Date();
    const today = new Date(now - 60_000 * now.getTimezoneOffset()).toISOString().slice(0, 10);
    return until < asOf || until < today ? 'issued_ended' : 'issued_until';
  }

  function credentials(portfolio) {
    const entries = portfolio.credentials.map((one) => element('li', { text: say(issued(one, portfolio.asOf), one), dir: 'auto' }));
    const stated = entries.length ? element('ul', {}, ...entries) : element('p', { text: say('none_stated') });
    return element('div', {}, element('h3', { text: say('credentials') }), stated);
  }

  function clinic(portfolio, [verdict, isSound, key], wanted) {
    const filters = Object.entries(wanted).filter(([, value]) => value);
    const fits = (one) => filters.every(([field, value]) => one[field] === value);
    const shown = portfolio.cases.filter(fits);
    const cases = filters.length ? shown : [...portfolio.cases, ...portfolio.told];
    const rows = [];
    for (const [name, of, scale] of cases.length ? ROWS : []) {
      const values = cases.map(of).filter((value) => value !== null);
      if (values.length) rows.push(row(name, values, scale));
    }
    if (cases.length) rows.push(share(cases));
    if (shown.length) {
      const days = summary(shown.map((one) => one.days));
      const range = `${days.sorted[0]} – ${days.sorted[days.n - 1]}`;
      rows.push(element('div', { name: 'row' }, element('h3', { text: say('since') }), element('p', { text: `${say('median')} ${number(days.median)}; ${range}` })));
    }
    const counted = [say('followed', portfolio.counts)];
    if (portfolio.counts.erased) counted.push(say('erased', portfolio.counts));
    if (portfolio.counts.removed) counted.push(say('removed', portfolio.counts));
    if (portfolio.counts.uncounted) counted.push(say('uncounted', portfolio.counts));
    return element('article', { name: 'compared' },
      element('h2', { text: portfolio.clinic, dir: 'auto' }),
      element('p', { name: `proof ${isSound ? verdict : 'bad'}`, text: say(verdict, { key }) }),
      element('p', { text: `${say('as_of', { day: portfolio.asOf })}. ${counted.join(' ')}` }),
      element('p', { name: 'note', text: cases.length ? say(filters.length ? 'filtered' : 'all', portfolio.counts) : say('zero') }),
      element('div', { name: 'rows' }, ...rows), credentials(portfolio));
  }

  let turn = 0;
  async function show() {
    turn += 1;
    const mine = turn;
    const wanted = Object.fromEntries(['scar', 'skin', 'hair'].map((id) => [id, find(id).value]));
    const portfolios = [...chosen.portfolios].sort((a, b) => a.clinic.localeCompare(b.clinic, language));
    const clinics = [];
    for (const portfolio of portfolios) clinics.push(clinic(portfolio, await proof(portfolio), wanted));
    // Another choice was made meanwhile: its turn shows.
    if (mine !== turn) return;
    find('clinics').replaceChildren(...clinics);
    const about = clinics.length ? say('interval') : say('none');
    find('said').textContent = refused ? `${say('refused')} ${about}` : about;
  }

  async function choose(input) {
    choices += 1;
    refused = false;
    const isOurs = (file) => !file.webkitRelativePath || /(^|\/)(portfolio|files|signature)\.json$/.test(file.webkitRelativePath);
    const files = [...input.files].filter(isOurs).slice(0, FILES_MAX);
    for (const file of files) {
      const folder = file.webkitRelativePath.split('/').slice(0, -1).join('/');
      try {
        await take(file, `${choices}:${folder}`);
      } catch {
        refused = true;
      }
    }
    input.value = '';
    await show();
  }

  for (const id of ['files', 'folder']) find(id).addEventListener('change', (event) => choose(event.target));
  for (const id of ['scar', 'skin', 'hair']) find(id).addEventListener('change', show);
  find('clear').addEventListener('click', () => {
    for (const kind of Object.values(chosen)) kind.length = 0;
    refused = false;
    show();
  });
})();
