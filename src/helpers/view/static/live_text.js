// Words, numbers and looks of one estimate, from the data of a live page.
// A cell with a number is a list: number of a text, estimate, interval, base, mark, note;
// one without is the key of its state, or a reading with its own words.
class LiveText {
  constructor(data) {
    this.data = data;
    this.words = data.words;
  }

  static fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
  }

  static wrap(text, width) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.join("\n");
  }

  fill(name, values) {
    return LiveText.fill(this.words[name], values);
  }

  about(question, answer) {
    return this.fill("about", { question, answer });
  }

  // A number as the language of the page writes it.
  number(value, decimals = 0) {
    const [whole, part] = value.toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, this.data.marks.thousands);
    return part ? grouped + this.data.marks.decimal + part : grouped;
  }

  isKnown(cell) {
    return Array.isArray(cell);
  }

  isTold(cell) {
    return !["not_published", "no_base"].includes(this.data.absent[cell]?.state);
  }

  short(cell, scale) {
    return this.number(cell[0], scale.decimals) + scale.sign;
  }

  interval(cell, scale) {
    if (cell[2] === null) return "";
    return [cell[2], cell[3]].map((edge) => this.number(edge, scale.decimals + 1)).join("–");
  }

  // The base, unless it would give a withheld number away.
  base(cell) {
    return cell[4] ? this.number(cell[4]) : this.words.secret;
  }

  missing(cell) {
    return cell.words || this.data.absent[cell].words;
  }

  note(cell) {
    return this.isKnown(cell) ? this.data.notes[cell[6]]?.words || "" : this.missing(cell);
  }

  mark(cell) {
    return this.isKnown(cell) && cell[5] ? this.words[cell[5]] : "";
  }

  // Value, interval and base; or why there is none.
  value(cell, scale) {
    if (!this.isKnown(cell)) return this.missing(cell);
    const value = this.number(cell[1], scale.decimals + 1) + scale.sign;
    const interval = this.interval(cell, scale);
    return this.fill(interval ? "value" : "fixed", { value, interval, n: this.base(cell) });
  }

  // What hovering says.
  tip(name, cell, scale) {
    const lines = [name, this.value(cell, scale), this.mark(cell)];
    if (this.isKnown(cell)) lines.push(this.note(cell));
    return lines.filter(Boolean).join("\n");
  }

  hatch(hatch) {
    return `url(#live-hatch-${Object.keys(this.data.hatches).indexOf(hatch)})`;
  }

  // Fill, hatch and label of a zone of the map.
  look(cell, scale, breaks, colours) {
    if (!this.isKnown(cell)) {
      const absent = cell.words ? { state: "reading" } : this.data.absent[cell];
      const state = this.data.states[absent.state], hatch = this.hatch(state.hatch);
      return { state, secret: absent.secret, fill: state.fill, hatch, label: cell.label || "" };
    }
    let rank = 0;
    while (rank < colours.length - 1 && cell[0] >= breaks[rank + 1]) rank += 1;
    const sign = { h: "▲ ", l: "▼ " }[cell[5]] || "";
    const value = this.number(cell[0], scale.decimals) + scale.short;
    const care = this.data.notes[cell[6]]?.care ? "*" : "";
    return { fill: colours[rank], hatch: "transparent", label: `${sign}${value}${care}` };
  }

  // Swatch or sign, and words, of each line of the legend of a map.
  explain(areas, scale, breaks, colours) {
    const known = areas.filter((area) => !area.state), lines = [];
    const total = this.number(areas.length);
    if (known.length)
      colours.forEach((colour, rank) => {
        const [low, high] = [0, 1].map((next) => this.number(breaks[rank + next], scale.decimals));
        lines.push([[colour], this.fill("range", { low, high: high + scale.sign })]);
      });
    for (const state of Object.values(this.data.states)) {
      const count = areas.filter((area) => area.state === state).length;
      const secret = state === this.data.states.suppress && areas.some((area) => area.secret);
      const words = { label: secret ? this.words.withheld : state.label, count: this.number(count), total };
      if (count) lines.push([[state.fill, this.hatch(state.hatch)], this.fill("count", words)]);
    }
    const signs = { "*": (area) => area.label.endsWith("*"), "▲": (area) => area.cell[5] === "h",
      "▼": (area) => area.cell[5] === "l" };
    for (const [sign, holds] of Object.entries(signs))
      if (known.some(holds)) lines.push([sign, this.words[sign]]);
    return lines;
  }

  // One sentence on what is drawn.
  say(title, rows, whole, scale) {
    const known = rows.filter((row) => this.isKnown(row.cell)), parts = [];
    if (whole && this.isKnown(whole))
      parts.push(this.about(this.words.everybody, this.value(whole, scale)));
    if (known.length) {
      const top = known.reduce((a, b) => (b.cell[1] > a.cell[1] ? b : a));
      parts.push(this.fill("highest", { name: top.name, value: this.value(top.cell, scale) }));
    }
    for (const mark of ["h", "l"]) {
      const names = known.filter((row) => row.cell[5] === mark).map((row) => row.name);
      if (names.length) parts.push(this.about(this.words[mark], names.join(", ")));
    }
    const count = rows.length - known.length;
    if (count) parts.push(this.fill("without", { count: this.number(count), total: this.number(rows.length) }));
    const text = parts.join(this.words.next);
    return `${title}. ${text[0].toUpperCase()}${text.slice(1)}.`;
  }
}
