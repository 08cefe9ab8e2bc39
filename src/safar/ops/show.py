"""What a terminal shows: tables, cards, JSON, progress. The only place that prints answers."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

_COLOURS = {
    "overdue": "bold red",
    "late": "red",
    "forbidden": "bold red",
    "exposed": "red",
    "raised": "bold red",
    "due": "yellow",
    "unknown": "magenta",
    "done": "green",
    "allowed": "green",
    "clear": "green",
    "announced": "cyan",
}


_SETTLED = ("done", "allowed", "clear", "announced")


def json_out(value: Any) -> None:
    """JSON for machines, on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def plain(value: Any) -> Any:
    """A value with dates as ISO text and tuples as lists, ready for JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def lines(texts: Iterable[str]) -> None:
    """Plain lines, never wrapped or interpreted."""
    for text in texts:
        sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A remark beside the answer, on standard error."""
    sys.stderr.write(f"{text}\n")


def table(title: str, rows: Sequence[Mapping[str, Any]], *, numbers: Iterable[str] = ()) -> None:
    """A table; columns whose values are all numbers stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        return
    drawn = Table(
        title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for column in rows[0]:
        right = column in numbers or all(isinstance(row[column], int | float) for row in rows)
        drawn.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
    Console().print(drawn)


def person_card(result: Mapping[str, Any], words: Any) -> None:
    """One person's answer: what presses with reasons first, what is settled in a line, then the questions."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    name = result["person_id"] or ""
    console.print(f"[bold]{escape(str(name))}[/bold]  {result['on']}".strip())
    settled = [finding for finding in result["findings"] if finding["status"] in _SETTLED]
    for finding in result["findings"]:
        if finding["status"] not in _SETTLED:
            _finding(console, finding, words)
    if settled:
        console.print()
    for finding in settled:
        console.print(f"{_label(finding, words)} {escape(finding['title'])}", soft_wrap=True)
    if result["questions"]:
        console.print()
    for question in result["questions"][:5]:
        decided = len(question["decides"])
        console.print(f"[magenta]?[/magenta] {escape(question['ask'])}  [dim]({decided})[/dim]")
    if result.get("ahead"):
        console.print()
        ahead(console, result["ahead"], words)
    sentences = words.labels.get("sentences", {})
    if any(not finding["reviewed"] for finding in result["findings"]):
        console.print(f"\n[dim]{escape(str(sentences.get('unreviewed', '')))}[/dim]")


def _label(finding: Mapping[str, Any], words: Any) -> str:
    from rich.markup import escape

    status = finding["status"]
    label = str(words.labels.get("statuses", {}).get(status, status))
    colour = _COLOURS.get(status, "dim")
    return f"[{colour}]{escape(label):<12}[/{colour}]"


def _finding(console: Any, finding: Mapping[str, Any], words: Any) -> None:
    """A finding that presses: title and day, reasons, what it costs, what to do, where it is written."""
    from rich.markup import escape
    from rich.padding import Padding

    def indented(text: str) -> None:
        console.print(Padding(text, (0, 0, 0, 4)))

    when = f"  {finding['due_on']}" if finding["due_on"] else ""
    console.print(f"\n{_label(finding, words)} [bold]{escape(finding['title'])}[/bold]{when}")
    for text in finding["because"]:
        indented(escape(text))
    amount, months = finding["amount"], finding["ban_months"]
    if amount:
        low, high = amount["low"], amount["high"]
        span = f"{low:,}" if high in (low, None) else f"{low:,}-{high:,}"
        indented(f"[bold]{span} {amount['currency']}[/bold]")
    if months:
        indented(f"[bold red]{escape(words.reason('ban', months=int(months)))}[/bold red]")
    for text in finding["do"]:
        indented(f"[green]›[/green] {escape(text)}")
    if finding.get("dispute"):
        indented(f"[magenta]≠[/magenta] {escape(finding['dispute'])}")
    indented(f"[dim]{finding['provision']} · {escape('; '.join(finding['cites']))}[/dim]")


def ahead(console: Any, forecast: Mapping[str, Any], words: Any) -> None:
    """The deadlines to come, and the days on which something changes if nothing is done."""
    from rich.markup import escape

    statuses = words.labels.get("statuses", {})
    for item in forecast["deadlines"]:
        console.print(f"[yellow]{item['due_on']}[/yellow]  {escape(item['title'])}")
    for item in forecast["cliffs"]:
        if item["worse"]:
            label = statuses.get(item["to"], item["to"])
            console.print(f"[red]{item['on']}[/red]  {escape(item['title'])}: {escape(str(label))}")


def changes(found: Sequence[Mapping[str, Any]]) -> None:
    """What changed in the law, day by day."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    for item in found:
        if item["change"] == "value":
            name = f"{item['param']}[{item['key']}]" if item["key"] else item["param"]
            before = "-" if item["from"] is None else f"{item['from']:g}"
            after = "not known" if item["to"] is None else f"{item['to']:g}"
            console.print(f"[bold]{item['on']}[/bold]  {escape(name)}: {before} -> {after} {item['unit']}")
            continue
        change = item["change"].replace("_", " ")
        console.print(f"[bold]{item['on']}[/bold]  {change}  [bold]{escape(item['title'])}[/bold]")
        console.print(f"    {escape(item['rule'])}")
        whom = "; ".join(f"{key}: {', '.join(values)}" for key, values in item["for"].items()) or "everybody"
        console.print(
            f"    [dim]{item['provision']} · {escape(whom)} · {escape('; '.join(item['cites']))}[/dim]"
        )
    if not found:
        console.print("Nothing changed between these days.")


def reform(answer: Mapping[str, Any]) -> None:
    """Who gains and who loses by a change."""
    counts = ("people", "touched", "gains", "loses", "becomes_unlawful", "becomes_lawful")
    table(f"{answer['title']} ({answer['on']})", [{name: f"{answer[name]:,}" for name in counts}])
    table("Moves", [dict(move) for move in answer["moves"][:25]])


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error; ``advance(n)`` moves it. Silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n=1: bar.advance(task, n)
