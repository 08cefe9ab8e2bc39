"""The page's style: calm, generous, legible; light and dark; a phone's width and print."""

CSS = """
:root { --ink: #1d2430; --soft: #566072; --paper: #fbfaf7; --card: #ffffff; --line: #dcd9d1; --accent: #1f5f6b;
  --warm: #9a3412; --ok: #1c6b3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --soft: #aab2bf; --paper: #14181e; --card: #1b2129;
  --line: #37404c; --accent: #7cc4cf; --warm: #f2a27a; --ok: #86d3a1; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 system-ui, "Noto Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 0 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .5rem; }
h4 { font-size: .85rem; margin: .75rem 0 .15rem; color: var(--soft); font-weight: 600; }
.lead { font-size: 1.15rem; margin: 0 0 .5rem; max-width: 46rem; }
.warn { color: var(--warm); margin: 0; }
section { margin-top: 3rem; }
p { margin: 0 0 1rem; max-width: 46rem; }
table { width: 100%; border-collapse: collapse; font-size: .95rem; }
th { text-align: left; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
th, td { padding: .5rem .75rem .5rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.soft, footer { color: var(--soft); font-size: .9rem; }
.chart { width: 100%; height: auto; display: block; margin: .5rem 0 1rem; }
.chart text { font-size: 15px; fill: var(--ink); }
.bar { fill: var(--accent); } .axis, .tick { stroke: var(--soft); stroke-width: 1; }
.stay { fill: var(--accent); opacity: .55; } .today { stroke: var(--warm); stroke-width: 2; }
.due { fill: var(--card); stroke: var(--accent); stroke-width: 2; } .chart .mark { font-size: 12px; }
article { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--soft);
  border-radius: 6px; padding: .9rem 1.1rem; margin: 0 0 1rem; break-inside: avoid; }
article h3 { margin: 0 0 .35rem; } article ul { margin: 0; padding-left: 1.2rem; } article p { margin: .5rem 0 0; }
article time { font-weight: 400; color: var(--soft); white-space: nowrap; }
.status { display: inline-block; font-size: .85rem; font-weight: 600; color: var(--soft); margin-right: .35rem; }
.overdue, .forbidden, .late, .exposed, .raised { border-left-color: var(--warm); }
.overdue .status, .forbidden .status, .late .status, .exposed .status { color: var(--warm); }
.due { border-left-color: var(--accent); }
.cost { font-weight: 650; } details { margin: 1.5rem 0; } summary { cursor: pointer; padding: .5rem 0; }
footer { margin-top: 4rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 40rem) {
  body { font-size: 16px; } h1 { font-size: 1.7rem; }
  thead { display: none; } table, tbody, tr, td { display: block; width: 100%; }
  tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  td { border: 0; padding: .1rem 0; } td.n { text-align: left; }
  td::before { content: attr(data-head) ": "; color: var(--soft); font-size: .85rem; }
  .chart text { font-size: 22px; } .chart .mark { font-size: 13px; }
}
@media print { body { background: #fff; color: #000; font-size: 11pt; } main { padding: 0; }
  details > * { display: block; } }
"""
