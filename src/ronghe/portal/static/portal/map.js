// The live map: MapLibre over the drawing that the server made. Without WebGL, or when anything fails before the map
// stands, the drawing stays, and nothing is lost: the list beside the map leads to the same pages.
//
// <div data-map data-tiles="/tiles/<layer>/{z}/{x}/{y}.mvt" data-lib="…" data-worker="…" data-selected="370112000000">
// <script type="application/json" id="map-data">
//   {"bounds": [west, south, east, north],
//    "areas": [{"code", "name", "value", "label", "fill", "href", "at": [longitude, latitude]}],
//    "overlays": …, as map-overlays.js wants them}
//   {"bounds": […], "everything": true, "open": "/layers/<layer>/features/?text="}: a whole layer in one colour; the
//   status line names what is under the pointer, and a click opens it.

import { measuring } from "./map-measure.js";
import { overlaying } from "./map-overlays.js";

const FILL = "#c3d6ec";
const OTHER = "#e9ecee";
const INK = "#17457e";
const CRS = "CGCS2000";
const WORDS = {
  "Map.Title": "地图：方向键移动，加号和减号缩放",
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "ScaleControl.Meters": "米",
  "ScaleControl.Kilometers": "公里",
  "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 并滚动可缩放地图",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 并滚动可缩放地图",
  "CooperativeGesturesHandler.MobileHelpText": "用两根手指移动地图",
};
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

function made(tag, css, text = "") {
  const element = document.createElement(tag);
  element.className = css;
  element.textContent = text;
  return element;
}

/** What the page says of its areas. */
function facts(holder) {
  const source = document.getElementById("map-data");
  if (!source) return null;
  const { areas = [], bounds = [], everything = false, open, layer, overlays = [] } = JSON.parse(source.textContent);
  if (!(areas.length || everything) || bounds.length !== 4) return null;
  return { areas: new Map(areas.map((area) => [area.code, area])), bounds, layer, everything, open, overlays };
}

function hasWebGl() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(context);
  } catch {
    return false;
  }
}

function style(holder, known) {
  const fills = [...known.areas.values()].flatMap((area) => [area.code, area.fill]);
  const state = (name, yes, no) => ["case", ["boolean", ["feature-state", name], false], yes, no];
  const layer = { source: "areas", "source-layer": known.layer };
  const mine = known.everything ? true : ["in", ["get", "code"], ["literal", [...known.areas.keys()]]];
  const colour = known.everything ? FILL : ["match", ["get", "code"], ...fills, OTHER];
  return {
    version: 8,
    sources: {
      areas: { type: "vector", tiles: [location.origin + holder.dataset.tiles], minzoom: 0, maxzoom: 16, promoteId: "code" },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": "#f6f7f8" } },
      { id: "areas", type: "fill", ...layer, paint: { "fill-color": colour, "fill-antialias": false } },
      { id: "lines-others", type: "line", ...layer, filter: ["!", mine], paint: { "line-color": "#cfd6db", "line-width": 1 } },
      { id: "lines", type: "line", ...layer, filter: mine, paint: { "line-color": "#7890ab", "line-width": 1 } },
      {
        id: "marks", type: "line", ...layer, filter: mine, layout: { "line-join": "round" },
        paint: { "line-color": INK, "line-width": state("chosen", 3, state("hover", 2, 0)), "line-opacity": state("chosen", 1, state("hover", 1, 0)) },
      },
    ],
  };
}

/** Names and values as elements: no glyph server, the page's own font. Where two would touch, the chosen area's is
 *  shown, then that of the larger value. */
function labels(gl, holder, map, known) {
  const chosen = (area) => Number(area.code === holder.dataset.selected);
  const first = (a, b) => chosen(b) - chosen(a) || (b.value ?? 0) - (a.value ?? 0);
  const all = [...known.areas.values()].filter((area) => area.at).sort(first).map((area) => {
    const element = made("div", "map-label");
    element.append(made("span", "map-label-name", area.name));
    if (area.label) element.append(made("span", "map-label-value", area.label));
    // The list beside says the same to those who do not see the map.
    element.setAttribute("aria-hidden", "true");
    const marker = new gl.Marker({ element, anchor: "center" }).setLngLat(area.at).addTo(map);
    element.removeAttribute("tabindex");
    element.removeAttribute("role");
    return { area, element, marker };
  });
  const arrange = () => {
    const taken = [];
    for (const { area, element } of all) {
      const { x, y } = map.project(area.at);
      const [w, h] = [element.offsetWidth / 2 + 2, element.offsetHeight / 2 + 1];
      const place = [x - w, y - h, x + w, y + h];
      const touches = taken.some((t) => place[0] < t[2] && t[0] < place[2] && place[1] < t[3] && t[1] < place[3]);
      element.classList.toggle("map-label-hidden", touches);
      if (!touches) taken.push(place);
    }
  };
  map.on("zoom", arrange);
  map.on("resize", arrange);
  arrange();
}

/** The link of an area in the list beside the map (or wherever the page has one), never the drawing's own. */
function linkOf(holder, code) {
  const links = document.querySelectorAll(`a[data-area="${CSS.escape(code)}"]`);
  return [...links].find((link) => !holder.contains(link)) ?? null;
}

