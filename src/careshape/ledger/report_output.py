"""A report as text for a terminal, as CSV and as an HTML page; JSON is ``Report.to_json``."""

from __future__ import annotations

from dataclasses import fields
from html import escape
from importlib import resources
from string import Template

from rich.console import Console
from rich.table import Table

from careshape.ledger.report import Finding, Report
from careshape.spreadsheets import as_csv

COLUMNS = tuple(field.name for field in fields(Finding))
_OUTCOME_WORDS = {"refuse": "refused", "repair": "repaired", "note": "noted"}


def print_report(report: Report, console: Console | None = None, limit: int = 20) -> None:
    """Print a report: what became of the rows, how often each rule was met, and the first findings."""
    console = console or Console()
    console.print(report.summary(), highlight=False, markup=False)
    if not report.findings:
        return
    table = Table(report.counted_in.capitalize(), "Column", "Value", "Outcome", "What is wrong", "What to do")
    for finding in report.findings[:limit]:
        cells = (finding.column, finding.value, _OUTCOME_WORDS[finding.outcome], finding.message, finding.remedy)
        table.add_row(str(finding.line), *(_plain(cell) for cell in cells))
    console.print(table)
    total = sum(report.by_rule.values())
    if total > limit:
        console.print(f"{min(limit, report.shown):,} of {total:,} findings; the report has more.", highlight=False)


def to_csv(report: Report) -> str:
    """The findings as CSV; a cell that a spreadsheet would run as a formula is made text."""
    return as_csv(COLUMNS, (vars(finding) for finding in report.findings))


def to_html(report: Report) -> str:
    """The report as one page without script, every value escaped."""
    template = Template(resources.files("careshape.ledger").joinpath("report.html").read_text("utf-8"))
    outcomes = "".join(
        f'<tr><th scope="row">{escape(name.replace("_", " ").capitalize())}</th><td>{count:,}</td></tr>'
        for name, count in report.counts.items()
    )
    rules = "".join(
        f'<tr><th scope="row">{escape(rule)}</th><td>{count:,}</td></tr>'
        for rule, count in sorted(report.by_rule.items())
    )
    return template.substitute(
        file=escape(report.file),
        title=escape(report.title),
        summary=escape(report.summary().partition("\n")[0]),
        notes="".join(f"<p>{escape(note)}</p>" for note in report.notes),
        outcomes=outcomes,
        rules=rules or '<tr><td colspan="2">No rule was met.</td></tr>',
        place=escape(report.counted_in.capitalize()),
        findings="".join(_row(finding) for finding in report.findings)
        or '<tr><td colspan="6">Every row was accepted as it is.</td></tr>',
        shown=f"{report.shown:,} of {sum(report.by_rule.values()):,}",
    )


def _row(finding: Finding) -> str:
    cells = (finding.column, finding.value, _OUTCOME_WORDS[finding.outcome], finding.message, finding.remedy)
    return f'<tr><th scope="row">{finding.line}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'


def _plain(cell: str) -> str:
    """A cell without what a terminal would take for markup or control."""
    return "".join(one for one in cell if one.isprintable()).replace("[", "\\[")
