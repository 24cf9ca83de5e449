// Numbers for people: units B (1 KB = 1024 B), FLOP, % and plain.
const missing = '–';
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

function plain(value, digits = 4) {
  if (!isNumber(value)) return missing;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e').replace(/\.?0+e/, 'e');
  return String(Number(value.toPrecision(digits)));
}

function whole(value) {
  return isNumber(value) ? Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, '\u2009') : missing;
}

function bytes(value) {
  if (!isNumber(value)) return missing;
  if (Math.abs(value) < 1024) return Math.round(value) + ' B';
  if (Math.abs(value) < 1024 * 1024) return (value / 1024).toFixed(1) + ' KB';
  return (value / 1024 / 1024).toFixed(2) + ' MB';
}

function operations(value) {
  if (!isNumber(value)) return missing;
  for (const [size, letter] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (Math.abs(value) >= size) return plain(value / size, 3) + ' ' + letter;
  }
  return String(Math.round(value));
}

const f1 = (value) => (isNumber(value) ? value.toFixed(3) : missing);
const percent = (share, digits = 1) => (isNumber(share) ? (100 * share).toFixed(digits) + ' %' : missing);

function withUnit(value, unit) {
  if (!isNumber(value)) return missing;
  if (unit === 'B') return bytes(value);
  if (unit === 'FLOP') return operations(value);
  if (unit === '%') return value.toFixed(value !== 0 && Math.abs(value) < 1 ? 2 : 1) + ' %';
  return plain(value);
}

// The unit that an axis counts in, so that its ticks are short numbers.
function axisUnit(unit, largest) {
  if (unit === 'B') {
    if (largest >= 4 * 1024 * 1024) return {factor: 1024 * 1024, name: 'MB'};
    return largest >= 2048 ? {factor: 1024, name: 'KB'} : {factor: 1, name: 'B'};
  }
  if (unit === 'FLOP') {
    if (largest >= 4e9) return {factor: 1e9, name: 'billions'};
    if (largest >= 4e5) return {factor: 1e6, name: 'millions'};
    return largest >= 4e3 ? {factor: 1e3, name: 'thousands'} : {factor: 1, name: ''};
  }
  return {factor: 1, name: unit};
}

function seconds(value) {
  if (!isNumber(value)) return missing;
  if (value < 100) return plain(value, 3) + ' s';
  if (value < 5400) return (value / 60).toFixed(1) + ' min';
  return (value / 3600).toFixed(1) + ' h';
}
