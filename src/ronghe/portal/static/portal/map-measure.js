// Measuring on the live map: a line or a ring of points set by click, by touch or by keys, and its length or area.
// The words of the tool stand in _measure.html, inside <template id="measure">: without script it is not shown.

import { area, areaText, crosses, length, lengthText } from "./map-figures.js";

const INK = "#a3005c";
const PAPER = "#fff";
/** How many points make a line or a ring. */
const LEAST = { length: 2, area: 3 };
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "=", "-"];

/** What the points measure: `short` beside the line, `long` in the panel; nothing while they are too few. */
function measured(kind, points) {
  if (points.length < LEAST[kind]) return null;
  if (kind === "length") {
    const text = lengthText(length(points));
    return { short: text, long: `总长 ${text}` };
  }
  if (crosses(points)) return { short: "边线相交", long: "边线相交，没有唯一的面积，请撤销交叉的点" };
  const text = areaText(area(points));
  return { short: text, long: `面积 ${text}，周长 ${lengthText(length([...points, points[0]]))}` };
}

/** The line (kind `length`) or ring (kind `area`) that is being measured. */
class Course {
  points = [];
  finished = false;

  constructor(kind) {
    this.kind = kind;
  }

  get missing() {
    return Math.max(0, LEAST[this.kind] - this.points.length);
  }

  /** One more point; after the end, the first of another course. */
  add(point) {
    if (this.finished) this.points = [];
    this.finished = false;
    this.points.push(point);
  }

  /** Takes the last point away, and goes on from the one before. */
  undo() {
    this.finished = false;
    this.points.pop();
  }

  finish() {
    this.finished = !this.missing;
  }

  /** The points, and while the course is open the place `aim` that would be the next. */
  through(aim) {
    const last = this.points.at(-1);
    return this.finished || !aim || !last || String(aim) === String(last) ? this.points : [...this.points, aim];
  }

  /** What the points come to, or the course through `aim`, which is named `at`. */
  told(aim = null, at = "") {
    if (!this.points.length) return "还没有点";
    const path = this.through(aim);
    const result = measured(this.kind, path)?.long;
    const further = result && path.length > this.points.length ? `连到${at}处` : "";
    const parts = [this.finished ? "已完成" : "", `${this.points.length} 点`, further, result ?? `再加 ${this.missing} 点才有结果`];
    return parts.filter(Boolean).join("，");
  }
}

