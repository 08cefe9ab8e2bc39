/* The law on the phone. LAW is put in by safar.law.compile.javascript; nothing here reaches outside.
   Values as in every target: days since 1970-01-01, NEVER for none, null for unknown. Browsers of 2017 run it. */
const NEVER = 1073741824;
const DAY = 86400000;

const dayOf = (iso) => Math.round(Date.UTC(+iso.slice(0, 4), +iso.slice(5, 7) - 1, +iso.slice(8, 10)) / DAY);
const isoOf = (day) => (day === null || day === undefined || day === NEVER ? null : new Date(day * DAY).toISOString().slice(0, 10));
const yearStart = (day) => Math.round(Date.UTC(new Date(day * DAY).getUTCFullYear(), 0, 1) / DAY);
const nextYear = (start) => yearStart(start + 366);
const told = (value) => value !== undefined && value !== null && value !== "";
const dateFact = (value) => (!told(value) ? null : value === "none" ? NEVER : dayOf(value));

function addMonths(day, months) {
  const when = new Date(day * DAY);
  const first = Date.UTC(when.getUTCFullYear(), when.getUTCMonth() + months, 1);
  const last = Date.UTC(when.getUTCFullYear(), when.getUTCMonth() + months + 1, 0);
  return Math.min(first / DAY + when.getUTCDate() - 1, last / DAY);
}

/* ---- counting days in a country: see safar.law.stays ---- */
const isContinuous = (window) => window === "per_entry" || window === "continuous";

function history(stays, country, safe) {
  const all = stays.slice().sort((a, b) => a.entered - b.entered || (a.left === null ? NEVER : a.left) - (b.left === null ? NEVER : b.left));
  const spans = [];
  all.forEach((stay, index) => {
    if (stay.country !== country) return;
    let left = stay.left;
    if (left === null) {
      const later = all.slice(index + 1).find((other) => other.entered > stay.entered);
      left = later === undefined ? NEVER : safe ? later.entered : stay.entered;
    }
    const last = spans[spans.length - 1];
    if (last && stay.entered < last[1]) last[1] = Math.max(last[1], left);
    else spans.push([stay.entered, left]);
  });
  return spans;
}

const enteredOf = (spans) => (spans.length ? spans[spans.length - 1][0] : NEVER);
const leftOf = (spans) => (spans.length ? spans[spans.length - 1][1] : NEVER);

function earlierDays(spans) {
  const apart = [];
  let following = enteredOf(spans);
  for (let i = spans.length - 2; i >= 0; i -= 1) {
    const right = Math.min(spans[i][1], following - 1);
    if (spans[i][0] <= right) {
      apart.push([spans[i][0], right]);
      following = spans[i][0];
    }
  }
  return apart;
}

const daysFrom = (spans, start) =>
  spans.reduce((sum, span) => sum + (span[1] >= start ? span[1] - Math.max(span[0], start) + 1 : 0), 0);

function lastDay(spans, window, days, length) {
  if (!spans.length) return NEVER;
  const entered = enteredOf(spans);
  if (isContinuous(window)) return entered + days - 1;
  const earlier = earlierDays(spans);
  if (window === "calendar_year") {
    const start = yearStart(entered);
    const reach = entered + Math.max(days - daysFrom(earlier, start), 0) - 1;
    const newYear = nextYear(start);
    return reach >= newYear - 1 ? newYear + days - 1 : reach;
  }
  let counted = 0;
  let after = 0;
  earlier.forEach((span) => {
    const size = span[1] - span[0] + 1;
    if (span[1] + after >= entered - (length - days)) counted = after + size;
    after += size;
  });
  return entered + days - 1 - Math.min(days, counted);
}

function daysUsed(spans, window, length, on) {
  if (!spans.length) return 0;
  if (isContinuous(window)) return Math.max(0, Math.min(leftOf(spans), on) - enteredOf(spans) + 1);
  const start = window === "calendar_year" ? yearStart(on) : on - length + 1;
  let total = 0;
  let following = NEVER;
  for (let i = spans.length - 1; i >= 0; i -= 1) {
    const right = Math.min(spans[i][1], following - 1, on);
    total += Math.max(0, right - Math.max(spans[i][0], start) + 1);
    following = Math.min(following, spans[i][0]);
  }
  return total;
}

