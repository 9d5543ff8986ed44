// Charts drawn from the tables beside them: columns with data-series are bars or lines, row headers their places.
// The table stays for whoever reads, prints or has no scripts; nothing is asked of the server.
import { init } from "../vendor/echarts.js";

const INKS = ["#1b5aa7", "#7a5200"]; // blue-600, amber-800: told apart in grey, too
const TEXT = "#465263";
const LINE = "#d9e0e8";
const ON_PAPER = { width: 460, height: 230 }; // px, as is data-height

for (const chart of document.querySelectorAll("[data-chart]")) {
  const picture = chart.querySelector(".chart-picture");
  const { places, series } = read(chart.querySelector("table"));
  if (places.length === 0) continue;
  picture.hidden = false;
  const drawn = init(picture, null, { renderer: "svg", height: Number(picture.dataset.height) });
  drawn.on("finished", () => scale(picture));
  drawn.setOption(options(chart.dataset, places, series));
  new ResizeObserver(() => drawn.resize()).observe(picture);
  // A third of a sheet of paper: drawn for it, so that its words are not shrunk with it.
  window.addEventListener("beforeprint", () => {
    drawn.resize(ON_PAPER);
    drawn.getZr().flush();
    scale(picture);
  });
  window.addEventListener("afterprint", () => drawn.resize({ width: "auto", height: Number(picture.dataset.height) }));
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  return {
    places: rows.map((row) => row.cells[0].dataset.name),
    series: heads.flatMap((head, column) =>
      head.dataset.series ? [{ name: head.dataset.series, values: rows.map((row) => number(row.cells[column])) }] : []),
  };
}

function number(cell) {
  return Number(cell.textContent.replace(/,/g, ""));
}

function options({ chart, stacked }, places, series) {
  const isBars = chart === "bars";
  return {
    animation: false,
    color: INKS,
    textStyle: { fontFamily: "inherit", color: TEXT },
    aria: { enabled: true, label: { enabled: false }, decal: { show: isBars } },
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    legend: { show: series.length > 1, right: 8, top: 0, itemHeight: 12, itemGap: 20, textStyle: { color: TEXT } },
    tooltip: { trigger: "axis", confine: true },
    xAxis: {
      type: "category",
      data: places,
      boundaryGap: isBars,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: TEXT, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: TEXT },
    },
    series: series.map(({ name, values }, place) => ({
      name,
      type: isBars ? "bar" : "line",
      stack: stacked === undefined ? undefined : "all",
      barMaxWidth: 36,
      symbol: "none",
      lineStyle: { width: 2, type: place === 0 ? "solid" : "dashed" },
      data: values,
    })),
  };
}

// On paper the column is narrower than on the screen: with its own measure the picture shrinks as a whole.
function scale(picture) {
  const svg = picture.querySelector("svg");
  const measure = `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`;
  if (svg.getAttribute("viewBox") !== measure) svg.setAttribute("viewBox", measure);
}
