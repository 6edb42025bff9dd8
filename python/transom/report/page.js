// page.js — the report's plots and its table of tensors. A tensor's histogram is drawn when it is opened.
"use strict";
{
  const {figures, colours, raw, stored, causes, ways} = JSON.parse(document.getElementById("data").textContent);
  const networks = figures.networks;
  const find = id => document.getElementById(id);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const codings = networks.map(n => Object.keys(n.codings)).reduce((a, b) => [...new Set([...a, ...b])]);
  const named = coding => coding === stored ? "as it was given" : coding;
  const short = (text, most = 60) => text.length <= most ? text : "…" + text.slice(-most);
  // plotly takes texts for markup of its own
  const safe = text => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const count = n => Math.round(n).toLocaleString("en");
  const OTHER = "#7B8794";  // the colour of a coding that has none
  const phone = matchMedia("(max-width: 600px)");

  // --- plots -------------------------------------------------------------------------------------
  const drawn = new Map();  // id -> what makes its layout, for when the colours change

  function axis(title, more) {
    const line = {gridcolor: colour("--edge"), zerolinecolor: colour("--edge"), linecolor: colour("--field")};
    return {title: {text: title, font: {size: 12}}, automargin: true, ticks: "outside", ...line, ...more};
  }

  function layout(x, y, more) {
    return {
      font: {family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("--ink")},
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: {l: 48, r: 8, t: 30, b: 40}, height: 420,
      modebar: {bgcolor: "rgba(0,0,0,0)", color: colour("--field"), activecolor: colour("--ink")},
      hovermode: "closest", dragmode: phone.matches ? false : "zoom",
      hoverlabel: {align: "left", bgcolor: colour("--card"), bordercolor: colour("--field"), font: {color: colour("--ink")}},
      legend: {orientation: "h", x: 0, y: -0.24, yanchor: "top"}, xaxis: x, yaxis: y, ...more,
    };
  }

  function draw(id, data, look) {
    drawn.set(id, look);
    Plotly.react(id, data, look(), {displaylogo: false, responsive: true, displayModeBar: phone.matches ? false : "hover"});
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const [id, look] of drawn) if (find(id)) Plotly.relayout(id, look());
  });

  // A bar for each coding: of one network in places of their own, of several beside each other.
  function ratios() {
    const alone = networks.length === 1;
    const x = networks.map(n => safe(short(n.name, phone.matches ? 14 : 30)));
    const data = codings.map(c => ({
      type: "bar", name: named(c), x: alone ? [named(c)] : x, y: networks.map(n => n.codings[c]?.ratio ?? null),
      texttemplate: alone ? "%{y:.3f}" : "", textposition: "inside", insidetextfont: {color: "#FFF"}, showlegend: !alone,
      marker: {color: colours[c] ?? OTHER}, customdata: networks.map(n => n.codings[c] ? count(n.codings[c].bytes) : ""),
      hovertemplate: `<b>${named(c)}</b><br>ratio %{y:.4f}<br>%{customdata} bytes<extra></extra>`,
    }));
    const bounds = [
      ["best coding of each tensor", "diamond-wide", "dot", n => n.best.ratio],
      ["entropy, tables not counted", "line-ew-open", "solid", n => n.entropy_bytes ? n.raw_bytes / n.entropy_bytes : null],
    ];
    for (const [name, symbol, dash, ratio] of bounds) {
      const y = networks.map(ratio);
      data.push({
        type: "scatter", mode: alone ? "lines" : "markers", name, x: alone ? codings.map(named) : x, y: alone ? codings.map(() => y[0]) : y,
        marker: {symbol, size: 14, color: colour("--ink"), line: {width: 3, color: colour("--ink")}},
        line: {width: 1.5, dash, color: "#D55E00"}, hovertemplate: `${name}: ratio %{y:.4f}<extra></extra>`,
      });
    }
    const look = () => layout(axis("", {type: "category"}), axis("ratio, everything counted", {rangemode: "tozero"}), {
      barmode: alone ? "overlay" : "group", bargap: 0.15, bargroupgap: 0.1,
    });
    draw("ratios", data, look);
  }

  // How far coder and quantiser move the ratio: a row each, on one axis.
  function spreads() {
    const with_ways = networks.filter(n => n.quantisers);
    if (!with_ways.length) { find("spreads").remove(); return; }
    const many = with_ways.length > 1;
    const data = [];
    for (const n of with_ways) {
      const label = what => (many ? safe(short(n.name, 24)) + ": " : "") + what;
      const row = (what, of, words, color) => {
        const x = Object.values(of).map(one => one.ratio);
        data.push({
          type: "scatter", mode: "lines+markers", x, y: x.map(() => label(what)), showlegend: false, text: Object.keys(of).map(words),
          marker: {size: 13, color, opacity: 0.85, line: {width: 1, color: "#FFF"}}, line: {width: 5, color: color + "40"},
          hovertemplate: "%{text}<br>ratio %{x:.4f}<extra></extra>",
        });
      };
      row("quantisers", n.quantisers.ways, way => ways[way], "#D55E00");
      row("coders", n.quantisers.codings, c => c, "#0072B2");
    }
    const height = 110 + 74 * with_ways.length;
    draw("spreads", data, () => layout(axis("ratio of the weights"), axis("", {type: "category"}), {height, hovermode: "closest"}));
  }

  function bits(network) {
    const tensors = network.tensors;
    const x = tensors.map((_, i) => i + 1);
    const text = tensors.map(t => `<b>${safe(short(t.name))}</b><br>${t.dtype}, ${count(t.values)} values`);
    const mine = Object.keys(network.codings);
    const best = mine.filter(c => c !== stored).reduce((a, b) => network.codings[b].bytes < network.codings[a].bytes ? b : a);
    const data = mine.map(c => ({
      type: "scatter", mode: "markers", name: named(c), x, y: tensors.map(t => t.codings[c].bits_per_value), text,
      visible: c === best || c === stored || c === raw ? true : "legendonly",
      marker: {size: 8, color: colours[c] ?? OTHER, symbol: c === raw ? "line-ew-open" : "circle", line: {width: c === raw ? 2 : 0}},
      hovertemplate: `%{text}<br>${named(c)}: %{y:.3f} bits per value<extra></extra>`,
    }));
    data.unshift({
      type: "bar", name: "entropy", x, y: tensors.map(t => t.entropy_bits), text, textposition: "none", marker: {color: "#56B4E9", opacity: 0.45},
      hovertemplate: "%{text}<br>entropy: %{y:.3f} bits per value<extra></extra>",
    });
    const width = Math.max(...tensors.map(t => 8 * t.raw_bytes / Math.max(t.values, 1)), 1);
    const top = Math.min(2 * width, 1.08 * Math.max(...tensors.map(t => t.codings[best].bits_per_value), width));
    draw("bits", data, () => layout(axis("tensor"), axis("bits per value", {range: [0, top]})));
  }

  // Shares of a tensor's cycles: what no stall is, gave values. Lanes of decoder_axi stall each by itself.
  function shares(network, tensor) {
    const unit = network.unit.unit, layer = tensor.unit;
    const all = layer.cycles * (unit.kind === "wide" ? 1 : unit.streams);
    const of = causes.map(cause => all ? (layer.stalls[cause.name] ?? 0) / all : 0);
    of[0] = Math.max(0, 1 - of.reduce((a, b) => a + b, 0));
    return of;
  }

  function stalls(network) {
    const tensors = network.tensors;
    const text = tensors.map(t => `<b>${safe(short(t.name))}</b><br>${count(t.unit.cycles)} cycles, ` +
      `${t.unit.values_per_cycle.toPrecision(4)} values per cycle, ${t.unit.coding}`);
    const of = tensors.map(t => shares(network, t));
    const data = causes.map((cause, i) => ({
      type: "bar", name: cause.words, x: tensors.map((_, k) => k + 1), y: of.map(share => share[i]), text, textposition: "none",
      marker: {color: cause.colour}, hovertemplate: `%{text}<br>${cause.words}: %{y:.1%}<extra></extra>`,
    }));
    const look = () => layout(axis("tensor"), axis("share of cycles", {tickformat: ".0%", range: [0, 1]}), {barmode: "stack", bargap: 0.08});
    draw("stalls", data, look);
  }

  function histogram(id, tensor) {
    const {start, step, counts} = tensor.histogram;
    const x = counts.map((_, i) => start + step * (i + 0.5) - 0.5);
    const name = /^(bf|fp)/.test(tensor.dtype) ? "exponent" : "value";
    const data = [{
      type: "bar", x, y: counts, width: step, marker: {color: "#0072B2"},
      customdata: counts.map((_, i) => step > 1 ? `${start + step * i} to ${start + step * (i + 1) - 1}` : `${start + i}`),
      hovertemplate: `${name} %{customdata}: %{y:,}<extra></extra>`,
    }];
    const look = () => layout(axis(name), axis("values"), {
      height: 300, bargap: 0, margin: {l: 44, r: 6, t: 26, b: 36}, showlegend: false,
      shapes: tensor.ranges.map(at => ({
        type: "line", x0: at - 0.5, x1: at - 0.5, y0: 0, y1: 1, yref: "paper", line: {color: "#D55E00", width: 1, dash: "dot"},
      })),
    });
    draw(id, data, look);
  }

  // --- the table of tensors ----------------------------------------------------------------------
  function make(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function spark(counts) {
    const n = 36, per = Math.max(1, Math.ceil(counts.length / n));
    const bins = Array.from({length: Math.ceil(counts.length / per)}, (_, i) => counts.slice(i * per, (i + 1) * per).reduce((a, b) => a + b, 0));
    const top = Math.max(...bins, 1), wide = 72 / Math.max(bins.length, 1);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 72 20");
    svg.setAttribute("class", "spark");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", bins.map((b, i) => `M${(i * wide).toFixed(2)} 20v${(-20 * b / top).toFixed(2)}h${(0.86 * wide).toFixed(2)}V20z`).join(""));
    svg.append(path);
    return svg;
  }

  const best = t => t.codings[t.best];
  const stall = (n, t) => causes.slice(1).reduce((a, b) => (t.unit.stalls[b.name] ?? 0) > (t.unit.stalls[a.name] ?? 0) ? b : a);
  const simulated = networks[0].unit !== null;
  const COLUMNS = [
    {title: "#", value: row => row.order, text: row => String(row.index + 1), number: true},
    {title: "tensor", value: row => row.tensor.name},
    {title: "network", value: row => row.network.name, hidden: networks.length === 1, phoneless: true},
    {title: "kind", word: true, value: row => row.tensor.kind, phoneless: true, hidden: networks.every(n => n.tensors.every(t => !t.kind))},
    {title: "dtype", word: true, value: row => row.tensor.dtype, phoneless: true},
    {title: "shape", value: row => row.tensor.values, text: row => row.tensor.shape.join("×"), phoneless: true},
    {title: "values", value: row => row.tensor.values, text: row => count(row.tensor.values), number: true, phoneless: true},
    {title: "histogram", value: row => row.tensor.entropy_bits, phoneless: true},
    {title: "entropy", value: row => row.tensor.entropy_bits, text: row => row.tensor.entropy_bits.toFixed(3), number: true, phoneless: true},
    {title: "bits", value: row => best(row.tensor).bits_per_value, text: row => best(row.tensor).bits_per_value.toFixed(3), number: true},
    {title: "ratio", value: row => best(row.tensor).ratio, text: row => best(row.tensor).ratio.toFixed(3), number: true},
    {title: "best coding", word: true, value: row => row.tensor.best, phoneless: true},
    {title: "per cycle", value: row => row.tensor.unit.values_per_cycle, text: row => row.tensor.unit.values_per_cycle.toFixed(2), number: true, hidden: !simulated},
    {title: "main stall", value: row => stall(row.network, row.tensor).words, phoneless: true, hidden: !simulated},
  ].filter(column => !column.hidden);

  const rows = networks.flatMap((network, k) => network.tensors.map((tensor, index) => ({network, tensor, index, id: `histogram-${k}-${index}`})));
  rows.forEach((row, i) => { row.order = i; });
  let sorted = COLUMNS[0], direction = 1;

  const classes = column => [column.number && "n", column.word && "word", column.phoneless && "phoneless"].filter(Boolean).join(" ");

  function cell(column, row) {
    const td = make("td", {className: classes(column)});
    if (column.title === "tensor") {
      td.className = "name";
      td.append(make("button", {textContent: row.tensor.name, title: row.tensor.name, type: "button"}));
    } else if (column.title === "histogram") td.append(spark(row.tensor.histogram.counts));
    else td.textContent = (column.text ?? column.value)(row);
    return td;
  }

  function line(row) {
    if (row.line) return row.line;
    row.line = make("tr", {className: "tensor"}, ...COLUMNS.map(column => cell(column, row)));
    row.line.querySelector("button").setAttribute("aria-expanded", "false");
    row.line.addEventListener("click", () => toggle(row));
    return row.line;
  }

  function toggle(row) {
    const open = row.detail?.isConnected;
    row.line.querySelector("button").setAttribute("aria-expanded", String(!open));
    if (open) { row.detail.remove(); row.open = false; return; }
    row.open = true;
    if (!row.detail) row.detail = detail(row);
    row.line.after(row.detail);
    histogram(row.id, row.tensor);
  }

  function detail(row) {
    const {tensor, network} = row;
    const about = make("div", {className: "all"}, make("b", {textContent: tensor.name}), make("br"), facts(tensor));
    const plot = make("div", {}, make("div", {className: "plot", id: row.id}));
    if (tensor.ranges.length) plot.append(make("span", {className: "quiet", textContent: `dotted: the ${tensor.ranges.length} ranges of ${tensor.best}`}));
    const side = make("div", {}, sizes(tensor));
    const parts = [about, plot, side];
    if (tensor.unit) parts.push(make("div", {className: "all"}, ...unit(network, tensor)));
    const td = make("td", {colSpan: COLUMNS.length}, make("div", {className: "detail"}, ...parts));
    return make("tr", {className: "open"}, td);
  }

  function facts(tensor) {
    const words = [tensor.kind, tensor.dtype, tensor.shape.join("×"), `${count(tensor.values)} values`, `entropy ${tensor.entropy_bits.toFixed(4)} bits`];
    words.push(tensor.quantiser ? `quantiser: ${tensor.quantiser}` : "the manifest has no quantiser");
    if (tensor.at_ends !== null) words.push(`${(100 * tensor.at_ends).toFixed(2)} % at the ends of the type`);
    return make("span", {className: "quiet", textContent: words.filter(Boolean).join(" · ")});
  }

  function sizes(tensor) {
    const head = make("tr", {}, ...["coding", "R", "rows", "bytes", "bits", "ratio"].map((title, i) => make("th", {textContent: title, className: (i ? "n" : "") + (title === "rows" ? " phoneless" : "")})));
    const body = Object.entries(tensor.codings).map(([name, of]) => {
      const own = of.coding === name || name === stored;
      const words = named(name) + (own ? "" : ` (stored ${of.coding})`);
      const title = make(name === tensor.best ? "b" : "span", {textContent: words, className: name === tensor.best ? "best" : ""});
      const rest = [of.table_log, of.rows, count(of.bytes), of.bits_per_value.toFixed(3), of.ratio.toFixed(3)];
      return make("tr", {}, make("td", {}, title), ...rest.map((text, i) => make("td", {className: i === 1 ? "n phoneless" : "n", textContent: text})));
    });
    return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
  }

  function unit(network, tensor) {
    const layer = tensor.unit, of = shares(network, tensor);
    const bar = make("div", {className: "bar"}), key = make("div", {className: "key"});
    causes.forEach((cause, i) => {
      bar.append(make("span", {style: `width:${100 * of[i]}%;background:${cause.colour}`, title: cause.words}));
      key.append(make("span", {}, make("i", {style: `background:${cause.colour}`}), `${cause.words} ${(100 * of[i]).toFixed(1)} %`));
    });
    const words = `The unit: ${layer.values_per_cycle.toPrecision(4)} values per cycle, ${count(layer.cycles)} cycles, ` +
      `${count(layer.bytes_read)} bytes read (ratio ${layer.ratio.toPrecision(4)}) as ${layer.coding}, R = ${layer.table_log}, ` +
      `${layer.rows} rows; gain over reading raw ${layer.gain.toPrecision(3)}${layer.gain < 1 ? ": a slowdown" : ""}`;
    return [make("span", {textContent: words}), bar, key];
  }

  function show() {
    const network = networks[find("network").selectedIndex - (networks.length > 1)];
    const kind = find("kind").value, wanted = find("filter").value.toLowerCase();
    const text = row => [row.tensor.name, row.tensor.dtype, row.tensor.best, row.network.name].join("\n").toLowerCase();
    const shown = rows.filter(row => (!network || row.network === network) && (!kind || row.tensor.kind === kind) && text(row).includes(wanted));
    const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
    shown.sort((a, b) => direction * compare(sorted.value(a), sorted.value(b)));
    find("tensors").tBodies[0].replaceChildren(...shown.flatMap(row => row.open ? [line(row), row.detail] : [line(row)]));
    find("shown").textContent = `${shown.length} of ${rows.length} tensors`;
    for (const th of find("tensors").tHead.rows[0].cells) {
      const own = th.textContent === sorted.title;
      if (own) th.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending"); else th.removeAttribute("aria-sort");
    }
  }

  function sort(column) {
    direction = column === sorted ? -direction : column.number && column.title !== "#" ? -1 : 1;
    sorted = column;
    show();
  }

  function choose() {
    const at = find("network").selectedIndex - (networks.length > 1);
    const network = networks[Math.max(at, 0)];
    bits(network);
    if (simulated) stalls(network);
    show();
  }

  find("tensors").tHead.append(make("tr", {}, ...COLUMNS.map(column => {
    const th = make("th", {textContent: column.title, className: classes(column)});
    th.addEventListener("click", () => sort(column));
    return th;
  })));
  find("network").append(...(networks.length > 1 ? [make("option", {textContent: "all (plots: the first)"})] : []), ...networks.map(n => make("option", {textContent: n.name})));
  const kinds = [...new Set(rows.map(row => row.tensor.kind).filter(Boolean))];
  find("kind").append(make("option", {textContent: "all", value: ""}), ...kinds.map(kind => make("option", {textContent: kind, value: kind})));
  find("network").addEventListener("change", choose);
  find("kind").addEventListener("change", show);
  find("filter").addEventListener("input", show);
  ratios();
  spreads();
  choose();
}
