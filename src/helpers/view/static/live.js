// Explorers of a page: what is chosen is drawn by Vega-Lite, written as a table and said.
class LiveExplorer {
  constructor(section) {
    this.section = section;
    this.data = JSON.parse(section.querySelector("script[type='application/json']").textContent);
    this.text = new LiveText(this.data);
    this.words = this.data.words;
    this.chosen = this.data.first;
    this.results = new Map();
    this.queue = Promise.resolve();
    this.build();
    this.react();
    window.addEventListener("resize", () => {
      clearTimeout(this.timer);
      if (Math.abs(section.clientWidth - this.width) < 20) return;
      this.timer = setTimeout(() => this.redraw(), 200);
    });
  }

  get survey() { return this.data.surveys[this.chosen.survey]; }
  get wave() { return this.survey.waves[this.chosen.wave]; }
  get question() { return this.wave.questions.find((item) => item.id === this.chosen.question); }
  get mode() { return this.chosen.shown.split(":")[0]; } // by, of or all
  get by() { return this.chosen.shown.split(":")[1]; }
  get places() { return this.wave.breakdowns[this.by]; }
  get scale() { return this.data.scales[this.question.unit]; }

  build() {
    const make = (tag, name, text = "") =>
      Object.assign(document.createElement(tag), { className: `live-${name}`, textContent: text });
    const add = (parent, tag, name) => (this[name] = parent.appendChild(make(tag, name)));
    const drawn = add(this.section, "div", "drawn");
    drawn.hidden = true;
    add(drawn, "fieldset", "controls").append(make("legend", "legend", this.words.controls));
    this.selects = ["survey", "wave", "question", "shown", "answer", "domain"].map((name) => {
      const label = this.controls.appendChild(make("label", name));
      label.append(this.words[name] || "", document.createElement("select"));
      label.lastChild.addEventListener("change", (event) => {
        this.chosen[name] = event.target.value;
        this.react();
      });
      return [name, label, label.lastChild];
    });
    for (const [tag, name] of [["p", "title"], ["p", "source"], ["p", "wording"], ["p", "said"]])
      add(drawn, tag, name);
    this.said.setAttribute("role", "status");
    const pictures = add(drawn, "div", "pictures");
    add(add(pictures, "figure", "territory"), "div", "map");
    add(this.territory, "ul", "signs");
    add(add(pictures, "figure", "rows"), "div", "chart");
    add(this.rows, "figcaption", "filled");
    add(drawn, "div", "table").tabIndex = 0;
    this.table.setAttribute("role", "region");
    add(drawn, "p", "rule");
    const patterns = Object.values(this.data.hatches).map((path, place) =>
      `<pattern id="live-hatch-${place}" width="8" height="8" patternUnits="userSpaceOnUse">` +
      `<path d="${path}" stroke="#8C8C8C" stroke-width="1.2"/></pattern>`);
    add(drawn, "div", "patterns").innerHTML =
      `<svg width="0" height="0" aria-hidden="true"><defs>${patterns.join("")}</defs></svg>`;
  }

  // Values and names that a control offers, given those before it.
  list(name) {
    const { question, mode, by } = this, pairs = (ids, names) => ids.map((id, at) => [id, names[at]]);
    const number = (items) => items.map((item, at) => [String(at), item.name]);
    if (name === "survey") return number(this.data.surveys);
    if (name === "wave") return number(this.survey.waves);
    if (name === "question") return this.wave.questions.map((item) => [item.id, item.label]);
    const { tables, answers, names } = question, told = (cell) => this.text.isTold(cell);
    if (name === "shown")
      return Object.keys(tables).flatMap((known) => {
        if (!known) return [["all:", this.words.all]];
        const words = { breakdown: this.wave.breakdowns[known].label.toLowerCase() };
        const one = [[`by:${known}`, this.text.fill("by", words)]];
        return answers.length < 2 ? one : [...one, [`of:${known}`, this.text.fill("of", words)]];
      });
    if (name === "answer" && mode === "by")
      return pairs(answers, names).filter((_, at) => tables[by].some((cells) => told(cells[at])));
    if (name === "domain" && mode === "of")
      return pairs(this.places.codes, this.places.names).filter((_, at) => tables[by][at].some(told));
    return [];
  }

