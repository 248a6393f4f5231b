"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const boxes = [...document.querySelectorAll("figure[data-plot]")].filter((box) => figures[box.dataset.plot]);
  const draw = (box) => {
    const css = getComputedStyle(document.documentElement);
    const colour = (name) => css.getPropertyValue(`--${name}`).trim();
    const figure = figures[box.dataset.plot];
    const axis = { gridcolor: colour("line"), zerolinecolor: colour("line"), linecolor: colour("line"), automargin: true };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height: figure.height, bargap: figure.gap,
      margin: { t: figure.title ? 44 : 10, r: 12, b: 36, l: 44 }, showlegend: false, dragmode: "zoom",
      title: figure.title ? { text: figure.title, font: { size: 16 }, x: 0.02, xanchor: "left" } : undefined,
      font: { color: colour("ink"), family: getComputedStyle(document.body).fontFamily, size: 11.5 },
      xaxis: { ...axis, ...figure.x }, yaxis: { ...axis, ...figure.y },
      hoverlabel: { font: { family: getComputedStyle(document.body).fontFamily } },
    };
    const data = figure.data.map((one) => {
      const painted = { ...one };
      if (one.type === "heatmap") {
        painted.colorscale = [[0, colour("cold")], [0.5, colour("card")], [1, colour("main")]];
      } else {
        painted.marker = { color: colour(one.paint || "main"), ...(one.size ? { size: one.size } : {}) };
        painted.line = { color: colour(one.paint || "main"), width: 2 };
      }
      delete painted.paint;
      delete painted.size;
      return painted;
    });
    Plotly.react(box.firstElementChild, data, layout, { responsive: true, displaylogo: false });
  };
  for (const box of boxes) {
    const place = document.createElement("div");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", box.firstElementChild.getAttribute("aria-label") || "");
    box.replaceChildren(place);
    draw(box);
  }
  dark.addEventListener("change", () => boxes.forEach(draw));
})();
