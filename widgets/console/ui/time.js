// How times are written for staff: exact, short, in the service's own zone.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone @param {Intl.DateTimeFormatOptions} options */
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
    formats.set(key, found);
  }
  return found;
}

/** "03:12" @param {string | number} at @param {string} zone */
export function clock(at, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** "Sunday 22 November" @param {string | number} at @param {string} zone */
export function day(at, zone) {
  const parts = format(zone, { weekday: "long", day: "numeric", month: "long" });
  return parts.format(new Date(at)).replace(",", "");
}

/** "0:42", "41 min", "2 h 05" @param {number} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  if (whole < 5400) return `${Math.floor(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}`;
}

/** "06:24", for a call @param {number} seconds */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = String(Math.floor(whole / 60)).padStart(2, "0");
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

/** Seconds from `at` to `now` (server milliseconds). @param {string} at @param {number} now */
export function since(at, now) {
  return (now - Date.parse(at)) / 1000;
}