  // Fills each control from those before it; what was chosen stays where it still exists.
  react() {
    for (const [name, label, select] of this.selects) {
      const options = this.list(name), values = options.map(([value]) => value);
      if (values.length && !values.includes(this.chosen[name])) {
        const first = name === "answer" ? this.question.first : "";
        this.chosen[name] = values.includes(first) ? first : values[0];
      }
      if (name === "domain" && this.by) label.firstChild.data = this.places.label;
      select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
      select.value = this.chosen[name];
      label.hidden = options.length < 2;
    }
    this.controls.hidden = this.selects.every(([, label]) => label.hidden);
    this.redraw();
  }

  redraw() {
    this.queue = this.queue.then(() => this.draw()).catch((error) => {
      this.show(false);
      console.error(error);
    });
  }

  // What is drawn takes the place of the still view, unless drawing fails.
  show(drawn) {
    this.drawn.hidden = !drawn;
    this.section.querySelector(".live-still").hidden = drawn;
  }

  // Rows of what is chosen: code, name and cell.
  find() {
    const { question, places, mode, by, chosen } = this, table = question.tables[by];
    const at = question.answers.indexOf(chosen.answer), place = places?.codes.indexOf(chosen.domain);
    if (mode === "by")
      return {
        rows: places.codes.map((code, row) => ({ code, name: places.names[row], cell: table[row][at] })),
        whole: question.tables[""]?.[0][at],
        breaks: by === "region" && question.breaks?.[at],
        title: this.text.about(question.label, question.names[at]),
      };
    const cells = table[mode === "of" ? place : 0], { label } = question;
    return {
      rows: question.answers.map((code, row) => ({ code, name: question.names[row], cell: cells[row] })),
      title: mode === "of" ? this.text.about(label, places.names[place]) : label,
    };
  }

  async draw() {
    const { wave, question } = this, { rows, whole, breaks, title } = this.find();
    this.show(true);
    this.width = this.section.clientWidth;
    this.title.textContent = title;
    this.source.textContent = wave.source;
    this.source.style.color = wave.colour;
    this.wording.textContent = `${question.text} ${this.text.fill("base", { base: question.base })}`;
    this.rule.textContent = wave.rules[question.unit];
    this.drawTable(rows, title);
    this.territory.hidden = !breaks;
    if (breaks) await this.drawMap(rows, breaks, title);
    await this.drawRows(rows, whole, title);
    this.said.textContent = this.text.say(title, rows, whole, this.scale);
  }

  async embed(element, spec, datasets, label) {
    const { thousands, decimal } = this.data.marks, { stamp } = this.wave;
    spec.datasets = { ...datasets, stamp: stamp ? [{ text: stamp }] : [] };
    this.results.get(element)?.finalize();
    const result = await vegaEmbed(element, spec, {
      renderer: "svg", actions: false, ast: true,
      formatLocale: { decimal, thousands, grouping: [3], currency: ["", ""] },
    });
    this.results.set(element, result);
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", label);
    // The words above stand for the picture; its marks would be read out one by one, unnamed.
    element.querySelector("svg").setAttribute("aria-hidden", "true");
    result.view.addEventListener("click", (_, item) => this.open(item?.datum?.code));
  }

  // A click on a zone or row of a breakdown shows all its answers.
  open(code) {
    const shown = `of:${this.by}`;
    if (this.mode !== "by" || !this.list("shown").some(([value]) => value === shown)) return;
    Object.assign(this.chosen, { shown, domain: code });
    this.react();
  }

