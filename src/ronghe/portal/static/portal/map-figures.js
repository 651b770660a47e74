// Lengths and areas on the ellipsoid of CGCS2000, and how they are written. Points are [longitude, latitude] in degrees.
// Nothing here knows a page or a map: tests/test_figures.py runs this file by itself and compares it with GeographicLib.

/** Semi-major axis in metres and flattening (GB 22021-2008). */
const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E = Math.sqrt(F * (2 - F));
const RADIAN = Math.PI / 180;
/** 1 亩 is 1/15 公顷. */
const MU_M2 = 10000 / 15;
/** A figure and its unit stay on one line. */
const GAP = "\u00a0";

/** The length of the geodesic between two points in metres: Vincenty's inverse formula (1975), good to 0.5 mm.
 *  It does not end for points that lie nearly opposite each other on the earth; no map of a zone reaches that far. */
function geodesic([west, south], [east, north]) {
  const [u1, u2] = [south, north].map((latitude) => Math.atan((1 - F) * Math.tan(latitude * RADIAN)));
  const sines = Math.sin(u1) * Math.sin(u2);
  const cosines = Math.cos(u1) * Math.cos(u2);
  const apart = (east - west) * RADIAN;
  let lambda = apart;
  for (let round = 0; round < 100; round += 1) {
    const across = Math.cos(u2) * Math.sin(lambda);
    const along = Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda);
    const sinSigma = Math.hypot(across, along);
    if (sinSigma === 0) return 0;
    const cosSigma = sines + cosines * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosines * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    // Along the equator there is no middle latitude.
    const cosMiddle = cos2Alpha ? cosSigma - (2 * sines) / cos2Alpha : 0;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda = apart + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cosMiddle + c * cosSigma * (2 * cosMiddle ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-12) continue;
    const u = cos2Alpha * (A ** 2 / B ** 2 - 1);
    const a = 1 + (u / 16384) * (4096 + u * (u * (320 - 175 * u) - 768));
    const b = (u / 1024) * (256 + u * (u * (74 - 47 * u) - 128));
    const far = (b / 6) * cosMiddle * (4 * sinSigma ** 2 - 3) * (4 * cosMiddle ** 2 - 3);
    return B * a * (sigma - b * sinSigma * (cosMiddle + (b / 4) * (cosSigma * (2 * cosMiddle ** 2 - 1) - far)));
  }
  throw new RangeError("the points lie nearly opposite each other");
}

/** The length of a line through the points in metres. */
export function length(points) {
  return points.slice(1).reduce((sum, point, i) => sum + geodesic(points[i], point), 0);
}

/** Twice the authalic radius's square over A², times the sine of the authalic latitude (Snyder 1987, 3-12). */
function authalic(sine) {
  return (1 - E ** 2) * (sine / (1 - (E * sine) ** 2) + Math.atanh(E * sine) / E);
}

/** The area within a ring of points in m², whichever way round: the spherical excess on the authalic sphere, on which
 *  every part of the ellipsoid keeps its area. Only the great circles run a little beside the ellipsoid's geodesics: of
 *  3,000 rings in China from a courtyard to a province, half are within 0.00001 %, the thinnest sliver within 0.02 %. */
export function area(points) {
  const pole = authalic(1);
  const halves = points.map(([, latitude]) => Math.tan(Math.asin(authalic(Math.sin(latitude * RADIAN)) / pole) / 2));
  const excess = points.reduce((sum, [longitude], i) => {
    const next = (i + 1) % points.length;
    const turn = Math.tan(((points[next][0] - longitude) * RADIAN) / 2);
    return sum + 2 * Math.atan((turn * (halves[i] + halves[next])) / (1 + halves[i] * halves[next]));
  }, 0);
  return (Math.abs(excess) * A ** 2 * pole) / 2;
}

/** Whether two sides of the ring cross: what it then encloses has no one area. */
export function crosses(points) {
  const side = ([ax, ay], [bx, by], [px, py]) => Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));
  const sides = points.map((point, i) => [point, points[(i + 1) % points.length]]);
  return sides.some(([a, b], i) =>
    sides.slice(i + 2).some(([c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0),
  );
}

function figure(value, places, unit) {
  return value.toLocaleString("zh-CN", { minimumFractionDigits: places, maximumFractionDigits: places }) + GAP + unit;
}

/** `356 m`, or `12.34 km`: a pixel of the map is some metres. */
export function lengthText(metres) {
  return Math.round(metres) < 1000 ? figure(metres, 0, "m") : figure(metres / 1000, 2, "km");
}

/** `3,333.33 m²(5.00 亩)`, or from one square kilometre on `12.34 km²`. */
export function areaText(m2) {
  return m2 < 999_999.995 ? `${figure(m2, 2, "m²")}(${figure(m2 / MU_M2, 2, "亩")})` : figure(m2 / 1e6, 2, "km²");
}
