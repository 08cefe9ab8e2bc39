"""One person's card on the page: the legal clock, then each finding with reasons, cost, advice and citations."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from safar.ops.demo.charts import clock_line
from safar.ops.demo.sentences import Sentences, clock_facts
from safar.ops.demo.shown import Demo, Fine

IN_ORDER = ("done", "allowed", "clear")
QUESTIONS = 5


def card(demo: Demo, say: Sentences) -> str:
    """The card as HTML."""
    who, place = say.who(demo.person).capitalize(), say.place(demo.person)
    findings = demo.answer["findings"]
    notices = [finding for finding in findings if finding["kind"] == "notice"]
    settled = [f for f in findings if f["status"] in IN_ORDER and f not in notices]
    pressing = [f for f in findings if f not in notices and f not in settled]
    told = [f"{say.status(finding['status'])}: {finding['title']}" for finding in settled]
    also = say.say("also_title", number=say.number(len(notices)))
    good_to_know = _items([finding["title"] for finding in notices])
    return "".join(
        (
            f"<p>{escape(say.say('person_lead', who=who, place=place))}</p>",
            _clock(demo, say),
            *(_finding(finding, say) for finding in pressing),
            _block(say.say("questions_title"), [q["ask"] for q in demo.answer["questions"][:QUESTIONS]]),
            _block(say.say("in_order"), told),
            f"<details><summary>{escape(also)}</summary>{good_to_know}</details>" if notices else "",
            f'<p class="warn">{escape(str(say.words.labels["sentences"]["unreviewed"]))}</p>',
        )
    )


def _clock(demo: Demo, say: Sentences) -> str:
    tiles = "".join(
        f"<div><dt>{escape(meaning)}</dt><dd>{escape(value)}</dd></div>"
        for value, meaning in clock_facts(demo, say)
    )
    drawn = clock_line(demo.clock, demo.on, today=say.say("today"), title=say.say("clock_title"))
    marks = "".join(
        f'<li class="{escape(mark.kind)}"><strong>{escape(say.day(mark.day))}</strong> '
        f'<span class="status">{escape(say.say(f"clock_{mark.kind}"))}</span> {escape("; ".join(mark.titles))}</li>'
        for mark in demo.clock.marks
    )
    head = f'<h3>{escape(say.say("clock_title"))}</h3><dl class="tiles clock">{tiles}</dl>'
    return f'{head}{_legend(demo, say)}{drawn}<ol class="marks">{marks}</ol>'


def _legend(demo: Demo, say: Sentences) -> str:
    if demo.clock.entered_on is None:
        return ""
    kinds = {"lawful": "clock_lawful"}
    if demo.clock.days_left is not None:
        kinds |= {"over": "clock_after"} if demo.clock.days_left < 0 else {"free": "clock_left"}
    keys = "".join(f'<span class="key {kind}"></span>{escape(say.say(key))} ' for kind, key in kinds.items())
    return f'<p class="legend">{keys}</p>'


def _finding(finding: Mapping[str, Any], say: Sentences) -> str:
    status, due, dispute = finding["status"], finding["due_on"], finding.get("dispute")
    when = f" <time>{escape(say.day(date.fromisoformat(due)))}</time>" if due else ""
    label = f'<span class="status">{escape(say.status(status))}</span>'
    written = f"{'; '.join(finding['cites'])} · {finding['provision']}"
    return "".join(
        (
            f'<article class="{escape(status)}"><h3>{label} {escape(finding["title"])}{when}</h3>',
            _cost(finding, say),
            _part(say.say("because"), finding["because"]),
            _part(say.say("do"), finding["do"]),
            _part(say.say("dispute"), [dispute] if dispute else []),
            f'<p class="soft">{escape(say.say("written"))}: {escape(written)}</p></article>\n',
        )
    )


def _cost(finding: Mapping[str, Any], say: Sentences) -> str:
    amount, months = finding["amount"], finding["ban_months"]
    costs = []
    if amount:
        low = amount["low"]
        costs.append(
            say.money(Fine(low, low if amount["high"] is None else amount["high"], amount["currency"]))
        )
    if months:
        costs.append(say.words.reason("ban", months=int(months)))
    return f'<p class="cost">{escape(" · ".join(costs))}</p>' if costs else ""


def _items(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _part(title: str, lines: Sequence[str]) -> str:
    return f"<h4>{escape(title)}</h4>{_items(lines)}" if lines else ""


def _block(title: str, lines: Sequence[str]) -> str:
    return f"<h3>{escape(title)}</h3>{_items(lines)}" if lines else ""
