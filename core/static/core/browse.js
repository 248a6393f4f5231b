// The browsable API's forms: sent as what they say (form fields or JSON, any method), the answer shown below them,
// so that nothing typed is lost.
"use strict";
(() => {
  const { csrf, charts } = document.currentScript.dataset;
  const answer = document.getElementById("answer");

  const initial = (field) => (field.type === "checkbox" || field.type === "radio" ? field.defaultChecked
    : field.options ? [...field.options].filter((option) => option.defaultSelected).map((option) => option.value).join()
    : field.type === "file" ? "" : field.defaultValue);
  const current = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked
    : field.options ? [...field.selectedOptions].map((option) => option.value).join() : field.value);

  // A change sends what was changed: an absent field keeps its value. Something new sends what was filled in: an empty
  // number is no number. A box that was ticked and no longer is says so; browsers would send nothing.
  const filled = (form) => {
    const all = new FormData(form), fields = new FormData();
    const create = form.dataset.send === "POST";
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || field.disabled) continue;
      const changed = current(field) !== initial(field);
      if (field.type === "checkbox" && changed && !field.checked) fields.append(field.name, "false");
      else if (field.type === "radio" ? field.checked && (create || changed) : changed || (create && current(field))) {
        if (!fields.has(field.name)) all.getAll(field.name).forEach((value) => fields.append(field.name, value));
      }
    }
    return fields;
  };

  const send = async (method, url, body, type) => {
    const headers = { Accept: "application/json", "X-CSRFToken": csrf };
    if (type) headers["Content-Type"] = type;
    const response = await fetch(url, { method, body, headers, credentials: "same-origin" });
    show(method, url, response, await response.text());
    return response;
  };

  const show = (method, url, response, text) => {
    answer.hidden = false;
    const status = Object.assign(document.createElement("span"), {
      className: response.ok ? "status-good" : "status-bad",
      textContent: `${response.status} ${response.statusText}`,
    });
    const verb = Object.assign(document.createElement("b"), { textContent: method });
    answer.querySelector(".line").replaceChildren(verb, ` ${url.replace(location.origin, "")} → `, status);
    answer.querySelector("dl").replaceChildren(...[...response.headers].map(([name, value]) => {
      const row = document.createElement("div");
      row.append(Object.assign(document.createElement("dt"), { textContent: name }),
        Object.assign(document.createElement("dd"), { textContent: value }));
      return row;
    }));
    let data = null;
    try { data = JSON.parse(text); } catch { /* not JSON: shown as it is */ }
    answer.querySelector("pre").replaceChildren(...pretty(data, text));
    chart(data, response.ok);
    answer.scrollIntoView({ block: "start" });
  };

  const RESOURCES = { dataset_id: "datasets", job_id: "analysis/jobs", user_id: "users", company_id: "companies" };

  // An answer names its job and has no status of its own; what has one and no params is background work.
  const isAnalysis = (data) => !("status" in data) || "params" in data;

  // Indented JSON as text nodes, with the ids of resources as links.
  const pretty = (data, text) => {
    if (data === null) return [text];
    const parts = JSON.stringify(data, null, 2).split(/("(?:dataset_id|job_id|user_id|company_id)": )(\d+)/);
    return parts.map((part, n) => {
      if (n % 3 !== 2) return part;
      const key = parts[n - 1].split('"')[1];
      const resource = key === "job_id" && !isAnalysis(data) ? "jobs" : RESOURCES[key];
      return Object.assign(document.createElement("a"), { href: `/api/v1/${resource}/${part}`, textContent: part });
    });
  };

  const chart = (data, ok) => {
    const frame = answer.querySelector(".chart"), image = frame.querySelector("img");
    frame.hidden = true;
    if (!charts || !ok || !data || !Number.isInteger(data.job_id) || !isAnalysis(data)) return;
    image.onload = () => { frame.hidden = false; };
    image.src = `/api/v1/analysis/jobs/${data.job_id}/chart?format=svg`;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-query]")) {
      form.querySelectorAll("input, select").forEach((field) => { field.disabled = field.value === ""; });
      return;
    }
    if (!form.dataset.send) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      if (form.dataset.body === "json") {
        await send(form.dataset.send, form.action, form.elements._json.value, "application/json");
      } else {
        await send(form.dataset.send, form.action, filled(form));
      }
    } finally {
      button.disabled = false;
    }
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-send], [data-open], [data-close]");
    if (!button) return;
    if (button.dataset.open) return document.getElementById(button.dataset.open).showModal();
    button.closest("dialog")?.close();
    if (!button.dataset.send) return;
    const response = await send(button.dataset.send, location.pathname + location.search);
    if (button.dataset.send === "DELETE" && response.ok) {
      location.assign(location.pathname.replace(/\/[^/]+\/?$/, ""));
    }
  });

  // Labels and what they label belong together: the forms' templates leave that out.
  document.querySelectorAll(".form-group").forEach((group, n) => {
    const label = group.querySelector("label"), control = group.querySelector("input, select, textarea");
    if (label && control && !label.contains(control)) {
      control.id ||= `field-${n}`;
      label.htmlFor = control.id;
    }
  });

  // A page restored from history has its unused query fields back.
  addEventListener("pageshow", () => {
    document.querySelectorAll("[data-query] :disabled").forEach((field) => { field.disabled = false; });
  });
})();
