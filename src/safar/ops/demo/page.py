"""The demonstration as one HTML page that needs nothing but itself: every value escaped, no script, no request."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from safar.ops.demo.card import card
from safar.ops.demo.charts import bars, columns
from safar.ops.demo.sentences import Sentences
from safar.ops.demo.shown import Demo, leading
from safar.ops.demo.style import CSS

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(demo: Demo, say: Sentences) -> str:
    """The whole page as text."""
    parts = (
        ("urgent_title", _urgent), ("weeks_title", _weeks), ("rules_title", _rules), ("bans_title", _bans),
        ("unknown_title", _unknown), ("provinces_title", _provinces), ("person_title", card),
    )  # fmt: skip
    body = "".join(
        f"<section><h2>{escape(say.say(title))}</h2>{part(demo, say)}</section>" for title, part in parts
    )
    return (
        f'<!doctype html>\n<html lang="{escape(demo.language)}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        f"<title>{escape(say.say('title'))}</title>\n<style>{CSS}</style></head>\n"
        f"<body>\n<main>\n{_heading(demo, say)}\n{body}\n<footer><p>{escape(say.say('source'))}</p></footer>\n"
        "</main>\n</body></html>\n"
    )


def _p(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), kind: str = ""
) -> str:
    """A table whose cells are already HTML; on a narrow screen each cell carries its heading."""
    align = [' class="n"' if place in numbers else "" for place in range(len(heads))]
    head = "".join(f'<th scope="col"{a}>{escape(text)}</th>' for text, a in zip(heads, align, strict=True))
    marks = [f'{a} data-head="{escape(text)}"' for text, a in zip(heads, align, strict=True)]
    body = "".join(
        f"<tr>{''.join(f'<td{mark}>{cell}</td>' for mark, cell in zip(marks, row, strict=True))}</tr>\n"
        for row in rows
    )
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>'


def _heading(demo: Demo, say: Sentences) -> str:
    counts = {
        "made_up": demo.people, "communities": demo.communities, "provisions": demo.provisions, "cases": demo.cases,
    }  # fmt: skip
    tiles = "".join(
        f"<div><dt>{escape(say.noun(key, number))}</dt><dd>{say.number(number)}</dd></div>"
        for key, number in counts.items()
    )
    lead = _p(say.say("lead", day=say.day(demo.on)), "lead")
    proof = _p(say.say("proof"), "warn")
    return f'<header><h1>{escape(say.say("title"))}</h1>{lead}{proof}<dl class="tiles">{tiles}</dl></header>'


def _urgent(demo: Demo, say: Sentences) -> str:
    if not demo.urgent:
        return _p(say.say("urgent_none"))
    heads = [say.say(key) for key in ("last_day", "person", "what", "cost")]
    rows = []
    for row in demo.urgent:
        person = row.person
        costs = "".join(f"<span>{escape(line)}</span>" for line in say.cost(row.cost))
        rows.append(
            (
                f"<strong>{escape(say.short(row.due_on))}</strong><small>{escape(say.left(row.days_left))}</small>",
                f"<strong>{escape(say.who(person))}</strong>"
                f"<small>{escape(say.place(person))}</small><small>{escape(say.way(person))}</small>",
                f"<strong>{escape(row.title)}</strong><small>{escape(row.why)}</small>",
                f'<div class="costs">{costs}</div>',
            )
        )
    lead = _p(say.say("urgent_lead", people=say.many("people_n", demo.urgent_people)))
    return lead + _table(heads, rows, kind="urgent")


def _weeks(demo: Demo, say: Sentences) -> str:
    days = [demo.on + timedelta(days=7 * week) for week in range(len(demo.weeks))]
    labels = [say.short(day).split("\u00a0") for day in days]
    values = [(first, second, number) for (first, second), number in zip(labels, demo.weeks, strict=True)]
    chart = columns(values, [say.number(number) for number in demo.weeks], say.say("weeks_title"))
    return _p(say.say("weeks_lead")) + chart


def _rules(demo: Demo, say: Sentences) -> str:
    heads = [say.say(key) for key in ("rule", "due_week", "past")]
    shown, others, every = leading(demo.rules)
    rows = [(escape(row.title), say.number(row.due), say.number(row.past)) for row in shown]
    if len(demo.rules) > len(shown):
        name = escape(say.say("others", rules=say.number(len(demo.rules) - len(shown))))
        rows.append((name, say.number(others.due), say.number(others.past)))
    total = (escape(say.say("all")), say.number(every.due), say.number(every.past))
    bold = [f"<strong>{text}</strong>" for text in total]
    return _p(say.say("rules_lead")) + _table(heads, [*rows, bold], numbers=(1, 2), kind="figures")


def _bans(demo: Demo, say: Sentences) -> str:
    past, exposed = (say.many("people_n", number) for number in (demo.past_last_day, demo.exposed))
    lengths = [(say.length(months), say.many("people_n", people), people) for months, people in demo.bans]
    heads = [say.say(key) for key in ("ban_rule", "ban_length", "people")]
    rows = [
        (escape(row.title), escape(say.length(row.months)), say.number(row.people)) for row in demo.ban_rules
    ]
    lead = _p(say.say("bans_lead", past=past, exposed=exposed))
    table = _table(heads, rows, numbers=(1, 2), kind="figures")
    return lead + bars(lengths, say.say("bans_title")) + table + _p(say.say("bans_note"), "soft")


def _unknown(demo: Demo, say: Sentences) -> str:
    people, sample = (say.many("people_n", number) for number in (demo.with_unknowns, demo.sample))
    rows = [
        (
            escape(row.ask),
            *(escape(say.say("about", number=say.number(n))) for n in (row.people, row.findings)),
        )
        for row in demo.questions
    ]
    heads = [say.say(key) for key in ("question", "share", "waiting")]
    lead = _p(say.say("unknown_lead", people=people, sample=sample))
    return lead + _table(heads, rows, numbers=(1, 2), kind="figures")


def _provinces(demo: Demo, say: Sentences) -> str:
    heads = [say.say(key) for key in ("province", "people", "due_week", "overstayed", "exposed")]
    counts = [(row.people, row.due, row.past, row.exposed) for row in demo.provinces]
    rows = [
        (escape(say.province(row.name)), *(say.number(number) for number in numbers))
        for row, numbers in zip(demo.provinces, counts, strict=True)
    ]
    sums = [say.number(sum(column)) for column in zip(*counts, strict=True)]
    total = [f"<strong>{text}</strong>" for text in (escape(say.say("all")), *sums)]
    return _table(heads, [*rows, total], numbers=(1, 2, 3, 4), kind="figures")
