// What Ctrl-K and / open on every page: a field that asks the search while one types, and hits to walk with ↑ ↓ Enter.

const palette = document.getElementById("palette");
const field = palette?.querySelector("#palette-q");
const said = palette?.querySelector("#palette-said");

const hits = () => [...palette.querySelectorAll(".palette-hit")];

function choose(hit) {
  for (const one of hits()) one.setAttribute("aria-selected", String(one === hit));
  field.setAttribute("aria-activedescendant", hit?.id ?? "");
  hit?.scrollIntoView({ block: "nearest" });
}

function walk(by) {
  const all = hits();
  if (!all.length) return;
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

// Focus returns by itself to where it was: that is what a dialog does when it closes.
export function openPalette() {
  for (const menu of document.querySelectorAll("details[data-dismiss][open]")) menu.open = false;
  palette.showModal();
  field.focus();
  field.select();
}

field?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const chosen = palette.querySelector('[aria-selected="true"]');
    if (!chosen) return; // the form leads to the page of all results
    event.preventDefault();
    chosen.click();
  }
});

// What was chosen belongs to the words before.
field?.addEventListener("input", () => choose(null));

document.addEventListener("htmx:after:swap", () => {
  if (!palette?.open) return;
  said.textContent = palette.querySelector("#palette-hits").dataset.said;
  field.setAttribute("aria-expanded", String(hits().length > 0));
});

palette?.addEventListener("click", (event) => {
  if (event.target === palette) palette.close();
});