  async drawMap(rows, breaks, title) {
    const { scale, text } = this, colours = this.data.colours[breaks.length - 1];
    const known = new Map(rows.map((row) => [row.code, row]));
    const areas = this.data.areas.map((area) => {
      const { name, cell } = known.get(area.code), look = text.look(cell, scale, breaks, colours);
      return { type: "Feature", ...area, ...look, cell, tip: text.tip(name, cell, scale) };
    });
    const spec = structuredClone(this.data.specs.map), factor = Math.min(1, this.map.clientWidth / spec.width);
    spec.width *= factor;
    spec.height *= factor;
    spec.projection.scale = factor;
    await this.embed(this.map, spec, { areas }, `${this.words.map}, ${title}`);
    const box = (fill) => `<rect width="24" height="12" stroke="#555555" fill="${fill}"/>`;
    this.signs.replaceChildren(...text.explain(areas, scale, breaks, colours).map(([look, words]) => {
      const line = document.createElement("li"), fills = Array.isArray(look) && look.map(box).join("");
      line.innerHTML = `<svg width="24" height="12" aria-hidden="true">${
        fills || `<text x="12" y="11" text-anchor="middle">${look}</text>`}</svg>`;
      line.append(words);
      return line;
    }));
  }

  async drawRows(rows, whole, title) {
    const { scale, text, mode } = this, width = this.chart.clientWidth, wide = width < 480 ? 18 : 28;
    const colour = this.wave.actor, tested = rows.some((row) => row.cell[5] && text.isKnown(row.cell));
    const drawn = rows.map(({ code, name, cell }) => {
      const row = { code, name: LiveText.wrap(name, wide), tip: text.tip(name, cell, scale), colour, missing: "" };
      if (!text.isKnown(cell)) return { ...row, missing: LiveText.wrap(text.missing(cell), (width - 8 * wide) / 7) };
      const [, value, low, high, , mark] = cell, filled = mode === "all" || ["h", "l"].includes(mark);
      return { ...row, value, low: low ?? value, high: high ?? value, text: text.short(cell, scale),
        fill: filled ? colour : "white" };
    });
    const lines = drawn.flatMap((row) => [row.name, row.missing]).map((words) => words.split("\n").length);
    const height = rows.length * (16 + 14 * Math.max(...lines));
    const spec = Object.assign(structuredClone(this.data.specs[this.question.unit]), { width, height });
    // Without it the rows that hold a number would come first.
    for (const { encoding } of spec.layer)
      if (encoding.y?.field) encoding.y.scale = { domain: drawn.map((row) => row.name) };
    const line = whole && text.isKnown(whole)
      ? [{ value: whole[1], text: text.fill("whole", { value: text.short(whole, scale) }) }] : [];
    await this.embed(this.chart, spec, { rows: drawn, whole: line }, `${this.words.chart}, ${title}`);
    this.filled.textContent = mode === "all" ? "" : this.words[tested ? "filled" : "untested"];
  }

  drawTable(rows, title) {
    const { scale, text, words } = this, table = document.createElement("table");
    const marked = rows.some((row) => text.mark(row.cell)), noted = rows.some((row) => text.note(row.cell));
    const first = this.mode === "by" ? this.places.label : words.answer;
    const heads = [first, scale.heading, words.interval, words.n, ...(marked ? [words.mark] : []),
      ...(noted ? [words.state] : [])];
    table.createCaption().textContent = `${title} — ${this.wave.source}`;
    const head = table.createTHead().insertRow(), body = table.createTBody();
    const put = (row, tag, words, scope) =>
      row.append(Object.assign(document.createElement(tag), scope ? { textContent: words, scope } : { textContent: words }));
    heads.forEach((heading) => put(head, "th", heading, "col"));
    for (const { name, cell } of rows) {
      const row = body.insertRow(), known = text.isKnown(cell);
      put(row, "th", name, "row");
      put(row, "td", known ? text.number(cell[1], scale.decimals + 1) : "");
      put(row, "td", known ? text.interval(cell, scale) : "");
      put(row, "td", known ? text.base(cell) : "");
      if (marked) put(row, "td", text.mark(cell));
      if (noted) put(row, "td", text.note(cell));
    }
    this.table.replaceChildren(table);
    this.table.setAttribute("aria-label", title);
  }
}
document.querySelectorAll("section.live").forEach((section) => new LiveExplorer(section));
