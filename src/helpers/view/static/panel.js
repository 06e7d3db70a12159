// Shows markup; says which part with a data-code was clicked or chosen with a key.
function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "survey-panel";
  // Keys pressed here are not commands of the notebook.
  frame.setAttribute("data-lm-suppress-shortcuts", "true");
  const draw = () => {
    const active = frame.contains(document.activeElement) && document.activeElement.dataset.code;
    frame.innerHTML = model.get("markup");
    if (active) {
      const again = frame.querySelector(`[data-code="${CSS.escape(active)}"]`);
      if (again) again.focus({ preventScroll: true });
    }
  };
  const choose = (event) => {
    const part = event.target.closest("[data-code]");
    if (!part || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ choose: part.dataset.code });
  };
  frame.addEventListener("click", choose);
  frame.addEventListener("keydown", choose);
  model.on("change:markup", draw);
  el.append(frame);
  draw();
  return () => model.off("change:markup", draw);
}
export default { render };
