"use strict";
{
  const page = document, all = (what, where = page) => [...where.querySelectorAll(what)];
  const data = JSON.parse(page.getElementById("data").textContent);
  const DAY = 1440, say = (key, facts = {}) => data.texts[key].replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  page.body.classList.add("live");

  // ---- tables: sorted by any column; what is missing stays last

  const value = (row, column) => {
    const cell = row.cells[column];
    return "v" in cell.dataset ? (cell.dataset.v === "" ? null : Number(cell.dataset.v)) : cell.textContent.trim();
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));

  for (const head of all("th")) head.firstElementChild.addEventListener("click", () => {
    const column = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
    for (const other of all("th", head.parentElement)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows].map(row => [value(row, column), row]);
    rows.sort(([a], [b]) => a === b ? 0 : a === null || a === "" ? 1 : b === null || b === "" ? -1 : down ? order(b, a) : order(a, b));
    body.append(...rows.map(([, row]) => row));
  });

  // ---- the filter: every word must be in a row's own text, in every section; a comma begins another choice

  const box = page.getElementById("filter"), said = page.querySelector("output");
  const found = all("[data-find]").map(item => [item, (item.matches("figure") ? item.querySelector("h3") : item).textContent.toLowerCase()]);
  const filter = () => {
    const choices = box.value.toLowerCase().split(",").map(part => part.split(/\s+/).filter(Boolean)).filter(words => words.length);
    for (const [item, text] of found) item.hidden = choices.length > 0 && !choices.some(words => words.every(word => text.includes(word)));
    const rows = all("#newest tbody tr"), shown = rows.filter(row => !row.hidden).length;
    said.textContent = choices.length ? say("shown", { n: shown, all: rows.length }) : "";
    draw();
  };
  box.addEventListener("input", filter);

  // ---- the points of a card: minutes since 1970, price, and the snapshot it is of

  const series = data.series.map(one => {
    const off = new Set(one.off ?? []);
    const points = one.n ? one.n.map((n, k) => ({ t: data.at[n], p: one.p[k], n, off: off.has(k) })) : one.t.map((t, k) => ({ t, p: one.p[k], n: -1 }));
    return { ...one, points };
  });
  const days = basis => basis === "stated-day" || basis === "given-day";
  const dated = (style) => {
    try { return new Intl.DateTimeFormat(data.lang, { ...style, timeZone: data.zone }); }
    catch { return new Intl.DateTimeFormat(data.lang, { ...style, timeZone: "UTC" }); }
  };
  const iso = dated({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const stamp = t => {
    const part = Object.fromEntries(iso.formatToParts(t * 60000).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  };
  const when = point => stamp(point.t).slice(0, point.n >= 0 && days(data.basis[point.n]) ? 10 : 16)
    + (point.n >= 0 && data.basis[point.n] === "published" ? ` ${say("or later")}` : "");
  const number = p => p.toLocaleString(data.lang, { maximumSignificantDigits: 12 });
  const short = p => {
    const large = data.units.find(([unit]) => Math.abs(p) >= unit);
    return large ? (p / large[0]).toLocaleString(data.lang, { maximumFractionDigits: 2 }) + large[1] : p.toLocaleString(data.lang, { maximumSignificantDigits: 4 });
  };

  // ---- the span that all charts show

  const last = Math.max(...series.flatMap(one => one.points.slice(-1).map(point => point.t)));
  const own = page.getElementById("own"), ends = ["from", "to"].map(id => page.getElementById(id));
  const span = () => {
    const choice = page.querySelector("#span input:checked")?.value;
    if (choice === "year" || choice === "month") return [last - (choice === "year" ? 365 : 30) * DAY, Infinity];
    if (choice !== "own") return [-Infinity, Infinity];
    const at = (text, later) => text ? Date.parse(`${text}T00:00Z`) / 60000 - offset(Date.parse(`${text}T00:00Z`)) + later : NaN;
    const [from, to] = [at(ends[0].value, 0), at(ends[1].value, DAY)];
    return [Number.isNaN(from) ? -Infinity : from, Number.isNaN(to) ? Infinity : to];
  };
  const offset = ms => (Date.parse(`${stamp(ms / 60000).replace(" ", "T")}Z`) - ms) / 60000;
  const sure = points => points.some(point => !point.off) ? points.filter(point => !point.off) : points;  // what is off the market moves no axis
  const within = (one, [from, to]) => one.points.filter(point => point.t >= from && point.t < to);

  // ---- drawing

  const round = x => Math.round(x * 10) / 10;
  const ticks = (low, high, most) => {
    const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map(n => n * power).find(n => n >= rough);
    const list = [];
    for (let n = Math.ceil(low / step); n * step <= high; n++) list.push(n * step);
    return list;
  };
  const path = (points, join, x, y) => points.map((point, k) => `${k && point.t - points[k - 1].t <= join ? "L" : "M"}${round(x(point.t))} ${round(y(point.p))}`).join("");
  const sheet = (points, wide, high, right, names) => {
    const values = sure(points).map(point => point.p), times = points.map(point => point.t);
    let [low, top] = [Math.min(...values), Math.max(...values)], [from, to] = [Math.min(...times), Math.max(...times)];
    const air = (top - low) * 0.08 || Math.abs(top) * 0.05 || 1;
    low = Math.max(0, low - air); top += air;
    if (from === to) { from -= DAY / 2; to += DAY / 2; }
    const marks = ticks(low, top, Math.max(2, high / 45)), left = 12 + 6.5 * Math.max(...marks.map(tick => short(tick).length));
    const x = t => left + (t - from) / (to - from) * (wide - left - right), y = p => Math.max(6, Math.min(high - 20, 6 + (top - p) / (top - low) * (high - 26)));
    const beyond = p => p > top ? "\u25b2" : p < low ? "\u25bc" : "";
    const grid = marks.map(tick => `<path d="M${round(left)} ${round(y(tick))}H${wide - right}" style="stroke:var(--grid)"/><text x="${round(left - 5)}" y="${round(y(tick) + 4)}" text-anchor="end">${short(tick)}</text>`).join("");
    const dates = `<text x="${round(left)}" y="${high - 4}">${stamp(from).slice(0, 10)}</text><text x="${wide - right}" y="${high - 4}" text-anchor="end">${stamp(to).slice(0, 10)}</text>`;
    return { x, y, beyond, left, svg: `${grid}${stamp(from).slice(0, 10) === stamp(to).slice(0, 10) ? dates.slice(0, dates.indexOf("</text>") + 7) : dates}${names ?? ""}` };
  };
  const dot = (point, x, y, colour, hollow) => `<circle cx="${round(x(point.t))}" cy="${round(y(point.p))}" r="2.4" style="stroke:${colour};fill:${hollow ? "none" : colour}"/>`;
  const odd = (point, x, y, beyond) => beyond(point.p)
    ? `<text x="${round(x(point.t))}" y="${round(y(point.p) + 4)}" text-anchor="middle" style="fill:var(--ink)">${beyond(point.p)}</text>`
    : `<circle cx="${round(x(point.t))}" cy="${round(y(point.p))}" r="4.5" style="stroke:var(--ink);fill:none"/>`;
  const lines = (points, join, x, y, wide, beyond) => {
    const sites = [...new Set(points.map(point => point.n < 0 ? -1 : data.site[point.n]))];
    return sites.map(site => {
      const every = points.filter(point => (point.n < 0 ? -1 : data.site[point.n]) === site), mine = every.filter(point => !point.off);
      const colour = `var(${site < 0 ? "--series-0" : data.marks[site % data.marks.length]})`;
      const known = mine.filter(point => point.n < 0 || data.basis[point.n] !== "published"), unsure = mine.filter(point => !known.includes(point));
      const lone = (list, k) => !(list[k - 1] && list[k].t - list[k - 1].t <= join) && !(list[k + 1] && list[k + 1].t - list[k].t <= join);
      const dots = known.filter((_, k) => known.length * 6 < wide || lone(known, k)).map(point => dot(point, x, y, colour)).join("");
      const hollow = unsure.map(point => dot(point, x, y, colour, true)).join("");
      const rings = every.filter(point => point.off).map(point => odd(point, x, y, beyond)).join("");
      return `<path d="${path(known, join, x, y)}" style="fill:none;stroke:${colour};stroke-width:1.5"/>${dots}${hollow}${rings}`;
    }).join("");
  };
  const label = (card, one) => `${card.querySelector("h3").firstChild.textContent.trim()}, ${say("keys")}`;

  const cards = all("[data-series]").map(card => ({ card, one: series[Number(card.dataset.series)], picture: card.querySelector(".picture"), read: card.querySelector(".read"), extremes: card.querySelector(".extremes") }));
  const drawCard = view => {
    const { card, one, picture, read } = view, points = within(one, span()), wide = picture.clientWidth || 320, high = 150;
    read.textContent = "";
    if (!points.length) { picture.textContent = say("no points"); view.extremes.hidden = true; return; }
    const { x, y, beyond, svg } = sheet(points, wide, high, 6);
    picture.innerHTML = `<svg class="chart" viewBox="0 0 ${wide} ${high}" tabindex="0" role="slider" aria-valuemin="1" aria-valuemax="${points.length}">${svg}${lines(points, one.join, x, y, wide, beyond)}<g class="at"></g></svg>`;
    const drawn = picture.firstChild;
    drawn.setAttribute("aria-label", label(card, one));
    extremes(view, sure(points));
    let place = points.length - 1;
    const at = k => {
      place = Math.max(0, Math.min(points.length - 1, k));
      const point = points[place], link = point.n >= 0 ? data.url[point.n] : "";
      const text = `${when(point)}  ${number(point.p)} ${one.unit}  ${point.n < 0 ? say("median") : data.sites[data.site[point.n]]}${point.off ? `  ${say("off")}` : ""}`;
      drawn.setAttribute("aria-valuenow", place + 1);
      drawn.setAttribute("aria-valuetext", text);
      return { point, link, text };
    };
    const show = k => {
      const { point, link, text } = at(k);
      drawn.querySelector(".at").innerHTML = `<path d="M${round(x(point.t))} 4V${high - 20}" style="stroke:var(--muted);stroke-dasharray:2 2"/><circle cx="${round(x(point.t))}" cy="${round(y(point.p))}" r="4" style="fill:var(--ink)"/>`;
      read.textContent = text;
      if (link) {
        const anchor = page.createElement("a");
        Object.assign(anchor, { href: link, rel: "noopener noreferrer nofollow", textContent: say("open") });
        read.append(" ", anchor);
      }
      read.removeAttribute("aria-hidden");
    };
    const near = event => {
      const box = drawn.getBoundingClientRect(), to = (event.clientX - box.left) * wide / box.width, up = (event.clientY - box.top) * high / box.height;
      let best = 0, least = Infinity;
      points.forEach((point, k) => { const far = Math.abs(x(point.t) - to) * 4 + Math.abs(y(point.p) - up); if (far < least) [best, least] = [k, far]; });
      return best;
    };
    at(place);
    drawn.addEventListener("pointermove", event => show(near(event)));
    drawn.addEventListener("pointerdown", event => show(near(event)));
    drawn.addEventListener("focus", () => show(place));
    drawn.addEventListener("keydown", event => {
      const to = { ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1, Home: 0, End: points.length - 1, PageUp: place + 10, PageDown: place - 10 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    });
  };

  const extremes = (view, points) => {
    const words = view.words ??= view.extremes.textContent.match(/^(.*?) [\d.,]+ \(.*?\), (.*?) [\d.,]+ \(.*?\), (.*?) \S+ %$/);
    if (!words) return;
    const low = points.reduce((a, b) => b.p < a.p ? b : a), high = points.reduce((a, b) => b.p > a.p ? b : a);
    const change = (points.at(-1).p / points[0].p - 1) * 100, sign = change > 0 ? "+" : change < 0 ? "\u2212" : "";
    view.extremes.textContent = `${words[1]} ${number(low.p)} (${stamp(low.t).slice(0, 10)}), ${words[2]} ${number(high.p)} (${stamp(high.t).slice(0, 10)}), ${words[3]} ${sign}${Math.abs(change).toLocaleString(data.lang, { maximumFractionDigits: 1 })} %`;
    view.extremes.hidden = false;
  };

  // ---- a card's data as CSV, made of what stands in this page

  for (const { card, one } of cards) {
    const button = card.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const quoted = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const guarded = text => quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
      const rows = one.points.map(({ t, p, n }) => [new Date(t * 60000).toISOString(), String(p), one.unit, ...(n < 0 ? ["median", "", ""] : [data.sites[data.site[n]], data.basis[n], data.url[n]])].map(guarded).join(","));
      const blob = new Blob(["\ufeffobserved_at,price,currency,site,time_basis,url\n", rows.join("\n"), "\n"], { type: "text/csv" });
      const anchor = Object.assign(page.createElement("a"), { href: URL.createObjectURL(blob), download: `${one.coin.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv` });
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
    });
  }

  // ---- the comparison of the coins chosen: the median of each day over the first of the span

  const compared = page.querySelector("#comparison .picture"), chosen = page.getElementById("chosen");
  const daily = points => {
    const byDay = new Map();
    for (const point of points) byDay.set(Math.floor(point.t / DAY), [...(byDay.get(Math.floor(point.t / DAY)) ?? []), point.p]);
    return [...byDay].map(([day, list]) => ({ t: (day + 0.5) * DAY, p: list.sort((a, b) => a - b)[list.length >> 1], n: -1 }));
  };
  const boxes = !chosen ? [] : series.slice(0, 24).map((one, k) => {
    const label = page.createElement("label"), box = Object.assign(page.createElement("input"), { type: "checkbox", checked: k < 5 });
    label.append(box, " ", one.coin, " ", page.createElement("i"));
    chosen.append(label);
    box.addEventListener("change", () => drawCompared());
    return { box, one, label };
  });
  const drawCompared = () => {
    if (!boxes.length) return;
    const picked = boxes.filter(({ box }) => box.checked).slice(0, 8), wide = compared.clientWidth || 640, high = Math.min(360, 150 + wide / 6);
    for (const { box } of boxes) box.disabled = !box.checked && picked.length >= 8;
    for (const { label } of boxes) label.querySelector("i").style.borderColor = "transparent";
    const indexed = picked.map(({ one, label }, k) => {
      label.querySelector("i").style.borderColor = `var(--series-${k})`;
      const points = daily(sure(within(one, span())));
      return { coin: one.coin, join: Math.max(3 * DAY, one.join), points: points.map(point => ({ ...point, p: point.p / points[0].p * 100 })) };
    }).filter(({ points }) => points.length);
    if (!indexed.length) { compared.textContent = say("no points"); return; }
    const { x, y, svg } = sheet(indexed.flatMap(({ points }) => points).concat({ t: indexed[0].points[0].t, p: 100 }), wide, high, 60);
    const heights = indexed.map(({ points }) => y(points.at(-1).p)), places = [...heights.keys()].sort((a, b) => heights[a] - heights[b]);
    places.forEach((k, n) => { if (n) heights[k] = Math.max(heights[k], heights[places[n - 1]] + 13); });
    const over = Math.max(0, heights[places.at(-1)] - (high - 24));
    const drawn = indexed.map(({ points, join, coin }, k) => {
      const colour = `var(--series-${k})`, name = page.createElement("i");
      name.textContent = coin.slice(0, 8);
      return `<path d="${path(points, join, x, y)}" style="fill:none;stroke:${colour};stroke-width:1.5"/><text x="${wide - 54}" y="${round(heights[k] - over + 4)}" style="fill:${colour}">${name.innerHTML}</text>`;
    }).join("");
    compared.innerHTML = `<svg class="chart" viewBox="0 0 ${wide} ${high}" role="img">${svg}<path d="M0 ${round(y(100))}H${wide - 60}" style="stroke:var(--muted)"/>${drawn}</svg>`;
    compared.firstChild.setAttribute("aria-label", indexed.map(({ coin }) => coin).join(", "));
  };

  const draw = () => { for (const view of cards) if (!view.card.hidden) drawCard(view); drawCompared(); };
  const spans = page.getElementById("span");
  if (spans) spans.addEventListener("input", () => { own.hidden = page.querySelector("#span input:checked").value !== "own"; draw(); });
  let width = 0;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; draw(); } });
  if (chosen) chosen.hidden = false;
  page.querySelector(".tools").hidden = false;
  filter();
}
