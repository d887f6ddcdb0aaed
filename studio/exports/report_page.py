"""The page of a report: plain HTML with its style inside, readable without a network, light on paper and on a screen.

Each number stands as `<data value="…">`: what is read is rounded, the value is the whole number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from string import Template

from widgets.theme import Theme

Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Sheet:
    """A small table: a heading, column names, and rows of cells. `more`: rows that are in the data file alone."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


@dataclass(frozen=True)
class Section:
    """One thing of the report as it is written.

    Attributes:
        picture: Path of its SVG beside the page; empty without one.
        files: (what it is, path beside the page).
        facts: (name, value) pairs: what made it.
        check: What is known of the method's check.
        recipe: JSON text.
        problem: Why it could not be drawn; then there is nothing else.
    """

    title: str
    kind: str = ""
    sentence: str = ""
    note: str = ""
    picture: str = ""
    files: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, Cell], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    check: str = ""
    recipe: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Page:
    """The whole report."""

    title: str
    about: str
    sections: tuple[Section, ...]
    versions: tuple[tuple[str, str], ...] = field(default_factory=tuple)


def html_of(page: Page) -> str:
    """The page as a document."""
    theme = Theme.of("light")
    names = ("bg1", "bg2", "line", "strong", "t1", "t2", "info", "warnt")
    colours = {name: theme.colour(name).name() for name in names}
    contents = "\n".join(
        f'<li><a href="#s{number}">{escape(section.title)}</a></li>'
        for number, section in enumerate(page.sections, start=1)
    )
    body = "\n".join(_section(number, section) for number, section in enumerate(page.sections, start=1))
    return _PAGE.substitute(
        style=_STYLE.substitute(colours), title=escape(page.title), about=escape(page.about), contents=contents,
        body=body, versions=_facts(page.versions),
    )


def _section(number: int, section: Section) -> str:
    parts = [f'<section id="s{number}">', f"<h2>{number}. {escape(section.title)}</h2>"]
    if section.kind:
        parts.append(f'<p class="kind">{escape(section.kind)}</p>')
    if section.sentence:
        parts.append(f'<p class="question">{escape(section.sentence)}</p>')
    if section.problem:
        parts.append(f'<p class="problem">{escape(section.problem)}</p>')
    if section.picture:
        alt = escape(section.sentence or section.title, quote=True)
        parts.append(f'<figure><img src="{escape(section.picture, quote=True)}" alt="{alt}"></figure>')
    if section.note:
        lines = "<br>".join(escape(line) for line in section.note.splitlines())
        parts.append(f'<p class="note">{lines}</p>')
    parts += [_sheet(sheet) for sheet in section.sheets]
    if section.facts:
        parts.append(_facts(section.facts))
    if section.check:
        parts.append(f'<p class="check">{escape(section.check)}</p>')
    if section.files:
        links = ", ".join(
            f'<a href="{escape(path, quote=True)}">{escape(what)}</a>' for what, path in section.files
        )
        parts.append(f'<p class="files">Files: {links}</p>')
    if section.recipe:
        parts.append(f"<details><summary>Recipe</summary><pre>{escape(section.recipe)}</pre></details>")
    return "\n".join([*parts, "</section>"])


def _sheet(sheet: Sheet) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in sheet.head)
    rows = "\n".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    more = f'<p class="more">{sheet.more:,} more rows are in the file.</p>' if sheet.more else ""
    caption = f"<caption>{escape(sheet.title)}</caption>"
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    return f'<div class="wide">{table}</div>{more}'


def _facts(facts: Sequence[tuple[str, Cell]]) -> str:
    lines = "\n".join(f"<dt>{escape(name)}</dt><dd>{_cell(value)}</dd>" for name, value in facts)
    return f"<dl>\n{lines}\n</dl>"


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "on" if value else "off"
        case int():
            return f'<data value="{value}">{_rounded(float(value))}</data>'
        case float():
            return f'<data value="{value!r}">{_rounded(value)}</data>'
    return escape(str(value))


def _rounded(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        text = f"{int(value):,}"
    else:
        text = f"{value:.4g}"
    return text.replace("-", "\N{MINUS SIGN}")


_STYLE = Template("""
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: $bg2; color: $t1;
  font: 15px/1.6 Inter, "Inter Variable", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-feature-settings: "tnum"; }
main { max-width: 880px; margin: 0 auto; padding: 48px 32px 64px; background: $bg1; min-height: 100vh; }
h1 { font-size: 28px; line-height: 36px; font-weight: 600; margin: 0 0 8px; }
h2 { font-size: 18px; line-height: 26px; font-weight: 600; margin: 0 0 4px; }
section { border-top: 1px solid $line; padding: 32px 0 24px; }
a { color: $info; }
.about, .kind, .files, .more, .check, caption, dt, footer { color: $t2; }
.kind, .files, .more, .check, dl, table, details, footer { font-size: 13px; line-height: 20px; }
.about, .kind, .more { margin: 0 0 12px; }
.question { font-weight: 500; margin: 0 0 12px; }
.note { border-left: 3px solid $strong; padding: 2px 0 2px 14px; margin: 16px 0; }
.problem { background: $warnt; border-radius: 6px; padding: 10px 14px; }
figure { margin: 16px 0; }
figure img { display: block; width: 100%; max-width: 100%; height: auto; max-height: 720px; object-fit: contain;
  object-position: left; }
.wide { overflow-x: auto; margin: 16px 0; }
table { border-collapse: collapse; }
caption { text-align: left; padding-bottom: 4px; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid $line; white-space: nowrap; }
th { font-weight: 500; color: $t2; border-bottom-color: $strong; }
td:has(data) { text-align: right; }
dl { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 2px 20px; margin: 16px 0; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: $bg2; border-radius: 6px; padding: 12px; overflow-x: auto; font-size: 12px; line-height: 18px; }
summary { cursor: pointer; color: $t2; }
nav ol { margin: 8px 0 32px; padding-left: 22px; }
@media print { body { background: none; } main { max-width: none; padding: 0; } section { break-inside: avoid; } }
""")

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Otherwise">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>
<h1>$title</h1>
<p class="about">$about</p>
<nav aria-label="Contents"><ol>
$contents
</ol></nav>
$body
<footer>
<p>Written with</p>
$versions
</footer>
</main>
</body>
</html>
""")
