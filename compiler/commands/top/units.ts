/**
 * Quantities in a few characters.
 *
 * @module
 */

const PREFIXES = ["", "k", "M", "G", "T", "P"];

/**
 * Writes a number with a decimal prefix: `0`, `7`, `0.4`, `12k`, `1.2M`.
 *
 * @param number From 0 on.
 */
export function short(number: number): string {
  let at = 0;
  // What would be rounded up to a thousand has the next prefix.
  while (number >= 999.5 && at < PREFIXES.length - 1) {
    number /= 1_000;
    at++;
  }
  // One digit behind the point says enough, and none where there are two before it.
  const text = number >= 9.95 ? number.toFixed(0) : number.toFixed(1).replace(/\.0$/, "");
  return text + PREFIXES[at];
}

/** Writes a number of bytes: `0B`, `512B`, `1.2kB`, `34MB`. */
export function bytes(number: number): string {
  return `${short(number)}B`;
}

/**
 * Writes a time with its two largest units: `0s`, `12s`, `3m04s`, `2h15m`, `3d04h`.
 *
 * @param time In milliseconds.
 */
export function duration(time: number): string {
  const seconds = Math.max(0, Math.floor(time / 1_000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return pair(seconds, 60, "m", 1, "s");
  if (seconds < 86_400) return pair(seconds, 3_600, "h", 60, "m");
  return pair(seconds, 86_400, "d", 3_600, "h");
}

/**
 * Writes a short time: `0.4ms`, `12ms`, `1.5s`.
 *
 * @param time In milliseconds.
 */
export function latency(time: number): string {
  if (time >= 999.5) return `${(time / 1_000).toFixed(time < 9_950 ? 1 : 0)}s`;
  return `${time.toFixed(time < 9.95 ? 1 : 0)}ms`;
}

function pair(seconds: number, large: number, name: string, small: number, rest: string): string {
  return `${Math.floor(seconds / large)}${name}${String(Math.floor(seconds % large / small)).padStart(2, "0")}${rest}`;
}
