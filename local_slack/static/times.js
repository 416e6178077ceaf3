// Times as the person reads them: in their zone, with a clock of 12 or 24 hours, in English.

export function clockOf(person) {
  const cycle = new Intl.DateTimeFormat(person.locale, { hour: "numeric" }).resolvedOptions().hourCycle;
  return cycle === "h12" || cycle === "h11" ? "en-US" : "en-GB";
}

export const say = (seconds, view, options) =>
  new Intl.DateTimeFormat(view.clock, { timeZone: view.zone, ...options }).format(new Date(Number(seconds) * 1000));

export const time = (seconds, view) => say(seconds, view, { hour: view.clock === "en-US" ? "numeric" : "2-digit", minute: "2-digit" });

const date = (seconds, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(Number(seconds) * 1000));

export const dayKey = (seconds, view) => date(seconds, view.zone);

function relative(seconds, view) {
  for (const [word, shift] of [["Today", 0], ["Yesterday", -1], ["Tomorrow", 1]]) {
    const near = new Date(`${date(view.now, view.zone)}T12:00:00Z`).getTime() / 1000 + shift * 86_400;
    if (dayKey(seconds, view) === date(near, "UTC")) return word;
  }
  return null;
}

const LONG = { weekday: "long", day: "numeric", month: "long" };

export const dayName = (seconds, view) => relative(seconds, view) ?? say(seconds, view, LONG);

function ago(seconds, view) {
  const gone = Number(seconds) - view.now;
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, one]) => Math.abs(gone) >= one) ?? units.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(gone / size), unit);
}

const FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { dateStyle: "long" },
  date_short: { dateStyle: "medium" },
  date_long: { dateStyle: "full" },
  time_secs: { timeStyle: "medium" },
};

// The text of <!date^unix^form^link|fallback>; null when there is no such instant.
export function slackDate(unix, form, view) {
  if (!/^-?\d+$/.test(unix) || Number.isNaN(new Date(Number(unix) * 1000).getTime())) return null;
  return form.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "time") return time(unix, view);
    if (name === "ago") return ago(unix, view);
    if (name === "day_divider_pretty") return dayName(unix, view);
    const pretty = name.endsWith("_pretty");
    const plain = pretty ? name.slice(0, -"_pretty".length) : name;
    return (pretty && relative(unix, view)?.toLowerCase()) || (FORMS[plain] ? say(unix, view, FORMS[plain]) : whole);
  });
}

// The local date and time in that zone, in the format of the browser's own picker.
export function wallClock(unix, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date(Number(unix) * 1000));
  return parts.replace(" ", "T");
}

// The other way: the local time is read as UTC, then moved by the zone's offset at that time.
export function instantOf(wall, zone) {
  const wanted = Date.parse(`${wall}Z`) / 1000;
  const off = (unix) => Date.parse(`${wallClock(unix, zone)}Z`) / 1000 - unix;
  const near = wanted - off(wanted);
  return wanted - off(near);
}
