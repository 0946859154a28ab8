"use strict";
(function () {
  var open = null, wait = 0, anchor = null;
  function card(id) { return document.getElementById("c-" + id); }
  function light(id, on) {
    document.querySelectorAll("mark[data-over]").forEach(function (m) {
      if (m.dataset.over.split(" ").indexOf(id) >= 0) m.classList.toggle("lit", on);
    });
  }
  function place(pop, at) {
    pop.classList.add("placed");
    var w = pop.offsetWidth, h = pop.offsetHeight, gap = 8;
    var x = Math.min(Math.max(gap, at.left), window.innerWidth - w - gap);
    var y = at.bottom + gap + h > window.innerHeight && at.top - gap - h > 0 ? at.top - gap - h : at.bottom + gap;
    pop.style.left = Math.max(gap, x) + "px";
    pop.style.top = y + "px";
  }
  function show(id, at) {
    var pop = card(id);
    if (!pop || !pop.showPopover) return;
    window.clearTimeout(wait);
    if (open !== pop) {
      hide();
      pop.showPopover();
    }
    anchor = at;
    place(pop, at());
  }
  function hide() { if (open && open.matches(":popover-open")) open.hidePopover(); }
  function later() { window.clearTimeout(wait); wait = window.setTimeout(hide, 250); }
  document.querySelectorAll(".pop").forEach(function (pop) {
    pop.addEventListener("toggle", function (e) {
      var shown = e.newState === "open";
      light(pop.dataset.id, shown);
      if (shown) {
        open = pop;
        var label = document.getElementById("l-" + pop.dataset.id);
        if (!pop.classList.contains("placed") && label) {
          anchor = function () { return label.getBoundingClientRect(); };
          place(pop, anchor());
        }
      } else {
        pop.classList.remove("placed");
        if (open === pop) open = null;
      }
    });
    pop.addEventListener("mouseenter", function () { window.clearTimeout(wait); });
    pop.addEventListener("mouseleave", later);
  });
  document.querySelectorAll("mark[data-over]").forEach(function (m) {
    var id = m.dataset.over.split(" ")[0];
    function here(e) {
      var boxes = m.getClientRects(), line = 0;
      for (var i = 0; i < boxes.length; i++) if (e.clientY >= boxes[i].top && e.clientY <= boxes[i].bottom) line = i;
      show(id, function () {
        var box = m.getClientRects()[line] || m.getBoundingClientRect();
        return { left: e.clientX, top: box.top, bottom: box.bottom };
      });
    }
    m.addEventListener("mouseenter", here);
    m.addEventListener("click", here);
    m.addEventListener("mouseleave", later);
  });
  document.querySelectorAll("button.label").forEach(function (b) {
    var id = b.id.slice(2);
    function here() { show(id, function () { return b.getBoundingClientRect(); }); }
    b.addEventListener("mouseenter", here);
    b.addEventListener("mouseleave", later);
    b.addEventListener("focus", function () { if (b.matches(":focus-visible")) here(); });
    b.addEventListener("blur", later);
    b.addEventListener("click", function (e) { e.preventDefault(); here(); });
  });
  function follow() { if (open && anchor) place(open, anchor()); }
  document.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", follow);
})();
