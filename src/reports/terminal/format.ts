/** Numbers as people read them; the same in every locale, because logs of different machines are compared. */
import type { EstimateUnit } from '../../plan/plan';

/** @example formatCount(10000) // '10,000' */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @example countOf(1, 'file') // '1 file' */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/**
 * A duration in the unit that fits its size.
 *
 * @example formatDuration(850) // '850 ms'
 * @example formatDuration(42_100) // '42.1 s'
 * @example formatDuration(65_000) // '1m 05s'
 */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '-';
  const roundedMs = Math.round(durationMs);
  if (roundedMs < 1000) return `${roundedMs} ms`;
  if (roundedMs < 59_950) return `${(roundedMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(roundedMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))}h ${twoDigits(minutes % 60)}m`;
}

/**
 * A time that passes on a screen, in whole seconds.
 *
 * @example formatClock(14_400) // '14 s'
 */
export function formatClock(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * @example formatBytes(12_345) // '12 kB'
 * @example formatBytes(812) // '812 B'
 */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  const kilobytes = bytes / 1000;
  return `${kilobytes < 9.95 ? kilobytes.toFixed(1) : formatCount(kilobytes)} kB`;
}

/**
 * Bytes in the unit that fits.
 *
 * @example formatSize(1_234_567) // '1.2 MB'
 */
export function formatSize(bytes: number): string {
  const [unit, divisor] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  const value = bytes / Number(divisor);
  return `${value < 9.95 ? value.toFixed(1) : formatCount(value)} ${unit}`;
}

/** A load or an estimate in the unit of its plan. */
export function formatLoad(load: number, unit: EstimateUnit): string {
  if (unit === 'ms') return formatDuration(load);
  return unit === 'bytes' ? formatBytes(load) : countOf(load, 'file');
}

/** makespan / lower bound and the like; an empty plan has no ratio. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(2) : '-';
}

/** @example formatShare(0.412) // '41 %' */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '-';
}

/** Enough of a digest to compare two by eye; shorter only where a line is. */
export function shortDigest(digest: string, digits = 8): string {
  return digest.slice(0, digits);
}
