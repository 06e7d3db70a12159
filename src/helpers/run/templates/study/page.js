// A table that does not scroll is no stop for the keyboard.
(() => {
  const regions = document.querySelectorAll(".scroll");
  const settle = () => regions.forEach((region) => {
    if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  });
  settle();
  addEventListener("resize", settle);
})();
