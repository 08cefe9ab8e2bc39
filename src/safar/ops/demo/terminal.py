"""The demonstration in a terminal of 80 columns or more; no colours where it is no terminal."""

from typing import Any, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from safar.ops import show
from safar.ops.demo.sentences import Sentences, clock_facts
from safar.ops.demo.shown import Demo, Person, RuleCount, leading

BAR = 36
Column = tuple[str, Literal["left", "right"]]


def show_demo(demo: Demo, say: Sentences, *, console: Console | None = None) -> None:
    """Print everything in the order of the page, the person's card last."""
    out = console or Console(highlight=False)
    for part in (_heading, _urgent, _rules, _bans, _unknown, _provinces, _person):
        part(out, demo, say)


def _headline(out: Console, text: str) -> None:
    out.print()
    out.rule(f"[bold]{escape(text)}[/bold]", align="left", style="dim")


def _table(*columns: Column, title: str = "") -> Table:
    table = Table(
        title=title,
        box=SIMPLE_HEAD,
        padding=(0, 2, 0, 0),
        header_style="dim",
        show_edge=False,
        pad_edge=False,
    )
    for name, justify in columns:
        table.add_column(name, justify=justify, overflow="fold", vertical="top")
    return table


def _heading(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("title"))
    out.print(escape(say.say("lead", day=say.day(demo.on))))
    out.print(f"[yellow]{escape(say.say('proof'))}[/yellow]")
    counts = {
        "made_up": demo.people, "communities": demo.communities, "provisions": demo.provisions, "cases": demo.cases,
    }  # fmt: skip
    told = (
        f"[bold]{say.number(number)}[/bold] {escape(say.noun(key, number))}" for key, number in counts.items()
    )
    out.print(" · ".join(told))


def _urgent(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("urgent_title"))
    if not demo.urgent:
        out.print(say.say("urgent_none"))
        return
    lead = say.say("urgent_lead", people=say.many("people_n", demo.urgent_people))
    out.print(escape(lead) + "\n")
    table = Table(box=None, padding=(0, 2, 1, 0), header_style="dim", pad_edge=False)
    for key, width in (("last_day", 9), ("person", 20), ("what", None), ("cost", 21)):
        table.add_column(say.say(key), width=width, overflow="fold")
    for row in demo.urgent:
        table.add_row(
            f"[bold]{say.short(row.due_on)}[/bold]\n[yellow]{escape(say.left(row.days_left))}[/yellow]",
            _who(row.person, say),
            f"{escape(row.title)}\n[dim]{escape(row.why)}[/dim]",
            f"[red]{escape(chr(10).join(say.cost(row.cost)))}[/red]",
        )
    out.print(table)


def _who(person: Person, say: Sentences) -> str:
    return f"{escape(say.who(person))}\n{escape(say.place(person))}\n[dim]{escape(say.way(person))}[/dim]"


def _rules(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("rules_title"))
    out.print(escape(say.say("rules_lead")) + "\n")
    table = _table((say.say("rule"), "left"), (say.say("due_week"), "right"), (say.say("past"), "right"))
    rows, others, every = leading(demo.rules)
    for row in rows:
        table.add_row(escape(row.title), say.number(row.due), say.number(row.past))
    if len(demo.rules) > len(rows):
        name = escape(say.say("others", rules=say.number(len(demo.rules) - len(rows))))
        table.add_row(f"[dim]{name}[/dim]", say.number(others.due), say.number(others.past))
    table.add_section()
    table.add_row(*(f"[bold]{escape(text)}[/bold]" for text in _counted(say.say("all"), every, say)))
    out.print(table)


def _counted(title: str, row: RuleCount, say: Sentences) -> tuple[str, str, str]:
    return title, say.number(row.due), say.number(row.past)


def _bans(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("bans_title"))
    past, exposed = (say.many("people_n", number) for number in (demo.past_last_day, demo.exposed))
    out.print(escape(say.say("bans_lead", past=past, exposed=exposed)) + "\n")
    most = max((people for _, people in demo.bans), default=1)
    for months, people in demo.bans:
        bar = "█" * max(1, round(BAR * people / most))
        out.print(f"{escape(say.length(months)):>9} [red]{bar}[/red] {say.number(people)}")
    out.print()
    table = _table(
        (say.say("ban_rule"), "left"), (say.say("ban_length"), "right"), (say.say("people"), "right")
    )
    for row in demo.ban_rules:
        table.add_row(escape(row.title), escape(say.length(row.months)), say.number(row.people))
    out.print(table)
    out.print(f"[dim]{escape(say.say('bans_note'))}[/dim]")


def _unknown(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("unknown_title"))
    people = say.many("people_n", demo.with_unknowns)
    sample = say.many("people_n", demo.sample)
    out.print(escape(say.say("unknown_lead", people=people, sample=sample)) + "\n")
    table = _table((say.say("question"), "left"), (say.say("share"), "right"), (say.say("waiting"), "right"))
    for row in demo.questions:
        about = (escape(say.say("about", number=say.number(number))) for number in (row.people, row.findings))
        table.add_row(escape(row.ask), *about)
    out.print(table)


def _provinces(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("provinces_title"))
    names = ("people", "due_week", "overstayed", "exposed")
    table = _table((say.say("province"), "left"), *((say.say(name), "right") for name in names))
    for row in demo.provinces:
        numbers = (row.people, row.due, row.past, row.exposed)
        table.add_row(escape(say.province(row.name)), *(say.number(number) for number in numbers))
    out.print(table)


def _person(out: Console, demo: Demo, say: Sentences) -> None:
    _headline(out, say.say("person_title"))
    lead = say.say("person_lead", who=say.who(demo.person).capitalize(), place=say.place(demo.person))
    out.print(escape(lead))
    facts = Table.grid(padding=(0, 2, 0, 0))
    for value, meaning in clock_facts(demo, say):
        facts.add_row(f"[bold]{escape(value)}[/bold]", escape(meaning))
    out.print(facts)
    out.print()
    show.person_card(_without_notices(demo.answer), say.words)


def _without_notices(answer: Any) -> dict[str, Any]:
    findings = [finding for finding in answer["findings"] if finding["kind"] != "notice"]
    return {**answer, "findings": findings}
