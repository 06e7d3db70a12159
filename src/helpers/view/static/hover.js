// Says what a part of a figure shows: under the pointer, when tapped, or with the arrow keys.
(() => {
  const tip = document.createElement("p");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  const show = (target, x, y) => {
    tip.textContent = target.getAttribute("aria-label");
    tip.hidden = false;
    const left = Math.min(x + 12, document.documentElement.clientWidth - tip.offsetWidth - 8);
    const above = y + 16 + tip.offsetHeight > innerHeight;
    tip.style.left = `${Math.max(left, 8)}px`;
    tip.style.top = `${above ? y - 8 - tip.offsetHeight : y + 16}px`;
  };
  const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.querySelectorAll("svg.targets").forEach((drawing) => {
    const targets = [...drawing.querySelectorAll("path")];
    targets.forEach((target, place) => {
      const title = target.querySelector("title");
      target.setAttribute("aria-label", title.textContent);
      title.remove();
      target.setAttribute("tabindex", place ? "-1" : "0");
      target.addEventListener("focus", () => {
        const box = target.getBoundingClientRect();
        show(target, box.left + box.width / 2, box.top + box.height / 2);
      });
      target.addEventListener("blur", hide);
    });
    drawing.addEventListener("pointermove", (event) => {
      const target = event.target.closest("path");
      if (target) show(target, event.clientX, event.clientY);
    });
    drawing.addEventListener("pointerleave", hide);
    drawing.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
      const next = targets[targets.indexOf(event.target) + keys[event.key]];
      if (!next) return;
      event.preventDefault();
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
})();
