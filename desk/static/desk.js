// The desk works without this file: it adds keys, filters that answer when a field changes, and a graph to move around in.
"use strict";

// --- filters: a choice is asked for at once, a text when it is entered --------------------------------------------------
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=search]")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && (!field.value || field.value === field.dataset.default)) field.disabled = true; // short addresses to share
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-auto] :disabled")) field.disabled = false;
});

// --- keys: j and k go through rows or items, o opens, / searches; letters of an item press its buttons ------------------
const items = [...document.querySelectorAll("[data-item], tr[data-event]")];
let here = -1;

function go(to) {
  if (!items.length) return;
  items[here]?.classList.remove("here");
  here = Math.max(0, Math.min(items.length - 1, to));
  const item = items[here];
  item.classList.add("here");
  if (item.hasAttribute("tabindex")) item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const button = items[here]?.querySelector(`button[data-key="${key}"]`);
  if (!button) return false;
  const note = button.form.elements.note;
  if (note && !note.value) {
    note.focus();
    note.dataset.then = key;
  } else button.form.requestSubmit(button);
  return true;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input, textarea, select");
  if (field) {
    if (event.key === "Escape") field.blur();
    if (event.key === "Enter" && field.name === "note" && field.dataset.then && field.value) {
      event.preventDefault();
      const button = field.form.querySelector(`button[data-key="${field.dataset.then}"]`);
      field.form.requestSubmit(button);
    }
    return;
  }
  if (event.key === "j") go(here + 1);
  else if (event.key === "k") go(here - 1);
  else if (event.key === "o") (items[here]?.querySelector("[data-open], a.open"))?.click();
  else if (event.key === "/") document.querySelector("[data-focus], input[type=search]")?.focus();
  else if (!press(event.key)) return;
  event.preventDefault();
});

// --- the graph: wheel and buttons zoom, dragging moves, a company under the pointer shows its neighbours ----------------
for (const canvas of document.querySelectorAll("[data-graph]")) {
  const svg = canvas.querySelector("svg");
  const whole = svg.viewBox.baseVal;
  const full = [whole.x, whole.y, whole.width, whole.height];
  let box = [...full];
  const show = () => svg.setAttribute("viewBox", box.map((n) => n.toFixed(1)).join(" "));
  const zoom = (by, cx = 0.5, cy = 0.5) => {
    const width = Math.min(full[2] * 1.2, Math.max(full[2] / 30, box[2] * by));
    const ratio = width / box[2];
    box = [box[0] + box[2] * (1 - ratio) * cx, box[1] + box[3] * (1 - ratio) * cy, width, box[3] * ratio];
    show();
  };
  const tools = canvas.parentElement.querySelector("[data-graph-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const how = event.target.dataset.zoom;
    if (how === "fit") { box = [...full]; show(); } else if (how) zoom(how === "in" ? 0.7 : 1 / 0.7);
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a bare wheel scrolls the page
    event.preventDefault();
    const at = svg.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, (event.clientX - at.left) / at.width, (event.clientY - at.top) / at.height);
  }, { passive: false });
  let from = null;
  canvas.addEventListener("pointerdown", (event) => { if (event.button === 0 && box[2] < full[2]) from = [event.clientX, event.clientY, ...box]; });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (Math.hypot(event.clientX - from[0], event.clientY - from[1]) < 4) return;
    canvas.classList.add("grabbing");
    const at = svg.getBoundingClientRect();
    box = [from[2] - (event.clientX - from[0]) * box[2] / at.width, from[3] - (event.clientY - from[1]) * box[3] / at.height, box[2], box[3]];
    show();
  });
  const stop = () => { from = null; setTimeout(() => canvas.classList.remove("grabbing")); };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointerleave", stop);
  canvas.addEventListener("click", (event) => { if (canvas.classList.contains("grabbing")) event.preventDefault(); }, true);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way && box[2] < full[2]) { box[0] += way[0] * box[2] / 10; box[1] += way[1] * box[3] / 10; show(); event.preventDefault(); }
    if (event.key === "+" || event.key === "-") { zoom(event.key === "+" ? 0.8 : 1.25); event.preventDefault(); }
  });
  const edges = [...svg.querySelectorAll("[data-from]")];
  const light = (event) => {
    const node = event.target.closest?.("a")?.querySelector("[data-node]") ?? event.target.closest?.("[data-node]");
    canvas.classList.toggle("focus", Boolean(node));
    for (const one of svg.querySelectorAll(".near")) one.classList.remove("near");
    if (!node) return;
    const near = new Set([node.dataset.node]);
    for (const edge of edges) {
      if (edge.dataset.from !== node.dataset.node && edge.dataset.to !== node.dataset.node) continue;
      edge.classList.add("near");
      near.add(edge.dataset.from).add(edge.dataset.to);
    }
    for (const one of svg.querySelectorAll("[data-node], [data-label]")) if (near.has(one.dataset.node ?? one.dataset.label)) one.classList.add("near");
  };
  svg.addEventListener("pointerover", light);
  svg.addEventListener("focusin", light);
  svg.addEventListener("focusout", light);
  svg.addEventListener("pointerleave", light);
}

// --- a folder of files has no server: its tables are filtered here ------------------------------------------------------
for (const field of document.querySelectorAll("input[data-filter]")) {
  const rows = [...document.querySelectorAll("tr[data-event]")];
  const words = rows.map((row) => row.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, n) => { row.hidden = !asked.every((word) => words[n].includes(word)); });
  });
}