function returnDay(spans, window, days, length) {
  if (!spans.length || leftOf(spans) === NEVER) return NEVER;
  const afterExit = leftOf(spans) + 1;
  if (isContinuous(window)) return afterExit;
  const all = [[enteredOf(spans), leftOf(spans)]].concat(earlierDays(spans));
  if (window === "calendar_year") {
    const start = yearStart(leftOf(spans));
    return daysFrom(all, start) >= days ? nextYear(start) : afterExit;
  }
  let taken = 0;
  for (let i = 0; i < all.length; i += 1) {
    const size = all[i][1] - all[i][0] + 1;
    if (taken + size >= days) return Math.max(afterExit, all[i][1] - (days - taken) + 1 + length);
    taken += size;
  }
  return afterExit;
}

/* ---- working days ---- */
const calendars = {};
function calendarOf(country) {
  if (!calendars[country]) {
    const data = LAW.calendars[country];
    const flags = [];
    for (let i = 0; i < data.working.length; i += 1) {
      const bits = parseInt(data.working[i], 16);
      for (let b = 3; b >= 0; b -= 1) flags.push((bits >> b) & 1);
    }
    calendars[country] = { start: data.start, end: data.start + data.days, flags };
  }
  return calendars[country];
}

function workingDays(country, day, count) {
  const cal = calendarOf(country);
  if (day < cal.start || day >= cal.end) return null;
  const step = count > 0 ? 1 : -1;
  let left = Math.abs(count);
  let at = day;
  while (left > 0) {
    at += step;
    if (at < cal.start || at >= cal.end) return null;
    if (cal.flags[at - cal.start]) left -= 1;
  }
  return at;
}

/* ---- the language ---- */
class Case {
  constructor(person, on) {
    this.on = on;
    this.values = new Array(LAW.nodes.length);
    this.histories = {};
    this.facts = {};
    Object.keys(LAW.facts).forEach((name) => {
      const value = person[name];
      if (LAW.facts[name] === "date") this.facts[name] = dateFact(value);
      else if (LAW.facts[name] === "bool") this.facts[name] = !told(value) ? null : value === "none" ? false : value;
      else this.facts[name] = told(value) ? value : null;
    });
    this.answers = person.answers === undefined ? null : person.answers;
    const list = (value) => (value === undefined || value === null ? null : value === "none" ? [] : value);
    const stays = list(person.stays);
    this.stays = stays && stays.map((s) => ({ country: s.country, entered: dayOf(s.entered_on), left: dateFact(s.left_on) }));
    const offences = list(person.offences);
    this.offences = offences && offences.map((o) => ({ country: o.country, kind: o.kind, decided: dayOf(o.decided_on), expelled: told(o.expelled) ? o.expelled : null }));
    this.complete();
  }

  complete() {
    const facts = this.facts;
    const entered = facts.entered_on;
    const running = entered !== null && entered !== NEVER;
    if (facts.destination === null || this.stays === null) {
      facts.stay_entered_on = running ? entered : null;
      facts.stay_left_on = running ? NEVER : null;
      return;
    }
    const here = facts.destination;
    if (running && !this.stays.some((s) => s.country === here && s.entered === entered)) {
      this.stays.push({ country: here, entered, left: null });
    }
    const past = this.history(true);
    facts.stay_entered_on = enteredOf(past);
    facts.stay_left_on = leftOf(past);
    if (entered === null) facts.entered_on = leftOf(past) >= this.on ? enteredOf(past) : NEVER;
  }

  history(safe) {
    const key = safe ? "safe" : "lenient";
    if (this.histories[key] === undefined) {
      const { destination, entered_on: entered } = this.facts;
      if (destination === null) this.histories[key] = null;
      else if (this.stays !== null) this.histories[key] = history(this.stays, destination, safe);
      else if (entered !== null && entered !== NEVER && !safe) this.histories[key] = [[entered, NEVER]];
      else this.histories[key] = null;
    }
    return this.histories[key];
  }

  value(number) {
    let found = this.values[number];
    if (found === undefined) {
      const node = LAW.nodes[number];
      found = OPS[node[0]](this, node);
      this.values[number] = found;
    }
    return found;
  }
}

const compare = (test, ifNone) => (c, n) => {
  const a = c.value(n[1]);
  const b = c.value(n[2]);
  if (a === NEVER || b === NEVER) return ifNone;
  return a === null || b === null ? null : test(a, b);
};
const sum = (apply) => (c, n) => {
  const a = c.value(n[1]);
  const b = c.value(n[2]);
  if (a === NEVER || b === NEVER) return NEVER;
  return a === null || b === null ? null : apply(a, b);
};
const onDay = (change) => (c, n) => {
  const day = c.value(n[1]);
  return day === null || day === NEVER ? day : change(day, n);
};
const all = (c, n) => {
  const values = [];
  for (let i = 1; i < n.length; i += 1) values.push(c.value(n[i]));
  return values;
};
function paramOn(name, key, when) {
  const rows = LAW.params[name][key];
  const row = rows && rows.find((r) => r[0] <= when && (r[1] === null || when < r[1]));
  return row ? row[2] : null;
}
function nthLatest(c, keep, nth) {
  const days = c.offences.filter((o) => o.country === c.facts.destination && keep(o)).map((o) => o.decided).sort((a, b) => b - a);
  return days.length >= nth ? days[nth - 1] : NEVER;
}

