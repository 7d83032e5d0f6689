/** Colours hold a contrast of at least 4.5 to what they stand on, in light and dark; no meaning rests on colour alone. */
export const style = `
:root { color-scheme: light dark; --page: #f6f7f8; --card: #fff; --ink: #1b2127; --quiet: #56606b; --rule: #d8dde3; --link: #0b57b0;
--critical: #b3201b; --high: #a34a00; --medium: #7a5c00; --low: #1f5fae; --info: #56606b;
--fail: #c8372d; --excepted: #d99a6c; --review: #d4b545; --unknown: #a3adb8; --pass: #3f9d6b; --track: #e6e9ed; --known: #2b6cb0; --possible: #a9c7e8; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1c2126; --ink: #e7eaed; --quiet: #a2acb7; --rule: #343b43; --link: #8ab8f5;
--critical: #ff9188; --high: #f7ab6a; --medium: #e2c55f; --low: #8ab8f5; --info: #a2acb7;
--fail: #e2574c; --excepted: #b9794a; --review: #c4a63a; --unknown: #6b7580; --pass: #3c9a68; --track: #2b3138; --known: #5b9bdf; --possible: #34557a; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 3rem 0 .75rem; }
h3 { font-size: 1rem; line-height: 1.4; margin: 1.25rem 0 .4rem; }
h4 { font-size: .875rem; margin: 1rem 0 .25rem; }
p { margin: .4rem 0; max-width: 46rem; }
ul, ol { margin: .4rem 0; padding-left: 1.25rem; }
a { color: var(--link); text-underline-offset: .2em; text-decoration-thickness: 1px; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); } a:hover { text-decoration-color: currentColor; }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, .wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code { font: .85em ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; padding: 0; margin: .75rem 0 0; }
.quiet { color: var(--quiet); font-size: .9rem; font-weight: 400; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem 1.15rem; }
.chip { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 .5rem; font-size: .75rem; font-weight: 600; line-height: 1.35rem; white-space: nowrap; }
.chip.critical { color: var(--critical); } .chip.high { color: var(--high); } .chip.medium { color: var(--medium); } .chip.low { color: var(--low); } .chip.info, .chip.unknown { color: var(--info); }
.chip.unknown { border-style: dashed; }
.mark { display: inline-block; margin-left: .4rem; padding: 0 .45rem; border-radius: 4px; background: var(--track); font-size: .75rem; font-weight: 500; line-height: 1.35rem; white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; font-weight: 600; }
.summary { display: grid; grid-template-columns: 1.35fr 1fr 1fr; gap: 1rem; margin-top: 1.75rem; }
.summary h2 { margin: 0; font-size: .95rem; color: var(--quiet); font-weight: 600; }
.figure { margin: .1rem 0 .5rem; color: var(--quiet); } .figure strong { font-size: 2.75rem; line-height: 1.1; color: var(--ink); letter-spacing: -.02em; font-variant-numeric: tabular-nums; } .figure .word { font-size: 2rem; }
.counts { list-style: none; padding: 0; display: grid; gap: .3rem; } .counts .number { display: inline-block; min-width: 2.5rem; text-align: right; margin-right: .35rem; }
.change { font-weight: 600; }
.bar { display: block; width: 100%; height: .6rem; border-radius: 4px; margin: .4rem 0; }
.posture .bar { height: 1rem; margin: .5rem 0 .75rem; }
.track { fill: var(--track); } .known { fill: var(--known); } .possible { fill: var(--possible); }
.fail { fill: var(--fail); } .exposure, .excepted { fill: var(--excepted); } .review { fill: var(--review); } rect.unknown { fill: var(--unknown); } .pass { fill: var(--pass); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; font-size: .85rem; color: var(--quiet); } .legend svg { width: .75rem; height: .75rem; margin-right: .35rem; vertical-align: -.05rem; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
.lines { list-style: none; padding: 0; } .lines li { padding: .3rem 0; border-top: 1px solid var(--rule); } .lines li:first-child { border-top: 0; }
.trend { margin: .5rem 0 0; max-width: 46rem; } .chart { display: flex; gap: .6rem; height: 9rem; } .scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: .75rem; color: var(--quiet); line-height: 1; } .chart svg { flex: 1; min-width: 0; height: 100%; overflow: visible; }
.grid, .line, .dot { fill: none; vector-effect: non-scaling-stroke; } .grid { stroke: var(--rule); stroke-width: 1; } .line { stroke: var(--known); stroke-width: 2; } .dot { stroke: var(--known); stroke-width: 7; stroke-linecap: round; } .dot.other { stroke: var(--unknown); }
figcaption { display: flex; justify-content: space-between; gap: 1rem; font-size: .8rem; color: var(--quiet); margin: .35rem 0 .35rem 2rem; } figcaption span:not(:nth-child(2)) { white-space: nowrap; }
.steps, .accounts { list-style: none; padding: 0; display: grid; gap: .75rem; } .steps { counter-reset: step; } .steps > li { counter-increment: step; position: relative; padding-left: 3.25rem; } .steps > li::before { content: counter(step); position: absolute; left: 1.15rem; top: .95rem; font-size: 1.25rem; font-weight: 700; color: var(--quiet); line-height: 1.4rem; }
.steps h3, .accounts h3 { margin: 0 0 .3rem; }
p.facts { max-width: none; display: flex; flex-wrap: wrap; gap: .15rem .9rem; align-items: center; font-size: .9rem; }
.advice { border-left: 3px solid var(--rule); padding-left: .75rem; }
.accounts > li { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0 1rem; align-items: start; }
.score { margin: 0; } .score strong { display: block; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.then { float: right; font-weight: 600; font-size: .9rem; }
.parts { list-style: none; padding: 0; font-size: .9rem; columns: 2; column-gap: 2rem; } .parts li { break-inside: avoid; padding: .1rem 0; } .parts .number { display: inline-block; min-width: 2.4rem; }
.warning { border-left: 3px solid var(--critical); padding-left: .75rem; font-weight: 600; }
.differences { list-style: none; padding: 0; margin: 0; } .differences li { padding: .15rem 0; }
.actions tr > :first-child { width: 3rem; } .actions tr > :nth-child(2) { width: 42%; } .actions tr > :nth-child(3) { width: 9rem; } #plan .columns { gap: 1rem; margin: .75rem 0; } #plan .card h3 { margin-top: 0; }
@media (min-width: 46.01rem) { #plan dl > div { grid-template-columns: 14rem 1fr; } }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; background: var(--card); border: 1px solid var(--rule); }
caption { text-align: left; color: var(--quiet); font-size: .85rem; padding: .25rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .7rem; border-top: 1px solid var(--rule); font-weight: 400; } thead th { font-size: .8rem; color: var(--quiet); font-weight: 600; } tbody th { font-weight: 500; }
.policies th:first-child { width: 56%; } .gaps { table-layout: fixed; } .gaps th:first-child { width: 22%; } .gaps th:nth-child(2) { width: 18%; } time { white-space: nowrap; } .policies code { color: var(--quiet); }
.wide { overflow-x: auto; overflow-wrap: break-word; } .wide table { min-width: 48rem; } .wide th:first-child { width: 27%; }
details > summary { cursor: pointer; } details details { font-size: .85rem; }
td details summary, .trend details summary { color: var(--quiet); font-size: .85rem; }
.finding { background: var(--card); border: 1px solid var(--rule); margin-top: -1px; padding: .5rem .8rem; } .finding[open] { padding-bottom: 1rem; } .finding:target { border-color: var(--link); position: relative; }
.facts th:first-child { width: 30%; } .facts td:last-child { width: 38%; }
form { display: flex; flex-wrap: wrap; gap: .6rem 1.25rem; align-items: center; margin: .75rem 0; } label { font-size: .9rem; color: var(--quiet); }
input, select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--quiet); border-radius: 6px; padding: .3rem .55rem; margin-left: .35rem; } input { width: min(18rem, 60vw); } output { font-size: .9rem; color: var(--quiet); }
dl { display: grid; gap: .5rem; margin: .5rem 0; font-size: .9rem; } dl > div { display: grid; grid-template-columns: 10rem 1fr; gap: 1rem; } dt { font-weight: 600; } dd { margin: 0; }
@media (max-width: 46rem) { body { padding: 1.25rem .9rem 3rem; } h1 { font-size: 1.4rem; } h2 { margin-top: 2.25rem; } .summary, .columns { grid-template-columns: 1fr; } .parts { columns: 1; } .accounts > li { grid-template-columns: 1fr; } .score strong { display: inline; } .then { float: none; display: block; } .steps > li { padding: 2.6rem 1rem 1rem; } .policies th:first-child { width: 58%; } th, td { padding: .4rem .5rem; } dl > div { grid-template-columns: 1fr; gap: 0; } .facts thead, .gaps thead { display: none; } table.facts, table.gaps, .facts :is(tbody, tr, th, td, caption), .gaps :is(tbody, tr, th, td, caption) { display: block; width: auto !important; } .facts tr, .gaps tr { border-top: 1px solid var(--rule); padding: .35rem 0; } .facts :is(th, td, caption), .gaps :is(th, td, caption) { border: 0; padding: .1rem .6rem; } .gaps th { font-weight: 600; } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --link: #000; --critical: #8f1713; --high: #7d3900; --medium: #5c4500; --low: #164a8a; --info: #444; --fail: #c8372d; --excepted: #d99a6c; --review: #d4b545; --unknown: #a3adb8; --pass: #3f9d6b; --track: #e6e9ed; --known: #2b6cb0; --possible: #a9c7e8; }
body { max-width: none; padding: 0; font-size: 10pt; } nav, form { display: none !important; } .card, tr, .finding, figure { break-inside: avoid; } h2, h3 { break-after: avoid; } a { text-decoration: none; } svg, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .summary { grid-template-columns: 1.35fr 1fr 1fr; } .wide { overflow: visible; } .wide table { min-width: 0; } }
`;
