// Shows code; copies it, or selects it where the clipboard is refused.
function render({ model, el }) {
  el.classList.add("survey-code");
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const words = model.get("words");
  const button = document.createElement("button");
  button.textContent = words.copy;
  button.className = "jupyter-button lm-mod-small";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const area = document.createElement("textarea");
  area.readOnly = true;
  area.setAttribute("aria-label", words.label);
  const draw = () => {
    area.value = model.get("code");
    area.rows = area.value.split("\n").length + 1;
    said.textContent = "";
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(area.value);
      said.textContent = words.copied;
    } catch {
      area.focus();
      area.select();
      said.textContent = words.refused;
    }
  });
  model.on("change:code", draw);
  el.append(button, said, area);
  draw();
  return () => model.off("change:code", draw);
}
export default { render };