/** The course on the map, and its figure beside it; returns the function that draws them and the one that clears. */
function sketch(gl, map) {
  map.addSource("measure", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const layer = (id, type, part, paint) =>
    map.addLayer({ id: `measure-${id}`, type, source: "measure", filter: ["==", ["get", "part"], part], paint });
  layer("ring", "fill", "ring", { "fill-color": INK, "fill-opacity": 0.12 });
  layer("edge", "line", "line", { "line-color": PAPER, "line-width": 5 });
  layer("line", "line", "line", { "line-color": INK, "line-width": 2.5 });
  layer("open", "line", "open", { "line-color": INK, "line-width": 2, "line-dasharray": [2, 2] });
  layer("points", "circle", "points", { "circle-color": PAPER, "circle-radius": 5, "circle-stroke-color": INK, "circle-stroke-width": 2.5 });
  const element = document.createElement("div");
  element.className = "map-measure-label";
  const label = new gl.Marker({ element, anchor: "bottom" });
  // The panel says the same to those who do not see the map.
  element.setAttribute("aria-hidden", "true");

  const put = (...features) => map.getSource("measure").setData({ type: "FeatureCollection", features });
  const feature = (part, type, coordinates) => ({ type: "Feature", properties: { part }, geometry: { type, coordinates } });
  const lines = (part, points) => (points.length > 1 ? [feature(part, "LineString", points)] : []);
  const clear = () => {
    put();
    label.remove();
  };
  const draw = (course, aim) => {
    const { kind, points, finished } = course;
    const path = course.through(aim);
    if (!path.length) {
      clear();
      return;
    }
    const isRing = kind === "area" && path.length > 2;
    // Sides are drawn straight and measured as geodesics: on 100 km they part by 150 m, about a pixel of such a map.
    put(
      ...(isRing ? [feature("ring", "Polygon", [[...path, path[0]]])] : []),
      ...lines("line", finished && isRing ? [...points, points[0]] : points),
      // Where an open course would go on, and how its ring would close.
      ...(finished ? [] : lines("open", [...path.slice(points.length - 1), ...(isRing ? [path[0]] : [])])),
      feature("points", "MultiPoint", points),
    );
    element.textContent = measured(kind, path)?.short ?? "";
    const middle = [0, 1].map((axis) => path.reduce((sum, point) => sum + point[axis], 0) / path.length);
    if (element.textContent) label.setOffset([0, isRing ? 12 : -12]).setLngLat(isRing ? middle : path.at(-1)).addTo(map);
    else label.remove();
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
  };
  return { draw, clear };
}

/** Puts the tool on the map: the buttons that begin, the cross for keys, and the panel below. */
export function measuring(gl, holder, map) {
  const parts = document.getElementById("measure")?.content.cloneNode(true);
  if (!parts) return;
  const [tools, cross, panel] = [".map-tools", ".map-cross", ".map-measure"].map((css) => parts.querySelector(css));
  const buttons = [...tools.querySelectorAll("button")];
  const result = panel.querySelector(".map-measure-result");
  const canvas = map.getCanvas();
  map.addControl({ onAdd: () => tools, onRemove: () => tools.remove() }, "top-left");
  map.getContainer().append(cross);
  holder.after(panel);
  const { draw, clear } = sketch(gl, map);

  let course = null;
  let pointer = null;
  let byKeys = false;

  const centre = () => map.getCenter().toArray();
  const aim = () => (byKeys ? centre() : pointer);
  /** Said aloud too, unlike what only follows the pointer. */
  const say = (text) => {
    result.textContent = text;
    document.getElementById("announce").textContent = text;
  };
  const show = () => {
    holder.classList.toggle("map-aimed", Boolean(course) && byKeys);
    if (!course) return;
    draw(course, aim());
    if (course.points.length) result.textContent = course.told(aim(), byKeys ? "中心" : "指针");
  };
  const change = (act) => {
    act();
    say(course.told());
    show();
  };
  const undo = () => change(() => course.undo());
  const finish = () => {
    if (course.missing) say(`再加 ${course.missing} 点才能完成`);
    else change(() => course.finish());
  };
  const turn = (kind) => {
    course = kind ? new Course(kind) : null;
    pointer = null;
    clear();
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.measure === kind));
    holder.classList.toggle("map-measuring", Boolean(kind));
    panel.hidden = !kind;
    // A double click finishes.
    if (kind) map.doubleClickZoom.disable();
    else map.doubleClickZoom.enable();
    show();
  };
  const leave = () => {
    const pressed = buttons.find((button) => button.dataset.measure === course.kind);
    turn("");
    say("已退出测量");
    pressed.focus();
  };

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      if (button.dataset.measure === course?.kind) {
        leave();
        return;
      }
      // Where a key pressed the button, the cross in the middle stands for the pointer.
      byKeys = event.detail === 0;
      turn(button.dataset.measure);
      const how = byKeys ? "用方向键移动地图，按空格键把中心的十字加为一点，按回车键完成" : "请在地图上点出第一个点";
      say(`${button.textContent.trim()}：${how}`);
      canvas.focus({ preventScroll: true });
    });
  }
  const acts = { undo, finish, leave };
  panel.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());

  map.on("click", (event) => {
    // The second click of a double click adds nothing.
    if (!course || event.originalEvent.detail > 1) return;
    byKeys = false;
    change(() => course.add(event.lngLat.toArray()));
  });
  map.on("dblclick", () => course && finish());
  map.on("mousemove", (event) => {
    byKeys = false;
    pointer = event.lngLat.toArray();
    show();
  });
  map.on("mouseout", () => {
    pointer = null;
    show();
  });
  map.on("move", () => byKeys && show());

  const keys = { " ": () => change(() => course.add(centre())), Enter: finish, Backspace: undo, Escape: leave };
  const pressed = (event) => {
    if (!course || event.ctrlKey || event.metaKey || event.altKey) return;
    // On a button, Space and Enter press it.
    if (event.target !== canvas && event.key !== "Escape") return;
    byKeys ||= event.key === " " || MOVES.includes(event.key);
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
    show();
  };
  holder.addEventListener("keydown", pressed);
  panel.addEventListener("keydown", pressed);
}
