const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of "1h 30m", "250ms", "2d". */
function parseDuration(text) {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[dhms])/g)];
  const rest = text.replace(/(\d+(?:\.\d+)?)\s*(ms|[dhms])/g, '').trim();
  if (parts.length === 0 || rest !== '') throw new SyntaxError(`${JSON.stringify(text)} is not a duration.`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitsMs[unit], 0);
}

function formatDuration(durationMs) {
  const parts = [];
  let rest = durationMs;
  for (const [unit, sizeMs] of Object.entries(unitsMs)) {
    const count = Math.floor(rest / sizeMs);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * sizeMs;
  }
  return parts.join(' ') || '0s';
}

module.exports = { formatDuration, parseDuration };
