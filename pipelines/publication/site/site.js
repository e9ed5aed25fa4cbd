/* Search, filter and order over all records, for index.html. The page can be read without it.
   Data come by script elements, as a page opened from a file may load nothing else; they are parsed as JSON and shown
   as text, never as mark-up. The form of the data: pipelines/publication/site/record_list/data_files.py. */
"use strict";

(() => {
  const form = document.getElementById("find");
  if (!form) return;
  const byId = (id) => document.getElementById(id);
  const ON_A_PAGE = 30;
  const CLAIMS_SHOWN = 3;
  const COUNT_CLAIMS_OF = 2000; // records; of more, their claims are not counted
  const QUIET = 700; // milliseconds without a change until a screen reader is told
  const REFERENCES = ["found", "misdescribed", "likely fabricated", "unfindable", "unreachable"];
  const PAGE_NAME = /^[a-z0-9][a-z0-9-]*\.html$/;
  const STYLES = new Set(["good", "bad", "split", "open", "none"]);
  const whole = new Intl.NumberFormat("en-GB");
  const count = (number, word) => `${whole.format(number)} ${word}${number === 1 ? "" : "s"}`;

  // The verdicts stand in the head of the table, in the order of the data.
  const verdicts = [...document.querySelectorAll("#list th[data-style]")].map((head) => ({
    sign: head.querySelector(".sign").textContent,
    word: head.lastChild.textContent.trim(),
    style: head.dataset.style,
  }));

  // --- text, as it is searched ------------------------------------------------------------------

  const ASCII = /^[\x00-\x7f]*$/;

  /** Lower case, without accents, each run of other characters one blank: " clover mulch 31 ". */
  function folded(text) {
    const lower = text.toLowerCase();
    if (ASCII.test(lower)) return ` ${lower.replace(/[^a-z0-9]+/g, " ").trim()} `;
    return ` ${lower.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  }

  // Scripts that put no blank between words are searched anywhere, the others from the start of a word.
  const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
  const needle = (word) => (UNSPACED.test(word) ? word : ` ${word}`);

  /** What was typed as needles: each must occur. A phrase in quotation marks is one. */
  function needles(typed) {
    const found = [];
    for (const [, phrase, word] of typed.matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]?|([^"“”„«»]+)/g)) {
      const text = folded(phrase ?? word).trim();
      if (text) found.push(...(phrase === undefined ? text.split(" ").map(needle) : [needle(text)]));
    }
    return [...new Set(found)].slice(0, 40);
  }

  const has = (text, wanted) => wanted.every((one) => text.includes(one));

  // --- data -------------------------------------------------------------------------------------

  const records = [];
  const claimsOf = new Map(); // key of a record to {claims, texts: each folded, text: all of these}
  const waiting = new Map();
  const loads = {};
  let lost = 0; // files that did not come
  let unsearched = 0; // records of which not all claims can be searched

  globalThis.claimgateData = (kind, number, text) => {
    const name = `${kind}-${number}`;
    if (!waiting.has(name)) return; // not asked for, or here already
    const data = JSON.parse(text);
    if (kind === "records") takeRecords(data);
    else takeClaims(data);
    waiting.delete(name); // last: what cannot be read did not come
  };

  function takeRecords(data) {
    const gates = data.gates.map(([title, sign, word, style]) => ({ title, sign, word, style, label: `${title}: ${word}` }));
    for (const line of data.lines) {
      const [page, title, publisher, date, cohort, synthetic, counts, references, score, tier, held, said, question, ids, leftOut] = line;
      if (!PAGE_NAME.test(page)) continue;
      const [errors, warnings, corrections] = said;
      if (leftOut) unsearched += 1;
      const titleText = folded(title);
      records.push({
        page, title, publisher, date, cohort, synthetic, counts, references, score, tier, errors, warnings, corrections, titleText,
        key: page.slice(page.lastIndexOf("-") + 1, -5),
        gates: held.map((place) => gates[place]),
        text: [titleText, folded(question ?? ""), folded(publisher ?? ""), folded(ids)].join("\n"),
        share: counts[0] ? counts[1] / counts[0] : null,
      });
    }
  }

  function takeClaims(data) {
    for (const [key, claims] of data) {
      const texts = claims.map((claim) => folded(claim[2]));
      claimsOf.set(key, { claims, texts, text: texts.join("\n") });
    }
  }

  /** Loads a kind of data once; the promise holds when every file of it came or failed. */
  function load(kind) {
    loads[kind] ??= Promise.all(
      form.dataset[kind].split(" ").map(
        (version, number) =>
          new Promise((done) => {
            const name = `${kind}-${number}`;
            const script = document.createElement("script");
            waiting.set(name, true);
            const ended = () => {
              script.remove();
              if (waiting.delete(name)) lost += 1; // it failed, or was not what it should be
              done();
            };
            script.addEventListener("load", ended);
            script.addEventListener("error", ended);
            script.src = `search/${name}.js?${version}`;
            document.head.append(script);
          }),
      ),
    ).then(() => {
      loads[kind].done = true;
      if (kind === "records") records.sort(newestFirst);
    });
    return loads[kind];
  }

  // --- what is asked for ------------------------------------------------------------------------

  const FIELDS = [...form.elements].filter((field) => field.name);
  const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? field.value : "") : field.value.trim());
  let first = 0; // the first record shown of those found

  function asked() {
    return Object.fromEntries(FIELDS.map((field) => [field.name, valueOf(field)]).filter(([, value]) => value));
  }

  function inWords(field) {
    const name = field.parentElement.firstChild.textContent.trim();
    return field.type === "checkbox" ? field.parentElement.textContent.trim() : `${name}: ${field.selectedOptions[0].textContent}`;
  }

  const COUNTED = { refuted: 2, disputed: 3, open: 4, unchecked: 5 };
  const OF_REFERENCES = { misdescribed: 1, fabricated: 2, unfindable: 3, retracted: 5 };
  const TESTS = {
    claims: (wanted) =>
      wanted === "supported" ? (one) => one.counts[0] > 0 && one.counts[1] === one.counts[0] : (one) => one.counts[COUNTED[wanted]] > 0,
    references: (wanted) => (one) => one.references[OF_REFERENCES[wanted]] > 0,
    gate: (wanted) => (one) => one.gates.some((gate) => gate.label === wanted),
    tier: (wanted) => (one) => one.tier === wanted,
    month: (wanted) => (one) => one.cohort === wanted,
    publisher: (wanted) => (one) => one.publisher === wanted,
    synthetic: (wanted) => (one) => Boolean(one.synthetic) === (wanted === "only"),
    corrected: () => (one) => one.corrections > 0,
    errors: () => (one) => one.errors > 0,
  };

  const ascending = (one, other) => (one < other ? -1 : Number(one > other));
  /** By a number that may be absent: absent ones last, whichever way. */
  const by = (value, way) => (one, other) => {
    const [a, b] = [value(one.record), value(other.record)];
    return a === null || b === null ? (a === null) - (b === null) : way * (a - b);
  };
  const score = (record) => (record.score ? record.score[0] : null);
  // What is equal stays newest first, as the records stand.
  const ORDERS = {
    "": (one, other) => one.rank - other.rank,
    newest: () => 0,
    oldest: (one, other) => ascending(one.record.date ?? "a", other.record.date ?? "a"), // undated last
    title: (one, other) => ascending(one.record.titleText, other.record.titleText),
    "score-down": by(score, -1),
    "score-up": by(score, 1),
    "share-down": by((record) => record.share, -1),
    "share-up": by((record) => record.share, 1),
    refuted: by((record) => record.counts[2], -1),
    corrections: by((record) => record.corrections, -1),
  };
  const newestFirst = (one, other) => ascending(other.date ?? "", one.date ?? "") || ascending(one.titleText, other.titleText);

  /** The records that fit, in order: {record, rank, claims: those that hold the words, null if not looked for yet}. */
  function search(wanted) {
    const tests = Object.entries(TESTS).filter(([name]) => wanted[name]).map(([name, test]) => test(wanted[name]));
    const words = needles(wanted.q ?? "");
    const found = [];
    for (const record of records) {
      if (!tests.every((test) => test(record))) continue;
      const hit = words.length ? matched(record, words) : { record, rank: 0, claims: null };
      if (hit) found.push(hit);
    }
    return found.sort(ORDERS[wanted.sort ?? ""]);
  }

  /** A record fits if each word stands in its head or, those that do not, together in one of its claims. */
  function matched(record, words) {
    const missing = words.filter((word) => !record.text.includes(word));
    const rank = has(record.titleText, words) ? 0 : 1;
    if (!missing.length) return { record, rank, claims: null };
    // All of a record's claims at once first: most have no claim to look at one by one.
    const held = claimsOf.get(record.key);
    if (!held || !has(held.text, missing)) return null;
    if (words.length === 1) return { record, rank, claims: null };
    const all = holding(held, words);
    if (all.length) return { record, rank, claims: all };
    const rest = holding(held, missing);
    return rest.length ? { record, rank: 2, claims: rest } : null;
  }

  const holding = (held, wanted) => held.claims.filter((_, place) => has(held.texts[place], wanted));

  /** The claims that hold the words; looked for when they are needed, as thousands of records may fit. */
  function claimsIn(hit, words) {
    const held = claimsOf.get(hit.record.key);
    hit.claims ??= held && words.length && has(held.text, words) ? holding(held, words) : [];
    return hit.claims;
  }

  // --- the list ---------------------------------------------------------------------------------

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  const sign = (text) => element("span", { class: "sign", "aria-hidden": "true" }, text);
  const absent = (text) => element("span", { class: "absent" }, text);
  const styled = (style) => (STYLES.has(style) ? style : "none");
  const cell = (label, ...children) => element("td", { role: "cell", "data-label": label }, ...children);

  function rows(hit, words) {
    const below = claimsIn(hit, words).length ? [element("tr", { role: "row", class: "below" }, element("td", { role: "cell", colspan: "10" }, claimList(hit, words)))] : [];
    return [row(hit.record), ...below];
  }

  function row(record) {
    const head = element("th", { scope: "row", role: "rowheader" }, element("a", { href: record.page, dir: "auto" }, record.title), " ", remarks(record));
    const gates = record.gates.length
      ? element("ul", { class: "plain" }, ...record.gates.map((gate) => element("li", {}, `${gate.title}: `, element("span", { class: styled(gate.style) }, sign(gate.sign), ` ${gate.word}`))))
      : element("span", { class: "note" }, absent("no gate evaluated"));
    return element(
      "tr", { role: "row" }, head, ...countCells(record.counts), cell("References", ...referenceLine(record.references)),
      cell("Score", ...scoreLine(record.score)), cell("Tier", record.tier ? tierWord(record.tier) : absent("not rated"), " ", gates),
    );
  }

  function remarks(record) {
    const note = element("span", { class: "note" }, element("bdi", {}, record.publisher ?? "publisher not stated"), " · ", record.date ? element("time", {}, record.date) : "undated");
    if (record.synthetic) note.prepend(element("b", {}, "synthetic"), " · ");
    if (record.errors) note.append(` · ${count(record.errors, "error")}`);
    if (record.warnings) note.append(` · ${count(record.warnings, "warning")}`);
    if (record.corrections) note.append(` · ${count(record.corrections, "correction")}`);
    return note;
  }

  function countCells(counts) {
    return counts.map((number, place) =>
      element(
        "td",
        { role: "cell", class: place > 1 && !number ? "number zero" : "number", "data-label": place ? verdicts[place - 1].word : "extracted" },
        whole.format(number),
      ),
    );
  }

  function referenceLine(counts) {
    const parts = REFERENCES.map((word, place) => (counts[place] ? `${whole.format(counts[place])} ${word}` : "")).filter(Boolean);
    const line = [parts.length ? parts.join(", ") : absent("none audited")];
    if (counts[5]) line.push(" ", element("strong", { class: "chip alarm" }, sign("⊘"), ` ${whole.format(counts[5])} retracted`));
    return line;
  }

  function scoreLine(held) {
    if (!held) return [absent("no score")];
    const [value, low, high] = held;
    const spread = low === null || high === null || low === high ? null : element("span", { class: "spread" }, `(${low.toFixed(2)} to ${high.toFixed(2)})`);
    return [value.toFixed(2), spread && " ", spread];
  }

  const tierWords = new Map([...form.elements.tier.options].map((option) => [option.value, option.textContent]));
  const tierWord = (tier) => tierWords.get(tier) ?? tier;

  function claimList(hit, words) {
    const list = element("ul", { class: "hits", "aria-label": "Claims with these words" });
    for (const [ordinal, verdict, text] of hit.claims.slice(0, CLAIMS_SHOWN)) {
      const { sign: mark, word, style } = verdicts[verdict];
      const link = element("a", { href: `${hit.record.page}#claim-${Number(ordinal)}` }, `Claim ${Number(ordinal)}`);
      const said = element("span", { class: `outcome ${style}` }, sign(mark), ` ${word}`);
      list.append(element("li", {}, link, " ", said, ": ", element("span", { dir: "auto" }, ...marked(text, words))));
    }
    const more = hit.claims.length - CLAIMS_SHOWN;
    if (more > 0) list.append(element("li", {}, element("a", { href: `${hit.record.page}#claims` }, `${count(more, "more claim")} of this record`)));
    return list;
  }

  /** The text with the words that were asked for in mark elements. */
  function marked(text, words) {
    const starts = words.flatMap((one) => one.trim().split(" ")).map(needle);
    const parts = [];
    let end = 0;
    for (const found of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
      const word = folded(found[0]);
      if (!starts.some((start) => word.includes(start))) continue;
      parts.push(text.slice(end, found.index), element("mark", {}, found[0]));
      end = found.index + found[0].length;
    }
    return [...parts, text.slice(end)];
  }

  function totalsRow(found) {
    const sum = (field) => {
      const sums = [0, 0, 0, 0, 0, 0];
      for (const hit of found) for (let place = 0; place < sums.length; place += 1) sums[place] += hit.record[field][place];
      return sums;
    };
    return element(
      "tr", { role: "row" }, element("th", { scope: "row", role: "rowheader" }, "All that were found"), ...countCells(sum("counts")),
      cell("References", ...referenceLine(sum("references"))), element("td", { role: "cell" }), element("td", { role: "cell" }),
    );
  }

  const [newestRows, foundRows, totals] = [byId("newest"), byId("found"), byId("totals")];
  const allTotals = [...totals.children];
  const startText = byId("counted").textContent;
  let announcing = 0;

  function say(text) {
    byId("counted").textContent = text;
    clearTimeout(announcing);
    announcing = setTimeout(() => (byId("announced").textContent = text), QUIET);
  }

  function showList() {
    const wanted = asked();
    const set = FIELDS.filter((field) => field.name in TESTS && wanted[field.name]).map(inWords);
    byId("filters-set").textContent = set.length ? ` · ${set.join(" · ")}` : "";
    const idle = !Object.keys(wanted).length;
    newestRows.hidden = !idle;
    foundRows.hidden = idle;
    byId("continued")?.toggleAttribute("hidden", !idle);
    byId("unloaded").hidden = idle || !lost;
    if (idle) return showStart();
    if (!loads.records?.done) return say("Loading the list of records …");
    const found = search(wanted);
    first = Math.min(first, Math.floor(Math.max(0, found.length - 1) / ON_A_PAGE) * ON_A_PAGE);
    const words = needles(wanted.q ?? "");
    foundRows.replaceChildren(...found.slice(first, first + ON_A_PAGE).flatMap((hit) => rows(hit, words)));
    totals.replaceChildren(...(found.length ? [totalsRow(found)] : []));
    turn(found.length);
    say(outcome(found, words));
  }

  function showStart() {
    foundRows.replaceChildren();
    totals.replaceChildren(...allTotals);
    byId("turn").hidden = true;
    byId("counted").textContent = startText;
    clearTimeout(announcing);
    byId("announced").textContent = "";
  }

  function outcome(found, words) {
    const few = found.length <= COUNT_CLAIMS_OF;
    const claims = few && words.length ? found.reduce((sum, hit) => sum + claimsIn(hit, words).length, 0) : 0;
    const beyond = words.length ? unsearched : 0;
    return [
      found.length ? `${whole.format(found.length)} of ${count(records.length, "record")}` : `None of ${count(records.length, "record")}`,
      words.length && loads.claims?.done ? (few ? `, ${count(claims, "claim")} with these words` : " with these words") : "",
      words.length && !loads.claims?.done ? "; still loading the claims …" : "",
      beyond ? `. Of ${count(beyond, "record")} with very many claims, only the first claims are searched` : "",
    ].join("");
  }

  function turn(length) {
    byId("turn").hidden = length <= ON_A_PAGE;
    byId("back").disabled = first === 0;
    byId("on").disabled = first + ON_A_PAGE >= length;
    byId("place").textContent = `${whole.format(first + 1)} to ${whole.format(Math.min(first + ON_A_PAGE, length))} of ${whole.format(length)}`;
  }

  // --- events -----------------------------------------------------------------------------------

  /** The address keeps what is asked for, so that a search can be linked. */
  function keep() {
    const state = new URLSearchParams({ ...asked(), ...(first ? { from: String(first + 1) } : {}) }).toString();
    history.replaceState(null, "", state ? `#${state}` : location.pathname + location.search);
  }

  let latest = 0;
  async function loadAndShow() {
    const mine = ++latest;
    showList();
    const wanted = asked();
    const kinds = Object.keys(wanted).length ? (wanted.q ? ["records", "claims"] : ["records"]) : [];
    for (const kind of kinds.filter((one) => !loads[one]?.done)) {
      kinds.forEach(load);
      await load(kind);
      if (mine === latest) showList();
    }
  }

  let keeping = 0;
  function changed() {
    first = 0;
    clearTimeout(keeping);
    keeping = setTimeout(keep, 200); // a browser refuses an address that changes with each key
    return loadAndShow();
  }

  function move(by) {
    first = Math.max(0, first + by);
    keep();
    showList();
    byId("list").focus();
    byId("list").scrollIntoView();
  }

  function readAddress() {
    const fragment = location.hash.slice(1);
    if (fragment && !fragment.includes("=")) return; // a place on the page
    const state = new URLSearchParams(fragment);
    for (const field of FIELDS) {
      const value = state.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value.slice(0, 600);
      if (field.selectedIndex === -1) field.value = ""; // no such choice
    }
    first = Math.floor(Math.max(0, (Number.parseInt(state.get("from") ?? "1", 10) || 1) - 1) / ON_A_PAGE) * ON_A_PAGE;
    loadAndShow();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  // Who comes to the form will use it: the list of records is there by then.
  form.addEventListener("focusin", () => load("records"), { once: true });
  byId("back").addEventListener("click", () => move(-ON_A_PAGE));
  byId("on").addEventListener("click", () => move(ON_A_PAGE));
  addEventListener("hashchange", readAddress);
  form.hidden = false;
  readAddress();
})();
