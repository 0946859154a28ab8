/* What the server cannot do: keep the address in step, put drawings into the page, save them as files. */
(function () {
  "use strict";

  function node(id) { return document.getElementById(id); }

  function save(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  /* The page may not fetch, not even what is in an address; so the bytes are taken out of it here. */
  function blobOf(url) {
    const cut = url.indexOf(","), head = url.slice(5, cut), body = decodeURIComponent(url.slice(cut + 1));
    if (!head.endsWith(";base64")) return new Blob([body], { type: head });
    const raw = atob(body), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new Blob([bytes], { type: head.replace(";base64", "") });
  }

  /* Colours come from the page's style sheet; a drawing that leaves the page takes them along. */
  function alone(svg) {
    const copy = svg.cloneNode(true);
    const from = svg.querySelectorAll("*"), to = copy.querySelectorAll("*");
    const kept = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight",
      "font-family", "paint-order", "stroke-linejoin", "text-anchor", "vector-effect"];
    from.forEach(function (part, i) {
      if (!(part instanceof SVGGraphicsElement)) return;
      const style = getComputedStyle(part);
      to[i].setAttribute("style", kept.map(function (k) { return k + ":" + style.getPropertyValue(k); }).join(";"));
      to[i].removeAttribute("class");
    });
    const box = svg.viewBox.baseVal;
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.removeAttribute("style");
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    paper.setAttribute("width", box.width);
    paper.setAttribute("height", box.height);
    paper.setAttribute("fill", getComputedStyle(document.documentElement).getPropertyValue("--card"));
    copy.insertBefore(paper, copy.firstChild);
    return new XMLSerializer().serializeToString(copy);
  }

  function asPng(name, svg) {
    const box = svg.viewBox.baseVal, picture = new Image();
    picture.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * box.width;
      canvas.height = 2 * box.height;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { save(name + ".png", blob); }, "image/png");
    };
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(alone(svg));
  }

  function saveDrawing(kind, name, figure) {
    const own = figure.querySelector("svg[role=img]");
    if (own) {
      if (kind === "png") asPng(name, own);
      else save(name + ".svg", new Blob([alone(own)], { type: "image/svg+xml" }));
      return;
    }
    const graph = figure.querySelector(".js-plotly-plot");
    if (graph && window.Plotly) {
      const paper = getComputedStyle(document.documentElement).getPropertyValue("--card").trim();
      const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
      const layout = Object.assign({}, graph.layout, { paper_bgcolor: paper, font: { color: ink, size: 13 } });
      window.Plotly.toImage({ data: graph.data, layout: layout }, {
        format: kind, width: graph.clientWidth, height: graph.clientHeight, scale: kind === "png" ? 2 : 1,
      }).then(function (url) { save(name + "." + kind, blobOf(url)); });
    }
  }

  document.addEventListener("click", function (event) {
    const saver = event.target.closest("[data-save]");
    if (saver) {
      const figure = saver.closest("figure");
      const name = (figure.querySelector("figcaption") || figure).textContent.trim().slice(0, 40)
        .replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase() || "figure";
      saveDrawing(saver.dataset.save, name, figure);
      return;
    }
    const land = event.target.closest(".picks [data-code]");
    if (land) window.dash_clientside.set_props("world-picked", { data: { code: land.dataset.code, at: Date.now() } });
  });

  /* Dash's own controls, mended for those who hear or type: what is hidden takes no focus, boxes to tick are a group
     of boxes rather than a list of options, and the chooser of files has a name. */
  function mend() {
    document.querySelectorAll(".dash-dropdown-focus-target[tabindex='0']").forEach(function (part) { part.tabIndex = -1; });
    document.querySelectorAll(".dash-checklist[role=listbox]").forEach(function (part) {
      part.setAttribute("role", "group");
      const legend = part.closest("fieldset") && part.closest("fieldset").querySelector("legend");
      part.setAttribute("aria-label", legend ? legend.textContent : "choices");
    });
    document.querySelectorAll(".dash-checklist label[role], .dash-checklist label[aria-selected]").forEach(function (label) {
      label.removeAttribute("role");
      label.removeAttribute("aria-selected");
    });
    document.querySelectorAll("input[type=file]:not([aria-label])").forEach(function (part) {
      part.setAttribute("aria-label", "File with the announcement");
      part.tabIndex = -1;
    });
  }
  let due = false;
  new MutationObserver(function () {
    if (due) return;
    due = true;
    requestAnimationFrame(function () { due = false; mend(); });
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected", "role", "tabindex"],
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    workbench: {
      /* The address bar holds the state of the page that is shown, without a step in the history. */
      address: function (path) {
        const kept = { "/answer": arguments[1], "/world": arguments[2], "/record": arguments[3], "/scenario": arguments[4] };
        const search = kept[path];
        if (search && window.location.search !== search && window.location.pathname === path) {
          window.history.replaceState(window.history.state, "", path + search);
        }
        return window.dash_clientside.no_update;
      },
      /* A drawing of the server's own making goes into its place. */
      draw: function (svg, id) {
        const place = node(id);
        if (place) place.innerHTML = svg || "";
        return window.dash_clientside.no_update;
      },
      copy: function (clicks) {
        if (!clicks) return window.dash_clientside.no_update;
        const said = node("copied");
        const done = function () { if (said) { said.textContent = "Copied"; setTimeout(function () { said.textContent = ""; }, 2500); } };
        const failed = function () { window.prompt("Copy this address:", window.location.href); };
        if (navigator.clipboard) navigator.clipboard.writeText(window.location.href).then(done, failed);
        else failed();
        return window.dash_clientside.no_update;
      },
      /* From one page to the next: to its top, and its name to those who hear it. */
      arrive: function (path) {
        const names = { "/": "Ask", "/answer": "Answer", "/world": "World", "/record": "Record", "/scenario": "Scenario" };
        document.title = (names[path] ? names[path] + " · " : "") + "Multialign workbench";
        return window.dash_clientside.no_update;
      },
    },
  });
})();
