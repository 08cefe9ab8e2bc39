"""The demonstration in a terminal of 80 columns or more."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from safar.ops import show
from safar.ops.demo.gather import Demo
from safar.ops.demo.sentences import Sentences


def show_demo(demo: Demo, say: Sentences, *, console: Console | None = None) -> None:
    """Print everything, the page's address last."""
    out = console or Console(highlight=False)
    _heading(out, demo, say)
    _urgent(out, demo, say)
    _rules(out, demo, say)
    _bans(out, demo, say)
    _unknown(out, demo, say)
    out.print(f"\n[bold]{escape(say.say('person_title'))}[/bold]")
    out.print(escape(say.say("person_lead", place=demo.person_place)) + "\n")
    show.person_card({**demo.person, "ahead": demo.ahead}, say.words)


def _heading(out: Console, demo: Demo, say: Sentences) -> None:
    out.print(f"\n[bold]{escape(say.say('title'))}[/bold]")
    counts = {"people": demo.people, "communities": demo.communities, "provisions": demo.provisions}
    out.print(escape(say.say("lead", day=say.day(demo.on), **counts)))
    out.print(f"[dim]{escape(say.say('proof', cases=demo.cases, findings=demo.findings))}[/dim]")


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    for name, justify in columns:
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _urgent(out: Console, demo: Demo, say: Sentences) -> None:
    out.print(f"\n[bold]{escape(say.say('urgent_title'))}[/bold]")
    if not demo.urgent:
        out.print(say.say("urgent_none"))
        return
    out.print(escape(say.say("urgent_lead", people=demo.urgent_people)) + "\n")
    table = _table(
        (say.say("last_day"), "left"), (say.say("person"), "left"), (say.say("corridor"), "left"),
        (say.say("what"), "left"), (say.say("cost"), "left"),
    )  # fmt: skip
    for row in demo.urgent:
        left = say.say("today") if row.days_left == 0 else f"+{row.days_left}"
        table.add_row(
            f"{row.due_on:%d.%m} {left}",
            f"{row.person_id}\n[dim]{escape(row.place)}[/dim]",
            row.corridor,
            escape(row.title),
            escape(say.miss(row.fine, row.ban_months)),
        )
    out.print(table)


def _rules(out: Console, demo: Demo, say: Sentences) -> None:
    table = _table(
        (say.say("rules_title"), "left"), (say.say("due_week"), "right"), (say.say("past"), "right")
    )
    for title, due, past in demo.rules:
        table.add_row(escape(title), f"{due:,}", f"{past:,}")
    out.print()
    out.print(table)


def _bans(out: Console, demo: Demo, say: Sentences) -> None:
    out.print(f"\n[bold]{escape(say.say('bans_title'))}[/bold]")
    out.print(escape(say.say("bans_lead", past=demo.past_last_day)) + "\n")
    most = max((people for _, people in demo.bans), default=1)
    for months, people in demo.bans:
        bar = "█" * max(1, round(30 * people / most))
        out.print(f"{say.say('years', years=months // 12):>9} [red]{bar}[/red] {people:,}")
    table = _table(
        (say.say("ban_rule"), "left"), (say.say("ban_length"), "right"), (say.say("people"), "right")
    )
    for title, months, people in demo.ban_rules[:6]:
        table.add_row(escape(title), say.say("years", years=months // 12), f"{people:,}")
    out.print()
    out.print(table)


def _unknown(out: Console, demo: Demo, say: Sentences) -> None:
    out.print(f"\n[bold]{escape(say.say('unknown_title'))}[/bold]")
    out.print(escape(say.say("unknown_lead", people=demo.with_unknowns)) + "\n")
    table = _table((say.say("question"), "left"), (say.say("share"), "right"))
    for ask, share in demo.questions:
        table.add_row(escape(ask), f"{share:.0%}")
    out.print(table)
