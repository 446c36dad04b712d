// @ts-check
// The focal point of a picture: pressing it or its arrow keys move the mark, and the crops follow. Without scripts, the
// picture is a submit button, and the two fields below set the point as well.
import { announce, createElement } from "./dom.js";

const STEP = 1; // Per cent for an arrow key; ten times as much with Shift.
/** @type {Record<string, [x: number, y: number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @type {NodeListOf<HTMLElement>} */
const pictures = document.querySelectorAll(".focal-picture");
/** @type {NodeListOf<HTMLElement>} */
const crops = document.querySelectorAll(".crops > li");
const fields = ["x", "y"].map((axis) => /** @type {HTMLInputElement} */ (document.getElementById(`id_focal_${axis}`)));

const point = () => fields.map((field) => Math.min(100, Math.max(0, field.valueAsNumber || 0)));

/**
 * Return where an image with `object-fit: cover` has to lie so that it shows what the server's crop will, in per cent.
 * @param {number} length Of the picture, along this axis.
 * @param {number} part What the crop shows of it.
 * @param {number} focal Per cent.
 */
function offsetOf(length, part, focal) {
  if (part >= length) return 50;
  const start = Math.min(Math.max((length * focal) / 100 - part / 2, 0), length - part);
  return (100 * start) / (length - part);
}

function draw() {
  const [x, y] = point();
  for (const picture of pictures) {
    const { width, height } = picture.querySelector("svg").viewBox.baseVal;
    for (const circle of picture.querySelectorAll("circle")) {
      circle.setAttribute("cx", String((width * x) / 100));
      circle.setAttribute("cy", String((height * y) / 100));
    }
  }
  for (const crop of crops) {
    /** @type {HTMLImageElement | null} */
    const image = crop.querySelector("img.preview");
    if (!image?.naturalWidth) continue;
    const { naturalWidth: width, naturalHeight: height } = image;
    const ratio = Number(crop.dataset.ratio);
    const left = offsetOf(width, height * ratio, x);
    const top = offsetOf(height, width / ratio, y);
    image.style.objectPosition = `${left}% ${top}%`;
  }
}

/**
 * @param {number} x
 * @param {number} y
 */
function setPoint(x, y) {
  [x, y].forEach((value, axis) => {
    fields[axis].value = String(Math.min(100, Math.max(0, Math.round(value))));
  });
  draw();
  const [left, top] = point();
  announce(pictures[0].dataset.position.replace("{x}", String(left)).replace("{y}", String(top)));
}

/**
 * Replace the submit button by one that sets the fields: Enter in a field then saves, as everywhere.
 * @param {HTMLElement} picture
 */
function enhance(picture) {
  /** @type {HTMLInputElement} */
  const submit = picture.querySelector("[type=image]");
  const { width, height, src, alt } = submit;
  const button = createElement("button", { type: "button", "aria-label": alt, "aria-describedby": "focal-help" });
  button.append(createElement("img", { src, alt: "", width: String(width), height: String(height) }));
  submit.replaceWith(button);
  button.addEventListener("click", ({ detail, offsetX, offsetY }) => {
    if (!detail) return; // Pressed by key: the arrows move the mark.
    setPoint((100 * offsetX) / button.clientWidth, (100 * offsetY) / button.clientHeight);
  });
  button.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 * STEP : STEP;
    const [x, y] = point();
    setPoint(x + direction[0] * step, y + direction[1] * step);
  });
}

/**
 * Show in a crop what it will be, cut from the whole picture by the browser.
 * @param {HTMLElement} crop
 * @param {string} src
 */
function preview(crop, src) {
  const current = crop.querySelector("img");
  const { width, height } = current;
  const attributes = { src, alt: "", class: "preview", width: String(width), height: String(height) };
  const image = createElement("img", attributes);
  image.addEventListener("load", draw);
  crop.querySelector("picture").replaceWith(image);
}

if (pictures.length && fields.every(Boolean)) {
  const { src } = /** @type {HTMLInputElement} */ (pictures[0].querySelector("[type=image]"));
  pictures.forEach(enhance);
  fields[0].form.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !fields.includes(target)) return;
    // The crops that were made stay until the point moves: they are exact.
    if (!document.querySelector(".crops .preview")) {
      for (const crop of crops) preview(crop, src);
    }
    draw();
  });
}
