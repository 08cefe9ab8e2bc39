"""The page's style: calm, generous, legible; light and dark; a phone's width and print."""

CSS = """
:root { --ink: #1d2430; --soft: #566072; --paper: #fbfaf7; --card: #ffffff; --line: #dcd9d1; --track: #ebe8e1;
  --accent: #1f5f6b; --warm: #9a3412; --over: #d98b6a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --soft: #aab2bf; --paper: #14181e; --card: #1b2129;
  --line: #37404c; --track: #262d37; --accent: #7cc4cf; --warm: #f2a27a; --over: #b8643c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 2.3rem; line-height: 1.15; margin: 0 0 .6rem; letter-spacing: -.015em; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .6rem; letter-spacing: -.005em; }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 2rem 0 .5rem; }
h4 { font-size: .85rem; margin: .9rem 0 .15rem; color: var(--soft); font-weight: 600; }
p { margin: 0 0 1rem; max-width: 44rem; }
small { display: block; font-size: .88rem; color: var(--soft); line-height: 1.45; }
section { margin-top: 4rem; }
.lead { font-size: 1.2rem; line-height: 1.45; margin: 0 0 .6rem; }
.warn { color: var(--warm); font-weight: 600; margin: 1rem 0 0; }
.soft, footer, .legend { color: var(--soft); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.6rem 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
  display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles dt { color: var(--soft); font-size: .9rem; line-height: 1.4; }
table { width: 100%; border-collapse: collapse; font-size: .97rem; margin: 0 0 1rem; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .88rem; border-bottom: 2px solid var(--line);
  vertical-align: bottom; }
th, td { padding: .55rem 1.25rem .55rem 0; }
th:last-child, td:last-child { padding-right: 0; }
td { border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.urgent td { padding-top: .8rem; padding-bottom: .8rem; }
.urgent td:first-child { white-space: nowrap; } .urgent td:nth-child(3) { width: 34%; }
.costs span { display: block; color: var(--warm); } .costs span + span { margin-top: .15rem; }
.chart { display: block; width: 100%; margin: 1.2rem 0 1.4rem; overflow: visible; }
.chart text { font-size: 14px; fill: var(--ink); font-variant-numeric: tabular-nums; }
.chart text.soft { fill: var(--soft); font-size: 13px; } .chart text.now { fill: var(--warm); font-weight: 650; }
.bar, .lawful { fill: var(--accent); background: var(--accent); } .bar.now { fill: var(--warm); }
.track { fill: var(--track); }
.axis, .tick { stroke: var(--soft); stroke-width: 1; } .today { stroke: var(--warm); stroke-width: 2; }
.free { fill: var(--paper); stroke: var(--accent); stroke-width: 1.5; background: var(--paper); }
rect.over { fill: url(#over); } .over-paper { fill: var(--paper); } .over-line { fill: var(--over); }
.key { display: inline-block; width: 1.6rem; height: .8rem; margin: 0 .4rem 0 0; border: 1px solid var(--soft);
  vertical-align: -.05rem; print-color-adjust: exact; }
.key + .key, .legend .key:not(:first-child) { margin-left: 1.2rem; }
.key.over { background: repeating-linear-gradient(135deg, var(--over) 0 3px, var(--paper) 3px 7px); }
.legend { margin: 1.4rem 0 0; }
circle { fill: var(--card); stroke: var(--accent); stroke-width: 2; }
circle.missed { fill: var(--warm); stroke: var(--warm); } circle.worse { stroke: var(--warm); stroke-dasharray: 4 3; }
.chart .mark { font-size: 13px; font-weight: 650; } .chart .mark.missed { fill: var(--paper); }
.marks { padding-left: 2rem; } .marks li { margin: .35rem 0; }
.status { font-size: .88rem; font-weight: 650; color: var(--soft); }
li.missed .status, li.worse .status { color: var(--warm); } li.due .status { color: var(--accent); }
article { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--soft);
  border-radius: 8px; padding: 1.1rem 1.3rem; margin: 1rem 0; break-inside: avoid; }
article h3 { margin: 0 0 .35rem; } article .status { display: block; } article p { margin: .6rem 0 0; }
article time { font-weight: 400; color: var(--soft); white-space: nowrap; }
ul { margin: 0; padding-left: 1.2rem; } li { max-width: 46rem; }
.overdue, .forbidden, .late, .exposed, .raised { border-left-color: var(--warm); }
.overdue .status, .forbidden .status, .late .status, .exposed .status, .raised .status { color: var(--warm); }
article.due { border-left-color: var(--accent); } article.due .status { color: var(--accent); }
.cost { font-weight: 650; } details { margin: 2rem 0; }
summary { cursor: pointer; padding: .6rem 0; font-weight: 600; }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
footer { margin-top: 4rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 44rem) {
  body { font-size: 16px; } main { padding: 1.75rem 1rem 3rem; } h1 { font-size: 1.75rem; } h2 { font-size: 1.3rem; }
  section { margin-top: 3rem; } .lead { font-size: 1.1rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; }
  .tiles.clock { grid-template-columns: 1fr; } .tiles.clock dd { font-size: 1.3rem; }
  .chart text, .chart text.soft { font-size: 12px; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
  table, tbody, tr, td { display: block; width: 100%; } td, .urgent td, .urgent td:nth-child(3) { width: 100%; }
  tr { border-bottom: 1px solid var(--line); padding: .8rem 0; }
  td, .urgent td { border: 0; padding: .12rem 0; }
  .figures td.n { display: flex; justify-content: space-between; gap: 1rem; text-align: right; }
  .figures td.n::before { content: attr(data-head); color: var(--soft); font-size: .88rem; text-align: left; }
  .figures td:first-child { font-weight: 600; }
  .urgent td:first-child strong { margin-right: .5rem; } .urgent td:first-child small { display: inline; }
  .urgent td:last-child::before { content: attr(data-head); color: var(--soft); font-size: .88rem; }
  article { padding: .9rem 1rem; }
}
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --card: #fff; --line: #bbb; --track: #eee; --accent: #1f5f6b;
    --warm: #8a2d0e; --over: #c9744f; }
  body { font-size: 10.5pt; } main { padding: 0; max-width: none; } section { margin-top: 2rem; }
  .tiles { grid-template-columns: repeat(4, 1fr); } .tiles.clock { grid-template-columns: repeat(3, 1fr); }
  h2, h3, h4 { break-after: avoid; } tr, .chart, .tiles div { break-inside: avoid; }
  svg, .key { print-color-adjust: exact; } details::details-content { content-visibility: visible; block-size: auto; }
}
"""
