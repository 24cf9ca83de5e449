// Scales from values to pixels, and the ticks that a reader expects on them.

function niceStep(span, count, whole) {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * (whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).find((multiple) => multiple * power >= raw * 0.9999);
}

function linearTicks(low, high, count, whole) {
  let step = niceStep(high - low, count, whole);
  if (whole) step = Math.max(1, Math.round(step));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high, count) {
  for (const multiples of [[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); ++power) {
      for (const multiple of multiples) {
        const tick = Number((multiple * 10 ** power).toPrecision(6));
        if (tick >= low * 0.9999 && tick <= high * 1.0001) ticks.push(tick);
      }
    }
    if (ticks.length <= count + 1 || multiples.length === 1) {
      if (ticks.length >= 2) return ticks.length <= count + 1 ? ticks : ticks.filter((_, k) => k % Math.ceil(ticks.length / count) === 0);
      break;
    }
  }
  return linearTicks(low, high, count, false).filter((tick) => tick > 0);   // less than a decade
}

// axis: {low, high, log, whole, unit, name, categories} -> the same with room around the data
function paddedAxis(axis, values) {
  if (axis.categories) return {...axis, low: -0.5, high: axis.categories.length - 0.5};
  const shown = values.filter((value) => isNumber(value) && (!axis.log || value > 0));
  axis = {nonnegative: shown.every((value) => value >= 0), ...axis};   // no tick where no value can be
  let low = axis.low ?? Math.min(...shown);
  let high = axis.high ?? Math.max(...shown);
  if (!shown.length && (axis.low === undefined || axis.high === undefined)) [low, high] = axis.log ? [1, 10] : [0, 1];
  if (axis.log) {
    const room = Math.max((high / low) ** 0.06, 1.03);
    return {...axis, low: axis.low ?? low / room, high: axis.high ?? high * room};
  }
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return {...axis, low: axis.low ?? (low >= 0 && low - room < 0 ? -room * 0.5 : low - room), high: axis.high ?? high + room};
}

// A function value -> pixel, with .ticks [{value, text}] and .title (name and unit).
function makeScale(axis, from, to, count) {
  const warp = axis.log ? Math.log : (value) => value;
  const low = warp(axis.low), span = warp(axis.high) - low || 1;
  const scale = (value) => from + (to - from) * (warp(value) - low) / span;
  scale.invert = (pixel) => {
    const value = low + span * (pixel - from) / (to - from);
    return axis.log ? Math.exp(value) : value;
  };
  if (axis.categories) {
    scale.ticks = axis.categories.map((text, value) => ({value, text}));
    scale.title = axis.name;
    return scale;
  }
  const unit = axisUnit(axis.unit || '', axis.high);
  const make = axis.log ? logTicks : linearTicks;
  scale.ticks = make(axis.low / unit.factor, axis.high / unit.factor, count, axis.whole)
    .filter((tick) => !(axis.nonnegative && tick < 0))
    .map((tick) => ({value: tick * unit.factor, text: plain(tick)}));
  scale.title = axis.name + (unit.name ? ' [' + unit.name + ']' : '');
  return scale;
}
