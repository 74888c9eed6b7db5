/** The one style sheet of the pages: quiet, readable on a phone, in the light and in the dark. */

export const STYLE = `
:root {
  --ground: #fbfbfa; --card: #ffffff; --ink: #1d2023; --soft: #5b6168; --line: #dcdfe3;
  --accent: #1f5fbf; --yes: #17663a; --no: #a3231a; --mark: #fff0c2; --odd: #a3231a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --card: #1d2024; --ink: #e8eaed; --soft: #a4abb3; --line: #34393f;
    --accent: #8db8f7; --yes: #7fd6a3; --no: #f2938b; --mark: #4a3d12; --odd: #f2938b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.top { display: flex; justify-content: space-between; align-items: center; gap: 1rem;
  padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
.top form { display: flex; align-items: center; gap: .75rem; }
.brand { font-weight: 650; color: inherit; text-decoration: none; letter-spacing: .01em; }
.who { color: var(--soft); font-size: .9rem; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: .8rem; font-weight: 650; letter-spacing: .06em; text-transform: uppercase; color: var(--soft);
  margin: 1.75rem 0 .5rem; }
p { margin: .35rem 0; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.state { display: inline-block; padding: .1rem .55rem; border: 1px solid currentColor; border-radius: 1rem;
  font-size: .85rem; font-weight: 600; }
.state.PENDING { color: var(--accent); } .state.APPROVED, .state.CONSUMED { color: var(--yes); }
.state.REJECTED { color: var(--no); } .state.EXPIRED, .state.CANCELLED { color: var(--soft); }
.call { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; }
.call h3 { margin: 0; padding: .4rem .75rem; font-size: .8rem; font-weight: 600; color: var(--soft);
  border-bottom: 1px solid var(--line); }
.call h3:not(:first-child) { border-top: 1px solid var(--line); }
pre { margin: 0; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 32rem; overflow: auto;
  font: 14px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
mark { background: var(--mark); color: inherit; text-decoration: underline; text-decoration-color: var(--no);
  text-decoration-thickness: 2px; text-underline-offset: 3px; }
.odd { color: var(--odd); font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(6rem, 10rem) 1fr; gap: .3rem 1rem; margin: 0; }
main > dl { margin-top: .6rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul.plain { list-style: none; margin: 0; padding: 0; }
ul.plain > li { padding: .6rem 0; border-bottom: 1px solid var(--line); }
ul.plain > li:last-child { border-bottom: 0; }
.effect b { font-weight: 650; }
.points { float: right; margin-left: 1rem; font-variant-numeric: tabular-nums; color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; }
th, td { padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; font-size: .9rem; }
input[type=text], input[type=password], textarea { width: 100%; padding: .55rem .65rem; border: 1px solid var(--line);
  border-radius: .4rem; background: var(--card); color: var(--ink); font: inherit; }
textarea { min-height: 4.5rem; resize: vertical; }
.buttons { display: flex; gap: .75rem; margin-top: 1rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.1rem; border-radius: .4rem; border: 1px solid var(--line);
  background: var(--card); color: var(--ink); cursor: pointer; }
.buttons button { flex: 1; min-height: 2.9rem; }
button.yes { border-color: var(--yes); color: var(--yes); } button.no { border-color: var(--no); color: var(--no); }
button.quiet { padding: .3rem .7rem; font-size: .9rem; font-weight: 500; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.notice { border-left: 4px solid var(--no); padding: .5rem .75rem; background: var(--card); margin: .75rem 0; }
.narrow { max-width: 22rem; margin: 8vh auto 0; }
@media print { .top form, form.answer { display: none; } body { background: #fff; color: #000; } }
`;
