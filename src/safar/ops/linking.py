"""``safar link`` and ``safar match``: read, check, compare, write whole or not at all; with a progress bar."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safar.base import DataError
from safar.lake import read_table, write_table
from safar.ops import show

if TYPE_CHECKING:
    from safar.linkage.model import Model

_STEPS = 7  # read names, learn (three sessions), compare, gather, and the last
_ENDINGS = (".csv", ".parquet")

Records = Annotated[
    Path, typer.Argument(help="Records as .csv or .parquet, columns as in docs/guides/names.md.")
]
Out = Annotated[Path, typer.Option("--out", help="Where the answer is written, .csv or .parquet.")]
ModelFile = Annotated[
    Path | None, typer.Option("--model", help="A model that was saved; else one is learnt.")
]
Threads = Annotated[int, typer.Option("--threads", help="Processors to use; 0 = all.")]


def link(
    records: Records,
    out: Out,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark past one machine.")] = "duckdb",
    model: ModelFile = None,
    save_model: Annotated[
        Path | None, typer.Option("--save-model", help="Keep what was learnt, as JSON.")
    ] = None,
    doubtful: Annotated[
        Path | None, typer.Option("--doubtful", help="Pairs that a person should look at, .csv or .parquet.")
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", help="Bits for a merge; higher merges less.")
    ] = 1.0,
    threads: Threads = 0,
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Which records are one person: writes record_id, cluster_id. Nothing is merged for good; people decide."""
    if engine not in ("duckdb", "spark"):
        raise typer.BadParameter(f"{engine!r} is neither duckdb nor spark", param_hint="--engine")
    if format not in ("text", "json"):
        raise typer.BadParameter(f"{format!r} is neither text nor json", param_hint="--format")
    _check_endings(out=out, doubtful=doubtful)
    from safar.linkage.check import check_records

    table = check_records(read_table(records), str(records))
    linked = _linked(table, engine, _model(model), threshold, threads)
    write_table(linked.clusters, out)
    if doubtful is not None:
        write_table(linked.doubtful, doubtful)
    if save_model is not None:
        _write_text(save_model, linked.model.to_json())
    answer = {
        "records": linked.clusters.height,
        "people": linked.clusters["cluster_id"].n_unique(),
        "doubtful_pairs": linked.doubtful.height,
    }
    _tell(answer, out, format)


def _tell(answer: dict[str, int], out: Path, format: str) -> None:
    if format == "json":
        show.json_out(answer)
    else:
        show.note(f"{out}: {answer['records']:,} records of {answer['people']:,} people")


def match(
    people: Annotated[
        Path, typer.Argument(help="People: person_id or record_id, surname, given_name, patronymic, dob.")
    ],
    against: Annotated[
        Path, typer.Argument(help="The list: surname, given_name, patronymic, dob.", metavar="LIST")
    ],
    out: Out,
    model: ModelFile = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Also a row for everybody who is not found: none, or unknown.")
    ] = False,
    threads: Threads = 0,
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Who may be on a list, such as an entry ban: certain or possible, with the level of each field as the reason."""
    if format not in ("text", "json"):
        raise typer.BadParameter(f"{format!r} is neither text nor json", param_hint="--format")
    _check_endings(out=out)
    from safar.linkage.check import check_list, check_people
    from safar.linkage.match import match_people

    persons, rows = (
        check_people(read_table(people), str(people)),
        check_list(read_table(against), str(against)),
    )
    with show.progress("Matching", total=rows.height) as advance:
        answer = match_people(
            persons, rows, model=_model(model), everybody=everybody, threads=threads or None, advance=advance
        )
    write_table(answer, out)
    states = dict(answer.group_by("state").len().sort("state").iter_rows())
    if format == "json":
        show.json_out({"people": persons.height, "list_rows": rows.height, **states})
    else:
        told = ", ".join(f"{count:,} {state}" for state, count in states.items()) or "nobody found"
        show.note(f"{out}: {told}")


def _linked(table: Any, engine: str, model: "Model | None", threshold: float, threads: int) -> Any:
    from safar.linkage.link import link_records

    with show.progress("Linking", total=_STEPS) as advance:
        make = None
        if engine == "spark":
            from safar.lake.spark import spark_session
            from safar.linkage.spark import SparkEngine

            session = spark_session()
            make = lambda prepared: SparkEngine(prepared, session)  # noqa: E731 - one use
        return link_records(
            table,
            model=model,
            threshold=threshold,
            threads=threads or None,
            engine=make,
            step=lambda _: advance(),
        )


def _model(path: Path | None) -> "Model | None":
    from safar.linkage.model import read_model

    return read_model(path) if path else None


def _check_endings(**files: Path | None) -> None:
    """Refuse before the work, not after it."""
    for name, path in files.items():
        if path is not None and path.suffix.lower() not in _ENDINGS:
            raise DataError(f"--{name} {path}: write to a file that ends in .csv or .parquet")


def _write_text(path: Path, text: str) -> None:
    from safar.lake import whole_file

    with whole_file(path) as part:
        part.write_text(text, "utf-8")
