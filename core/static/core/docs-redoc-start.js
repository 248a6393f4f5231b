"use strict";
(() => {
  const place = document.getElementById("redoc");
  const fonts = getComputedStyle(document.documentElement).getPropertyValue("--sans");
  const code = getComputedStyle(document.documentElement).getPropertyValue("--mono");
  Redoc.init(place.dataset.schema, {
    hideDownloadButton: false,
    expandResponses: "200,201",
    theme: {
      colors: { primary: { main: "#0f5f6b" } },
      typography: { fontFamily: fonts, headings: { fontFamily: fonts }, code: { fontFamily: code } },
    },
  }, place);
})();
