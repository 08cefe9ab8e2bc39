"""The parts that pages are made of, as tags. Built in: no ``{% load %}``. /gallery/ shows each of them.

Words are keys of content/words; what a part shows comes in as finished values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from safar.desk.ui import charts
from safar.desk.ui.icons import icon
from safar.desk.ui.language import page_language
from safar.words import known, say
from safar.words.writing import write_number

register = template.Library()

TONES = ("plain", "good", "soon", "danger", "unknown")
# What a finding's status means for whoever looks down a list.
STATUS_TONES = {
    "due": "soon", "overdue": "danger", "done": "good", "late": "plain", "allowed": "good", "forbidden": "danger",
    "exposed": "danger", "raised": "danger", "clear": "good", "announced": "plain", "unknown": "unknown",
    "not_applicable": "plain", "no_rule_in_force": "plain",
}  # fmt: skip


# Badges and notices


@register.simple_tag
def badge(text: object, tone: str = "plain", icon_name: str = "") -> SafeString:
    """``{% badge "RU" %}``, ``{% badge words "danger" %}``: a short word with the icon of its tone."""
    drawn = icon(icon_name or _tone(tone)) if icon_name or tone != "plain" else ""
    return format_html('<span class="badge {}">{}{}</span>', _tone(tone), drawn, text)


@register.simple_tag
def status(name: str) -> SafeString:
    """``{% status finding.status %}``: a finding's status in words, with its tone and icon."""
    tone = STATUS_TONES[name]
    return format_html(
        '<span class="badge {}">{}{}</span>', tone, icon(tone), say(page_language(), f"status.{name}")
    )


@register.simple_block_tag
def notice(content: str, tone: str = "plain", title: str = "") -> str:
    """``{% notice "soon" "the.title.key" %}…{% endnotice %}``: something to know before going on."""
    return render_to_string(
        "desk/ui/parts/notice.html", {"content": content, "tone": _tone(tone), "title": title}
    )


@register.inclusion_tag("desk/ui/parts/not_reviewed.html")
def not_reviewed() -> dict[str, Any]:
    """Beside every answer that no lawyer has reviewed."""
    return {}


@register.inclusion_tag("desk/ui/parts/empty.html")
def empty(words: str, icon_name: str = "search", url: str = "", **values: Any) -> dict[str, Any]:
    """``{% empty "people.empty" url=register_url %}``: nothing here, and what to do.

    Shows ``<words>.title``, ``<words>.text`` and, with ``url``, a link called ``<words>.do``. Values go into the text.
    """
    text = say(page_language(), f"{words}.text", **values)
    return {"words": words, "icon_name": icon_name, "url": url, "text": text}


# Forms


@register.inclusion_tag("desk/ui/parts/field.html")
def field(bound: BoundField, label: str, hint: str = "", optional: bool = False) -> dict[str, Any]:
    """``{% field form.surname "people.surname" hint="people.surname_hint" %}``: label, hint, errors and the control."""
    language = page_language()
    return _field(bound, say(language, label), say(language, hint) if hint else "", optional=optional)


@register.inclusion_tag("desk/ui/parts/field.html")
def plain_field(bound: BoundField) -> dict[str, Any]:
    """A field of a library's form, with the label and the hint that came with it."""
    return _field(bound, str(bound.label), str(bound.help_text), optional=False)


def _field(bound: BoundField, label: str, hint: str, *, optional: bool) -> dict[str, Any]:
    told = [f"{bound.auto_id}-hint"] * bool(hint) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(told)} if told else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    if "placeholder" in widget.attrs:
        attributes["placeholder"] = ""  # a label that goes away when one writes helps nobody
    return {
        "bound": bound,
        "label": label,
        "hint": hint,
        "optional": optional,
        "errors": _errors(bound.form, bound.name),
        "group": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
        "box": isinstance(widget, forms.CheckboxInput),
        "control": bound.as_widget(attrs=attributes),
        "told": " ".join(told),
    }


@register.inclusion_tag("desk/ui/parts/form_errors.html", takes_context=True)
def form_errors(context: template.Context, form: forms.BaseForm, **labels: str) -> dict[str, Any]:
    """``{% form_errors form surname="people.surname" %}``: what to look at, above a form, with links to the fields."""
    fields = [
        {"id": form[name].id_for_label or form[name].auto_id, "label": labels.get(name, ""), "error": error}
        for name in form.errors
        if name != NON_FIELD_ERRORS
        for error in _errors(form, name)
    ]
    sent = (
        getattr(context.get("request"), "method", "") == "POST"
    )  # then this is what the reader should hear first
    return {"fields": fields, "others": _errors(form, NON_FIELD_ERRORS), "first": sent}


@register.simple_tag
def refusal(error: Any) -> str:
    """``{% refusal error %}``: the sentence of a casework error."""
    return _refused(error.code, error.values)


def _errors(form: forms.BaseForm, name: str) -> list[str]:
    return [
        _told(error.code or "", dict(error.params or {}), error.messages[0])
        for error in form.errors.as_data().get(name, [])
    ]


