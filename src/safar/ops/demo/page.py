"""The demonstration as one HTML page that needs nothing but itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from safar.ops.demo.charts import bars, clock
from safar.ops.demo.gather import Demo
from safar.ops.demo.sentences import Sentences
from safar.ops.demo.style import CSS

_SETTLED = ("done", "allowed", "clear", "announced")


def page(demo: Demo, say: Sentences) -> str:
    """The whole page as text; every value is escaped, no script, no request."""
    body = "".join(
        (
            _heading(demo, say),
            _section(say.say("urgent_title"), _urgent(demo, say)),
            _section(say.say("rules_title"), _rules(demo, say)),
            _section(say.say("weeks_title"), _weeks(demo, say)),
            _section(say.say("bans_title"), _bans(demo, say)),
            _section(say.say("unknown_title"), _unknown(demo, say)),
            _section(say.say("provinces_title"), _provinces(demo, say)),
            _section(say.say("person_title"), _person(demo, say)),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{escape(demo.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(say.say('title'))}</title><style>{CSS}</style></head><body><main>{body}"
        f"<footer>{escape(say.say('source'))}</footer></main></body></html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table whose cells are already HTML; on a narrow screen each cell carries its heading."""
    classes = ['class="n"' if place in numbers else "" for place in range(len(heads))]
    head = "".join(f"<th {kind}>{escape(text)}</th>" for text, kind in zip(heads, classes, strict=True))
    named = [f'{kind} data-head="{escape(text)}"' for text, kind in zip(heads, classes, strict=True)]
    body = "".join(
        f"<tr>{''.join(f'<td {name}>{cell}</td>' for name, cell in zip(named, row, strict=True))}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _heading(demo: Demo, say: Sentences) -> str:
    counts = {"people": demo.people, "communities": demo.communities, "provisions": demo.provisions}
    lead = say.say("lead", day=say.day(demo.on), **counts)
    proof = say.say("proof", cases=demo.cases, findings=demo.findings)
    title = escape(say.say("title"))
    return f'<header><h1>{title}</h1><p class="lead">{escape(lead)}</p><p class="warn">{escape(proof)}</p></header>'


def _urgent(demo: Demo, say: Sentences) -> str:
    if not demo.urgent:
        return _p(say.say("urgent_none"))
    heads = [say.say(key) for key in ("last_day", "person", "corridor", "what", "cost")]
    rows = []
    for row in demo.urgent:
        left = say.say("today") if row.days_left == 0 else f"+{row.days_left}"
        rows.append(
            (
                f"<strong>{escape(say.day(row.due_on))}</strong> <span class=soft>{escape(left)}</span>",
                f"{escape(row.person_id)}<br><span class=soft>{escape(row.place)}</span>",
                escape(row.corridor),
                escape(row.title),
                escape(say.miss(row.fine, row.ban_months)),
            )
        )
    return _p(say.say("urgent_lead", people=demo.urgent_people)) + _table(heads, rows)


def _rules(demo: Demo, say: Sentences) -> str:
    heads = [say.say(key) for key in ("rule", "due_week", "past")]
    rows = [(escape(title), f"{due:,}", f"{past:,}") for title, due, past in demo.rules]
    return _table(heads, rows, numbers=(1, 2))


def _weeks(demo: Demo, say: Sentences) -> str:
    labels = [
        say.say("week", day=f"{demo.on + timedelta(days=7 * n):%d.%m.%Y}") for n in range(len(demo.weeks))
    ]
    return bars(list(zip(labels, demo.weeks, strict=True)), say.say("weeks_title"))


def _bans(demo: Demo, say: Sentences) -> str:
    lengths = [(say.say("years", years=months // 12), people) for months, people in demo.bans]
    heads = [say.say(key) for key in ("ban_rule", "ban_length", "people")]
    rows = [
        (escape(title), escape(say.say("years", years=months // 12)), f"{people:,}")
        for title, months, people in demo.ban_rules[:8]
    ]
    chart = bars(lengths, say.say("bans_title"))
    return _p(say.say("bans_lead", past=demo.past_last_day)) + chart + _table(heads, rows, numbers=(2,))


def _unknown(demo: Demo, say: Sentences) -> str:
    rows = [(escape(ask), f"{share:.0%}") for ask, share in demo.questions]
    lead = _p(say.say("unknown_lead", people=demo.with_unknowns))
    return lead + _table([say.say("question"), say.say("share")], rows, numbers=(1,))


def _provinces(demo: Demo, say: Sentences) -> str:
    heads = [say.say(key) for key in ("province", "people", "due_week", "overstayed", "exposed")]
    rows = [(escape(row[0]), *(f"{number:,}" for number in row[1:])) for row in demo.provinces]
    return _table(heads, rows, numbers=(1, 2, 3, 4))


def _person(demo: Demo, say: Sentences) -> str:
    findings = demo.person["findings"]
    pressing = [finding for finding in findings if finding["status"] not in _SETTLED]
    settled = [finding for finding in findings if finding["status"] in _SETTLED]
    also = "".join(f"<li>{escape(say.status(f['status']))}: {escape(f['title'])}</li>" for f in settled)
    questions = "".join(f"<li>{escape(question['ask'])}</li>" for question in demo.person["questions"][:5])
    return "".join(
        (
            _p(say.say("person_lead", place=demo.person_place)),
            _clock(demo, say),
            "".join(_finding(finding, say) for finding in pressing),
            f"<h3>{escape(say.say('questions_title'))}</h3><ul>{questions}</ul>" if questions else "",
            f"<details><summary>{escape(say.say('also_title'))}</summary><ul>{also}</ul></details>",
            f'<p class="warn">{escape(say.words.labels["sentences"]["unreviewed"])}</p>',
        )
    )


def _clock(demo: Demo, say: Sentences) -> str:
    deadlines = [(date.fromisoformat(item["due_on"]), item["title"]) for item in demo.ahead["deadlines"]]
    drawn = clock(demo.on, demo.stays, deadlines, today=say.say("clock_today"), title=say.say("clock_title"))
    listed = "".join(
        f"<li><strong>{escape(say.day(day))}</strong> {escape(title)}</li>" for day, title in deadlines
    )
    worse = [item for item in demo.ahead["cliffs"] if item["worse"]]
    cliffs = "".join(
        f"<li><strong>{escape(say.day(date.fromisoformat(item['on'])))}</strong> {escape(item['title'])}: "
        f"{escape(say.status(item['to']))}</li>"
        for item in worse[:8]
    )
    ahead = f"<h3>{escape(say.say('ahead_title'))}</h3><ul>{cliffs}</ul>" if cliffs else ""
    return f"<h3>{escape(say.say('clock_title'))}</h3>{drawn}<ol>{listed}</ol>{ahead}"


def _finding(finding: Mapping[str, Any], say: Sentences) -> str:
    status, due, dispute = finding["status"], finding["due_on"], finding.get("dispute")
    when = f" <time>{escape(say.day(date.fromisoformat(due)))}</time>" if due else ""
    label = f'<span class="status">{escape(say.status(status))}</span>'
    written = f"{say.say('written')}: {'; '.join(finding['cites'])} ({finding['provision']})"
    return "".join(
        (
            f'<article class="{escape(status)}"><h3>{label} {escape(finding["title"])}{when}</h3>',
            _cost(finding, say),
            _list(say.say("because"), finding["because"]),
            _list(say.say("do"), finding["do"]),
            f"<h4>{escape(say.say('dispute'))}</h4><p>{escape(dispute)}</p>" if dispute else "",
            f'<p class="soft">{escape(written)}</p></article>',
        )
    )


def _cost(finding: Mapping[str, Any], say: Sentences) -> str:
    amount, months = finding["amount"], finding["ban_months"]
    costs = []
    if amount:
        low, high = amount["low"], amount["high"]
        span = f"{low:,}" if high in (low, None) else f"{low:,}-{high:,}"
        costs.append(f"{span} {amount['currency']}")
    if months:
        costs.append(say.words.reason("ban", months=int(months)))
    return f'<p class="cost">{escape(" · ".join(costs))}</p>' if costs else ""


def _list(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h4>{escape(title)}</h4><ul>{items}</ul>" if items else ""