/** Without the live map: the list and the drawing mark each other's areas. */
function echoing() {
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const code = event.target.closest?.("[data-area]")?.dataset.area;
      for (const one of document.querySelectorAll("[data-area]")) one.classList.toggle("hover", one.dataset.area === code);
    });
  }
}

function lively(holder, map, known, overlays) {
  const target = (id) => ({ source: "areas", sourceLayer: known.layer, id });
  const status = made("p", "map-status");
  status.setAttribute("aria-hidden", "true");
  holder.after(status);
  let hovered = "";
  let chosen = "";
  let at = null;
  let named = "";

  const tell = () => {
    const area = known.areas.get(hovered);
    // Without a pointer, as by touch or by keys, the place is the middle of the map.
    const place = at ?? map.getCenter();
    const parts = [`坐标系 ${CRS}`, `${at ? "指针" : "中心"} 东经 ${place.lng.toFixed(5)}°，北纬 ${place.lat.toFixed(5)}°`];
    if (area) parts.push(area.label ? `${area.name}：${area.label}` : area.name);
    else if (named) parts.push(named);
    status.textContent = parts.join("　");
  };
  const mark = (code, name, on) => {
    if (code) map.setFeatureState(target(code), { [name]: on });
  };
  const hover = (code) => {
    if (code === hovered) return;
    mark(hovered, "hover", false);
    linkOf(holder, hovered)?.classList.remove("hover");
    hovered = known.areas.has(code) ? code : "";
    mark(hovered, "hover", true);
    linkOf(holder, hovered)?.classList.add("hover");
    tell();
  };
  const choose = (code) => {
    mark(chosen, "chosen", false);
    chosen = known.areas.has(code) ? code : "";
    mark(chosen, "chosen", true);
  };
  const under = (event) => {
    const { code = "", name = "", count = 0 } = map.queryRenderedFeatures(event.point, { layers: ["areas"] })[0]?.properties ?? {};
    named = known.everything ? (count ? `${count} 个要素` : name === code ? name : `${name} ${code}`.trim()) : "";
    return code;
  };

  map.on("mousemove", (event) => {
    at = event.lngLat;
    hover(under(event));
    map.getCanvas().classList.toggle("map-over", Boolean(hovered) || overlays.at(event.point).length > 0);
    tell();
  });
  map.on("mouseout", () => {
    at = null;
    named = "";
    hover("");
    tell();
  });
  map.on("move", () => at || tell());
  map.on("click", (event) => {
    // A point of a line is no choice of an area.
    if (holder.classList.contains("map-measuring")) return;
    const code = under(event);
    if (code && known.open) location.assign(known.open + encodeURIComponent(code));
    const area = known.areas.get(code);
    // What lies on an area is nearer than the area, which the answer offers too.
    if (overlays.tell(event.point, area) || !area) return;
    choose(area.code);
    const link = linkOf(holder, area.code);
    // The link's own click, so that whatever the page does with its links (htmx, history) happens here too.
    if (link) link.click();
    else if (area.href) location.assign(area.href);
  });
  // mouseover, not pointerover: it comes after the map's own mouseout.
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const link = event.target.closest?.("a[data-area]");
      if (link && !holder.contains(link)) hover(link.dataset.area);
      else if (hovered && !holder.contains(event.target)) hover("");
    });
  }
  // The page may exchange the list after a choice; the choice itself stands in data-selected.
  new MutationObserver(() => choose(holder.dataset.selected ?? "")).observe(holder, { attributeFilter: ["data-selected"] });
  choose(holder.dataset.selected ?? "");
  tell();
}

async function start(holder) {
  const known = facts(holder);
  if (!known) return;
  if (!holder.dataset.tiles || !holder.dataset.lib || !hasWebGl()) {
    echoing();
    return;
  }

  const drawing = holder.querySelector("svg");
  const canvas = made("div", "map-canvas");
  let map = null;
  const giveUp = () => {
    map?.remove();
    map = null;
    canvas.remove();
    holder.classList.remove("map-live");
    drawing?.removeAttribute("visibility");
    echoing();
  };
  try {
    const gl = await import(new URL(holder.dataset.lib, location.href).href);
    if (holder.dataset.worker) gl.setWorkerUrl(new URL(holder.dataset.worker, location.href).href);
    holder.append(canvas);
    const [west, south, east, north] = known.bounds;
    const around = [west - (east - west), south - (north - south), east + (east - west), north + (north - south)];
    map = new gl.Map({
      container: canvas,
      style: style(holder, known),
      bounds: known.bounds,
      fitBoundsOptions: { padding: 28 },
      maxBounds: around,
      maxZoom: 18,
      locale: WORDS,
      fadeDuration: STILL ? 0 : 200,
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new gl.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
    let standing = false;
    // One tile that does not come must not take the map away; before the map stands, any error does.
    map.on("error", () => standing || giveUp());
    map.once("load", () => {
      standing = true;
      labels(gl, holder, map, known);
      lively(holder, map, known, overlaying(holder, map, known.overlays));
      measuring(gl, holder, map);
      holder.classList.add("map-live");
      drawing?.setAttribute("visibility", "hidden");
      canvas.classList.add("map-ready");
    });
  } catch {
    giveUp();
  }
}

for (const holder of document.querySelectorAll("[data-map]")) start(holder);