def _told(code: str, values: Mapping[str, Any], otherwise: str) -> str:
    """Casework's own code, a form's usual one, or the sentence that came with the error."""
    if known(page_language(), f"refused.{code}"):
        return _refused(code, values)
    if known(page_language(), f"ui.form.error.{code}"):
        limit = {"limit_value": values["limit_value"]} if "limit_value" in values else {}
        return say(page_language(), f"ui.form.error.{code}", **limit)
    return otherwise


def _refused(code: str, values: Mapping[str, Any]) -> str:
    key = f"refused.{code}"
    return say(page_language(), key if known(page_language(), key) else "refused.unknown", **values)


# Messages: what came of an action, at the top of the next page

MESSAGE_TONES = {"success": "good", "warning": "soon", "error": "danger"}


@register.filter
def message_tone(level: str) -> str:
    """The tone of one of Django's message levels."""
    return MESSAGE_TONES.get(level, "plain")


@register.filter
def tone_word(tone: str) -> str:
    """The key of the word that says a tone aloud."""
    return f"tone.{_tone(tone)}"


# Lists


@register.inclusion_tag("desk/ui/parts/pages.html")
def pages(previous: str = "", following: str = "") -> dict[str, Any]:
    """``{% pages previous=url following=url %}``: the way on and back in a list without numbered pages."""
    return {"previous": previous, "following": following}


@register.inclusion_tag("desk/ui/parts/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """``{% progress done total "intake.rows" %}``: how far a long work has come."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("desk/ui/parts/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """``{% tabs items "person.parts" %}``: links beside each other; an item has label, url, current and maybe count."""
    return {"items": items, "label": label}


@register.inclusion_tag("desk/ui/parts/timeline.html")
def timeline(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``{% timeline entries %}``: what happened or will; an entry has day, title and maybe text, tone, ahead."""
    return {"entries": entries}


@register.inclusion_tag("desk/ui/parts/facts.html")
def facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``{% facts rows %}``: names and values; a row has name, value (none: not known) and maybe note."""
    return {"rows": rows}


@register.simple_block_tag
def folded(content: str, label: str, icon_name: str = "", *, look: str = "") -> str:
    """``{% folded "the.label.key" %}…{% endfolded %}``: opens where it stands; a dialog without a script."""
    return render_to_string(
        "desk/ui/parts/folded.html",
        {"content": content, "label": label, "icon_name": icon_name, "look": look},
    )


# Charts


@register.inclusion_tag("desk/ui/parts/chart/bars.html")
def bars(rows: Sequence[Any], title: str, about: str = "") -> dict[str, Any]:
    """``{% bars rows title="today.by_danger" %}``; a row has label, value and maybe said and tone."""
    return {"chart": charts.lengths(_bars(rows)), "title": title, "about": about}


@register.inclusion_tag("desk/ui/parts/chart/columns.html")
def columns(rows: Sequence[Any], title: str, about: str = "") -> dict[str, Any]:
    """Upright bars for days or weeks, with short labels; rows as for bars."""
    return {"chart": charts.lengths(_bars(rows)), "title": title, "about": about}


@register.inclusion_tag("desk/ui/parts/chart/stacked.html")
def stacked(rows: Sequence[Any], title: str, about: str = "") -> dict[str, Any]:
    """One bar made of parts, with a legend; rows as for bars."""
    return {"chart": charts.parts(_bars(rows)), "title": title, "about": about}


@register.inclusion_tag("desk/ui/parts/chart/waterfall.html")
def waterfall(rows: Sequence[Any], title: str, about: str = "") -> dict[str, Any]:
    """Steps for and against that add up; rows as for bars, values may be negative."""
    return {"chart": charts.steps(_bars(rows, signed=True)), "title": title, "about": about}


@register.inclusion_tag("desk/ui/parts/chart/spark.html")
def spark(values: Sequence[float], label: str, **words: Any) -> dict[str, Any]:
    """``{% spark counts "today.last_weeks" %}``: a line of a few values, told in a sentence."""
    return {"points": charts.line(values), "label": say(page_language(), label, **words)}


def _bars(rows: Sequence[Any], *, signed: bool = False) -> list[charts.Bar]:
    return [_bar(row if isinstance(row, Mapping) else _mapped(row), signed=signed) for row in rows]


def _mapped(row: Any) -> Mapping[str, Any]:
    """A row of a page object as a mapping."""
    return {name: getattr(row, name) for name in ("label", "value", "said", "tone") if hasattr(row, name)}


def _bar(row: Mapping[str, Any], *, signed: bool) -> charts.Bar:
    value = float(row["value"])
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    said = row.get("said") or sign + write_number(page_language(), abs(value))
    tone = row.get("tone") or (("good" if value >= 0 else "danger") if signed else "accent")
    return charts.Bar(str(row["label"]), value, str(said), tone)


def _tone(name: str) -> str:
    if name not in TONES:
        raise template.TemplateSyntaxError(f"{name!r} is not a tone; there are {', '.join(TONES)}")
    return name
