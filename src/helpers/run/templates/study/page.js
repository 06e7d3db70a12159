// A table that does not scroll is no stop for the keyboard.
(() => {
  const regions = document.querySelectorAll(".scroll");
  const settle = (region) => {
    if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  };
  // Opened parts, late scripts and a turned phone change what fits.
  const sizes = new ResizeObserver((changes) => changes.forEach(({ target }) => settle(target.closest(".scroll"))));
  regions.forEach((region) => {
    settle(region);
    [region, ...region.children].forEach((part) => sizes.observe(part));
  });
})();