const OPS = {
  lit: (c, n) => n[1],
  unknown: () => null,
  fact: (c, n) => c.facts[n[1]],
  on: (c) => c.on,
  and: (c, n) => {
    let result = true;
    for (let i = 1; i < n.length; i += 1) {
      const value = c.value(n[i]);
      if (value === false) return false;
      if (value === null) result = null;
    }
    return result;
  },
  or: (c, n) => {
    let result = false;
    for (let i = 1; i < n.length; i += 1) {
      const value = c.value(n[i]);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  },
  not: (c, n) => { const v = c.value(n[1]); return v === null ? null : !v; },
  eq: compare((a, b) => a === b, false),
  ne: compare((a, b) => a !== b, true),
  lt: compare((a, b) => a < b, false),
  le: compare((a, b) => a <= b, false),
  gt: compare((a, b) => a > b, false),
  ge: compare((a, b) => a >= b, false),
  in: (c, n) => { const v = c.value(n[1]); return v === null ? null : n[2].indexOf(v) >= 0; },
  known: (c, n) => { const v = c.value(n[1]); return v === null ? null : v !== NEVER && v !== "none"; },
  untold: (c, n) => c.value(n[1]) === null,
  assume: (c, n) => { const v = c.value(n[1]); return v === null ? c.value(n[2]) : v; },
  iff: (c, n) => { const v = c.value(n[1]); return v === null ? null : c.value(v ? n[2] : n[3]); },
  add: sum((a, b) => a + b),
  sub: sum((a, b) => a - b),
  mul: sum((a, b) => a * b),
  div: sum((a, b) => (b === 0 ? null : a / b)),
  earliest: (c, n) => { const v = all(c, n); return v.indexOf(null) >= 0 ? null : Math.min.apply(null, v); },
  latest: (c, n) => {
    const v = all(c, n);
    if (v.indexOf(null) >= 0) return null;
    const real = v.filter((day) => day !== NEVER);
    return real.length ? Math.max.apply(null, real) : NEVER;
  },
  highest: (c, n) => { const v = all(c, n); return v.indexOf(null) >= 0 ? null : Math.max.apply(null, v); },
  add_months: onDay((day, n) => addMonths(day, n[2])),
  year_start: onDay(yearStart),
  working_days: onDay((day, n) => workingDays(n[3], day, n[2])),
  param: (c, n) => {
    const when = c.value(n[3]);
    const key = n[2] === null ? "" : c.value(n[2]);
    return when === null || key === null ? null : paramOn(n[1], key, when);
  },
  ref: (c, n) => c.value(LAW.parts[n[1]][n[2]]),
  at_least: (c, n) => {
    const v = n.slice(2).map((number) => c.value(number));
    const yes = v.filter((x) => x === true).length;
    return yes >= n[1] ? true : yes + v.filter((x) => x === null).length >= n[1] ? null : false;
  },
  answer: (c, n) => (c.answers === null || !told(c.answers[n[1]]) ? null : c.answers[n[1]]),
  stay: (c, n) => {
    const [, what, window] = n;
    const safe = n[n.length - 1] === "safe" && !isContinuous(window);
    const past = c.history(safe);
    if (past === null) return null;
    if (what === "last_day") return lastDay(past, window, n[3], n[4]);
    return c.stays === null ? null : returnDay(past, window, n[3], n[4]);
  },
  stay_days: (c, n) => {
    const past = c.history(!isContinuous(n[1]));
    return past === null ? null : daysUsed(past, n[1], n[2], c.on);
  },
  offence: (c, n) => (c.offences === null || c.facts.destination === null ? null
    : nthLatest(c, (o) => LAW.offence_kinds[n[1]].indexOf(o.kind) >= 0, n[2])),
  expelled: (c, n) => {
    if (c.offences === null || c.facts.destination === null) return null;
    if (c.offences.some((o) => o.country === c.facts.destination && o.expelled === null)) return null;
    return nthLatest(c, (o) => o.expelled, n[1]);
  },
};

/* ---- answers ---- */
const LISTS = { stay: "stays", stay_days: "stays", offence: "offences", expelled: "offences" };
const LEAVES = { lit: 1, unknown: 1, fact: 1, on: 1, answer: 1, stay: 1, stay_days: 1, offence: 1, expelled: 1 };

function below(node) {
  if (LEAVES[node[0]] || node[0] === "ref") return [];
  if (node[0] === "in" || node[0] === "add_months" || node[0] === "working_days") return [node[1]];
  if (node[0] === "param") return node[2] === null ? [node[3]] : [node[2], node[3]];
  return node.slice(node[0] === "at_least" ? 2 : 1);
}

function collect(c, number, found, seen) {
  if (seen[number] || c.value(number) !== null) return;
  seen[number] = true;
  const node = LAW.nodes[number];
  const name = node[1];
  if (node[0] === "fact") found[LAW.asked_as[name] || name] = true;
  else if (LISTS[node[0]]) found[LISTS[node[0]]] = true;
  else if (node[0] === "answer") found[`answers.${name}`] = true;
  else if (node[0] === "ref") {
    const parts = LAW.parts[name];
    collect(c, parts[node[2]], found, seen);
    if (node[2] !== "due") {
      collect(c, parts.event, found, seen);
      if (parts.due !== undefined && c.value(parts.status) === null) collect(c, parts.due, found, seen);
    }
  } else if (node[0] === "iff") {
    const holds = c.value(node[1]);
    collect(c, holds === null ? node[1] : node[holds ? 2 : 3], found, seen);
  } else {
    const parts = below(node);
    if (node[0] === "param" && parts.every((part) => c.value(part) !== null)) found[`param('${name}')`] = true;
    parts.forEach((part) => collect(c, part, found, seen));
  }
}

function missingOf(c, provision) {
  const found = {};
  const seen = {};
  const parts = LAW.parts[provision.id];
  collect(c, parts.status, found, seen);
  collect(c, parts.event, found, seen);
  if (parts.due !== undefined) collect(c, parts.due, found, seen);
  if (!Object.keys(found).length && provision.stays) found.stays = true;
  return Object.keys(found);
}

const rounded = (value) => (value === null || value === undefined ? null : Math.round(value * 100) / 100);

function finding(c, provision) {
  const parts = LAW.parts[provision.id];
  const part = (name) => (parts[name] === undefined ? null : c.value(parts[name]));
  const status = c.value(parts.status) || "unknown";
  const shown = status !== "not_applicable" && status !== "no_rule_in_force";
  const due = shown ? part("due") : null;
  const low = shown ? part("low") : null;
  return {
    provision: provision.id,
    kind: provision.kind,
    status,
    due_on: isoOf(due),
    latest_on: isoOf(shown ? part("latest") : null),
    days_left: due === null || due === NEVER ? null : due - c.on,
    amount: low === null ? null : { low: rounded(low), high: rounded(part("high")), currency: provision.currency },
    ban_months: shown ? part("ban") : null,
    missing: status === "unknown" ? missingOf(c, provision) : [],
  };
}

/** Findings and questions for one person. facts: the contract's facts; on: YYYY-MM-DD. */
export function assess(facts, on, everything) {
  const c = new Case(facts, dayOf(on));
  const findings = LAW.provisions
    .map((provision) => finding(c, provision))
    .filter((f) => everything || (f.status !== "not_applicable" && f.status !== "no_rule_in_force"
      && (f.kind !== "risk" || c.answers !== null)));
  const decides = {};
  findings.forEach((f) => f.missing.filter((name) => name.indexOf("param(") !== 0).forEach((name) => {
    (decides[name] = decides[name] || []).push(f.provision);
  }));
  const weight = { limit: 3, duty: 3, sanction: 3, permission: 2, price: 1, notice: 1, risk: 1 };
  const kinds = {};
  findings.forEach((f) => { kinds[f.provision] = f.kind; });
  const score = (name) => decides[name].reduce((total, id) => total + weight[kinds[id]], 0);
  const questions = Object.keys(decides).sort((a, b) => score(b) - score(a) || (a < b ? -1 : 1))
    .map((name) => ({ fact: name, decides: decides[name].sort() }));
  return { person_id: facts.person_id === undefined ? null : facts.person_id, on, findings, questions };
}

/** What this law is: the day it was built from content, how many provisions, how far its days reach. */
export const law = { provisions: LAW.provisions.length, first: isoOf(LAW.reach[0]), last: isoOf(LAW.reach[1]) };
