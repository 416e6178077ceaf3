// data_visualization as inline SVG. The numbers are there as text too, for screen readers.

import { el, svg } from "./dom.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [560, 240, 44, 12, 20, 34];
let made = 0;

const color = (index) => `var(--c${(index % 6) + 1})`;
const short = (number, digits = 2) => String(Number(number.toFixed(digits)));
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function step(reach) {
  const power = 10 ** Math.floor(Math.log10(reach / 4));
  return power * [1, 2, 2.5, 5, 10].find((one) => power * one * 4 >= reach * 0.999);
}

function axes(chart) {
  const values = chart.series.flatMap((one) => one.data.map((point) => point.value));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const each = step(most - least || 1);
  const [low, high] = [Math.floor(least / each) * each, Math.max(Math.ceil(most / each) * each, each)];
  const { categories } = chart.axis_config;
  const column = (WIDTH - LEFT - RIGHT) / categories.length;
  return {
    categories, column, each, low, high,
    x: (index) => LEFT + column * (index + 0.5),
    y: (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low)),
  };
}

function frame(chart, at) {
  const nodes = [];
  const digits = Math.max(0, 1 - Math.floor(Math.log10(at.each))); // one more than the step has, for steps of 2.5
  for (let value = at.low; value <= at.high + at.each / 2; value += at.each) {
    nodes.push(svg("line", { className: Math.abs(value) < at.each / 2 ? "axis" : "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: at.y(value), y2: at.y(value) }));
    nodes.push(svg("text", { x: LEFT - 8, y: at.y(value) + 4, "text-anchor": "end" }, short(value, digits)));
  }
  const room = Math.max(3, Math.floor(at.column / 6.4));
  at.categories.forEach((name, index) =>
    nodes.push(svg("text", { x: at.x(index), y: HEIGHT - 14, "text-anchor": "middle" }, cut(name, room))));
  const { x_label: below, y_label: beside } = chart.axis_config;
  if (beside) nodes.push(svg("text", { x: 0, y: 10 }, beside));
  if (below) nodes.push(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 1, "text-anchor": "middle" }, below));
  return nodes;
}

const valueOf = (series, name) => series.data.find((point) => point.label === name)?.value ?? 0;

function bars(chart, at) {
  const count = chart.series.length;
  const wide = Math.min(56, (at.column * 0.68) / count);
  return chart.series.flatMap((one, number) => at.categories.flatMap((name, index) => {
    const value = valueOf(one, name);
    const x = at.x(index) + (number - count / 2) * wide;
    const [from, to] = [at.y(Math.max(value, 0)), at.y(Math.min(value, 0))];
    const bar = value !== 0 && svg("rect", { className: "mark", x: x + 1, y: from, width: wide - 2, height: Math.max(to - from, 1.5), rx: Math.min(4, wide / 4), fill: color(number) },
      svg("title", {}, `${one.name}, ${name}: ${short(value)}`));
    const label = count === 1 && svg("text", { className: "value", x: x + wide / 2, y: from - 6, "text-anchor": "middle" }, short(value));
    return [bar, label].filter(Boolean);
  }));
}

function curves(chart, at) {
  return chart.series.flatMap((one, number) => {
    const points = at.categories.map((name, index) => [at.x(index), at.y(valueOf(one, name)), name]);
    const path = points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join("");
    const ground = at.y(Math.max(at.low, 0));
    const area = chart.type === "area" && svg("path", { className: "area", d: `${path}L${points.at(-1)[0]} ${ground}L${points[0][0]} ${ground}z`, fill: color(number) });
    const dots = points.map(([x, y, name]) => svg("circle", { className: "mark", cx: x, cy: y, r: 3.5, fill: color(number) },
      svg("title", {}, `${one.name}, ${name}: ${short(valueOf(one, name))}`)));
    return [area, svg("path", { className: "curve", d: path, stroke: color(number) }), ...dots].filter(Boolean);
  });
}

function pie(chart) {
  const total = chart.segments.reduce((sum, one) => sum + one.value, 0);
  let turn = -0.25;
  const on = (share) => `${(90 + 82 * Math.cos(share * 2 * Math.PI)).toFixed(2)} ${(90 + 82 * Math.sin(share * 2 * Math.PI)).toFixed(2)}`;
  return chart.segments.map((one, index) => {
    const [from, to] = [turn, (turn += one.value / total)];
    const whole = "M90 8a82 82 0 1 1 -.01 0z";
    const d = chart.segments.length === 1 ? whole : `M90 90L${on(from)}A82 82 0 ${to - from > 0.5 ? 1 : 0} 1 ${on(to)}z`;
    return svg("path", { className: "slice", d, fill: color(index) }, svg("title", {}, `${one.label}: ${short(one.value)} (${Math.round((100 * one.value) / total)} %)`));
  });
}

function words(chart) {
  const said = (points) => points.map((one) => `${one.label} ${short(one.value)}`).join(", ");
  return chart.type === "pie" ? said(chart.segments) : chart.series.map((one) => `${one.name}: ${said(one.data)}`).join("; ");
}

export function chartBlock(block) {
  const { chart } = block;
  const round = chart.type === "pie";
  const total = round ? chart.segments.reduce((sum, one) => sum + one.value, 0) : 0;
  const at = round ? null : axes(chart);
  const drawn = round ? pie(chart) : [...frame(chart, at), ...(chart.type === "bar" ? bars(chart, at) : curves(chart, at))];
  const id = `chart-${(made += 1)}`;
  const picture = svg("svg", { viewBox: round ? "0 0 180 180" : `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-desc` },
    svg("title", { id: `${id}-title` }, block.title), svg("desc", { id: `${id}-desc` }, words(chart)), ...drawn);
  const named = round ? chart.segments.map((one) => [one.label, `${Math.round((100 * one.value) / total)} %`]) : chart.series.map((one) => [one.name, null]);
  const legend = el("ul", { className: "legend" }, named.map(([name, share], index) =>
    el("li", {}, svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, rx: 3, fill: color(index) })), name, share && el("b", {}, share))));
  return el("figure", { className: `block chart ${round ? "round" : ""}` }, el("figcaption", {}, block.title), el("div", { className: "plot" }, picture, (round || named.length > 1) && legend));
}
