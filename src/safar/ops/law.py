"""``safar law``: assess a person, screen a population, check the content, compare days, try a reform."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from safar.base import DataError, as_day
from safar.ops import show

law = typer.Typer(help="What the law asks and gives.", no_args_is_help=True)

On = Annotated[str, typer.Option("--on", help="The day the question is asked about, YYYY-MM-DD.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of the answer: en, ru, tg, ky, uz.")]
Format = Annotated[str, typer.Option("--format", help="text for people, json for machines.")]
All = Annotated[bool, typer.Option("--all", help="Also what does not apply and what was not in force.")]


def day_given(text: str, option: str = "--on") -> date:
    """A day from an option, or a clear refusal."""
    try:
        return as_day(text)
    except ValueError:
        raise DataError(f"{option} {text}: is no day; write YYYY-MM-DD") from None


def format_given(text: str) -> str:
    """The format from an option, or a clear refusal."""
    if text not in ("text", "json"):
        raise typer.BadParameter(f"{text!r} is neither text nor json", param_hint="--format")
    return text


@law.command("assess")
def assess_people(
    facts: Annotated[
        str, typer.Argument(help="A JSON file: one person, a list, or one person a line; - = stdin.")
    ],
    on: On,
    lang: Lang = "en",
    format: Format = "",
    everything: All = False,
    ahead: Annotated[
        bool, typer.Option("--ahead", help="Also deadlines and changes of the next 12 months.")
    ] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Also the next best question and what each answer changes.")
    ] = False,
) -> None:
    """What the law asks of one person, with reasons, and the questions that would settle most."""
    from safar.law import assessor, forecast, next_question, read_law, read_words
    from safar.ops.facts_file import people_of

    day = day_given(on)
    chosen = format_given(format) if format else ("text" if sys.stdout.isatty() else "json")
    source = sys.stdin.read() if facts == "-" else _text(Path(facts))
    people, single = people_of(source, "stdin" if facts == "-" else facts)
    answers = assessor(read_law(), read_words(lang))
    results = []
    for person in people:
        result = answers.assess(person, on=day, everything=everything)
        if ahead:
            result["ahead"] = forecast(answers, person, on=day)
        if ask:
            result["next"] = next_question(answers, person, on=day)
        results.append(result)
    if chosen == "json":
        show.json_out(results[0] if single else results)
    else:
        for result in results:
            show.person_card(result, answers.explainer.words)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text: {error}") from None


@law.command("screen")
def screen_people(
    people: Annotated[Path, typer.Argument(help="People as .csv or .parquet, one row a person.")],
    on: On,
    out: Annotated[Path, typer.Option("--out", help="Findings as .csv or .parquet.")],
    stays: Annotated[
        Path | None, typer.Option("--stays", help="Stays: person_id, country, entered_on, left_on.")
    ] = None,
    offences: Annotated[Path | None, typer.Option("--offences", help="Decisions against people.")] = None,
    everything: All = False,
    engine: Annotated[
        str, typer.Option("--engine", help="polars on this machine, spark past it.")
    ] = "polars",
) -> None:
    """Every provision for everybody in a table: one row per person and finding."""
    from safar.ops.screening import screen_files

    if engine not in ("polars", "spark"):
        raise typer.BadParameter(f"{engine!r} is neither polars nor spark", param_hint="--engine")
    screen_files(people, stays, offences, on=day_given(on), out=out, everything=everything, engine=engine)


@law.command("check")
def check_content(
    only: Annotated[str, typer.Argument(help="Show only problems with this text, e.g. RU-PATENT.")] = "",
    format: Format = "text",
) -> None:
    """Prove that the content is complete, cited, dated without gaps, that its worked cases hold, and the triage too."""
    from safar.flow.check import check_triage
    from safar.law import check, read_law

    report = check()
    found = [*report.problems, *([] if report.problems else check_triage(read_law()))]
    problems = [line for line in found if only in line]
    if format_given(format) == "json":
        show.json_out({"coverage": list(report.coverage), "cases": report.cases, "problems": problems})
    else:
        total = sum(row["rules"] for row in report.coverage)
        show.table("Coverage of the law", list(report.coverage))
        show.lines(
            [
                "texts: dated versions; seen: a page was read; high, med., low: confidence;",
                "disp.: sources disagree, both shown; rev.: reviewed by a lawyer",
                "",
            ]
        )
        show.lines(problems)
        show.lines([f"{total} provisions, {report.cases} worked cases, {len(found)} problems"])
    raise typer.Exit(1 if found else 0)


@law.command("diff")
def compare_days(
    start: Annotated[str, typer.Option("--from", help="The earlier day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", help="The later day.")],
    lang: Lang = "en",
    format: Format = "text",
) -> None:
    """What changed in the law between two days, and for which kind of person."""
    from safar.law import changes, read_law, read_words
    from safar.law.assess import check_reach

    first, last = day_given(start, "--from"), day_given(end, "--to")
    if last < first:
        raise typer.BadParameter("is before --from", param_hint="--to")
    content = read_law()
    for day in (first, last):
        check_reach(content, day)
    found = changes(content, read_words(lang), start=first, end=last)
    if format_given(format) == "json":
        show.json_out({"from": str(first), "to": str(last), "changes": found})
    else:
        show.changes(found)


@law.command("reform")
def try_reform(
    people: Annotated[Path, typer.Argument(help="People as .csv or .parquet, one row a person.")],
    change: Annotated[
        Path, typer.Option("--change", help="YAML: title, params, provisions (docs/guides/a-reform.md).")
    ],
    on: On,
    stays: Annotated[Path | None, typer.Option("--stays", help="Stays of the people.")] = None,
    offences: Annotated[Path | None, typer.Option("--offences", help="Decisions against people.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Every difference, .csv or .parquet.")] = None,
    format: Format = "text",
) -> None:
    """What a changed rule or parameter would do to a population: who gains, who loses, who becomes unlawful."""
    from safar.ops.screening import reform_files

    answer = reform_files(people, stays, offences, change, on=day_given(on), out=out)
    if format_given(format) == "json":
        show.json_out(answer)
    else:
        show.reform(answer)
