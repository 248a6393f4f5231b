// Before ReDoc loads: the <style> elements it makes get this response's nonce (our policy allows no other inline
// style), and the one picture it would fetch from elsewhere is replaced by our own icon.
"use strict";
(() => {
  const place = document.getElementById("redoc");
  const make = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = make(name, options);
    if (name === "style") element.nonce = place.dataset.nonce;
    if (name === "img") {
      const set = element.setAttribute.bind(element);
      const ours = (value) => (/^https?:/.test(value) ? place.dataset.icon : value);
      element.setAttribute = (key, value) => set(key, key === "src" ? ours(value) : value);
      Object.defineProperty(element, "src", { get: () => element.getAttribute("src"), set: (value) => set("src", ours(value)) });
    }
    return element;
  };
})();
