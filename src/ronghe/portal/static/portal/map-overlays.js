// Layers laid over the live map: switched on by the boxes beside it, kept in the address and in the links of the page.
// Each has its own colour and hatching; the legend names those that are on, and a click tells what lies there.
//
// [{"slug", "title", "tiles": "/tiles/<slug>/{z}/{x}/{y}.mvt", "open": "/layers/<slug>/features/?text=", "ink", "hatch"}]
// The boxes are <input data-overlay="<slug>"> beside their swatch; the answer to a click is <template id="found">.

/** A tile of hatching is 8 by 8 pixels, drawn twice as fine. */
const SIDE = 8;
const FINE = 2;

/** The hatching of a layer as the map wants it: the same lines as in the swatch. */
function hatching({ ink, hatch }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE * FINE;
  const pen = canvas.getContext("2d");
  pen.scale(FINE, FINE);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.25;
  pen.stroke(new Path2D(hatch));
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function show(map, layer) {
  const id = `overlay-${layer.slug}`;
  const drawn = { source: id, "source-layer": layer.slug };
  map.addSource(id, { type: "vector", tiles: [location.origin + layer.tiles], minzoom: 0, maxzoom: 16 });
  map.addImage(id, hatching(layer), { pixelRatio: FINE });
  // Below the mark of the chosen area, and what is being measured.
  map.addLayer({ id, type: "fill", ...drawn, paint: { "fill-pattern": id } }, "marks");
  map.addLayer({ id: `${id}-line`, type: "line", ...drawn, paint: { "line-color": layer.ink, "line-width": 1.5 } }, "marks");
}

function hide(map, { slug }) {
  const id = `overlay-${slug}`;
  for (const one of [`${id}-line`, id]) map.removeLayer(one);
  map.removeSource(id);
  map.removeImage(id);
}

/** The address with the layers that are on. */
function withOverlays(address, slugs) {
  const url = new URL(address, location.href);
  url.searchParams.delete("overlay");
  for (const slug of slugs) url.searchParams.append("overlay", slug);
  return url.pathname + url.search;
}

function linked(href, text) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  return link;
}

/** Makes the boxes work. Returns what lies `at` a point, and what `tell`s it and answers whether there was anything. */
export function overlaying(holder, map, layers) {
  const boxes = new Map(layers.map((layer) => [layer.slug, document.querySelector(`[data-overlay="${CSS.escape(layer.slug)}"]`)]));
  const isOn = ({ slug }) => boxes.get(slug)?.checked;
  const legend = document.getElementById("legend");
  const panel = document.getElementById("found")?.content.firstElementChild.cloneNode(true);
  if (panel) {
    holder.after(panel);
    panel.querySelector("button").addEventListener("click", () => {
      panel.hidden = true;
      map.getCanvas().focus({ preventScroll: true });
    });
  }

  const at = (point) => {
    const shown = layers.filter(isOn);
    // A layer that was just switched on may not have its source yet.
    const ids = shown.map(({ slug }) => `overlay-${slug}`).filter((id) => map.getLayer(id));
    if (!ids.length) return [];
    const found = map.queryRenderedFeatures(point, { layers: ids }).map(({ layer, properties }) => {
      const of = shown.find(({ slug }) => layer.id === `overlay-${slug}`);
      const { code = "", name = "", count = 0 } = properties;
      return { of: of.title, text: count ? `${count} 个要素` : name || code, href: of.open + encodeURIComponent(code) };
    });
    return [...new Map(found.map((one) => [one.href + one.text, one])).values()].slice(0, 20);
  };
  const tell = (point, area) => {
    const found = at(point);
    if (!panel) return false;
    panel.hidden = !found.length;
    if (!found.length) return false;
    const rows = found.map(({ of, text, href }) => {
      const row = document.createElement("li");
      const said = document.createElement("span");
      said.className = "quiet";
      said.textContent = of;
      row.append(linked(href, text), said);
      return row;
    });
    if (area) {
      const row = document.createElement("li");
      row.append(linked(withOverlays(area.href, layers.filter(isOn).map(({ slug }) => slug)), `选择${area.name}`));
      rows.push(row);
    }
    panel.querySelector("ul").replaceChildren(...rows);
    document.getElementById("announce").textContent = found.map(({ of, text }) => `${of}：${text}`).join("；");
    return true;
  };

  /** Address, links and legend say which layers are on. */
  const say = () => {
    const slugs = layers.filter(isOn).map(({ slug }) => slug);
    history.replaceState(history.state, "", withOverlays(location.href, slugs) + location.hash);
    for (const link of document.querySelectorAll("main a[href]")) {
      if (link instanceof HTMLAnchorElement && link.pathname === location.pathname) link.setAttribute("href", withOverlays(link.href, slugs));
    }
    for (const old of legend.querySelectorAll("[data-of]")) old.remove();
    for (const layer of layers.filter(isOn)) {
      const item = document.createElement("li");
      item.dataset.of = layer.slug;
      item.append(boxes.get(layer.slug).closest("label").querySelector("svg").cloneNode(true), layer.title);
      legend.append(item);
    }
  };

  for (const layer of layers) {
    const box = boxes.get(layer.slug);
    if (!box) continue;
    box.disabled = false;
    if (box.checked) show(map, layer);
    box.addEventListener("change", () => {
      if (box.checked) show(map, layer);
      else hide(map, layer);
      if (panel) panel.hidden = true;
      say();
    });
  }
  for (const note of document.querySelectorAll("[data-without-map]")) note.hidden = true;
  if (layers.some(isOn)) say();
  return { at, tell };
}
