"""Lists in a browser: brought, understood, tried, taken in, decided; what cannot be read is said in one line."""

import io
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from safar.casework.intake import bringing
from safar.casework.intake.running import check_list, run_list
from safar.casework.intake.sheets import MOST_BYTES, read_sheet
from safar.casework.people import NameGiven, Registration, Saying, register_person
from safar.desk.intake import tasks
from safar.records.models import Intake, Pair, Person
from safar.words import LANGUAGES, say
from tests.casework.conftest import register, system, working  # noqa: F401  fixtures
from tests.casework.lists import NAZAROVA, RAHIMOV, SAIDOV, xlsx
from tests.web.test_people import seen, visit  # noqa: F401  fixtures

DOUBTFUL = (*RAHIMOV[:5], "1991", *RAHIMOV[6:9], "", "")


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "read_bounded", read_sheet)


@pytest.fixture
def bring(visit, tmp_path):  # noqa: F811
    """``bring(RAHIMOV, who="isfara")``: a list is brought; the browser and the list's number."""

    def brought(*rows, who: str = "isfara", language: str = "en") -> tuple[Client, UUID]:
        client = visit(who, language)
        content = xlsx(tmp_path / "list.xlsx", *rows).read_bytes()
        answer = client.post(reverse("intake_bring"), {"file": SimpleUploadedFile("list.xlsx", content)})
        assert answer.status_code == 302, answer.text
        return client, UUID(answer.url.split("/")[2])

    return brought


@pytest.fixture
def work(working):  # noqa: F811
    """``work(intake_id)``: what the worker would do with it."""

    def done(intake_id: UUID, who: str = "isfara") -> None:
        with working(who) as acting:
            check_list(acting, intake_id, on=timezone.localdate())
            run_list(acting, intake_id, on=timezone.localdate(), clock=timezone.now)

    return done


def form_of(client: Client, intake_id: UUID) -> dict:
    """The columns as the page has guessed them."""
    page = client.get(reverse("intake_list", args=[intake_id])).context["page"]
    return {
        "head": [choice.column.head for choice in page.choices],
        "field": [choice.field for choice in page.choices],
        **page.usual,
        "list_of": page.list_of.isoformat(),
    }


def test_a_list_from_the_file_into_the_register(bring, work, working) -> None:  # noqa: F811
    client, intake_id = bring(RAHIMOV, NAZAROVA, SAIDOV)
    here = reverse("intake_list", args=[intake_id])
    assert "Санаи таваллуд" in client.get(here).text

    tried = client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    assert tried.url == here
    assert say("en", "intake.under_way.checking") in client.get(here).text
    work(intake_id)
    assert "3" in client.get(here).text and say("en", "intake.run") in client.get(here).text

    client.post(reverse("intake_run", args=[intake_id]))
    work(intake_id)

    assert say("en", "intake.outcome.added") in client.get(here).text
    assert say("en", "intake.outcome.added") in client.get(reverse("intake")).text
    assert seen(working, "isfara", Person.objects.count) == 3


def test_in_the_queue_stand_numbers_only(bring) -> None:
    client, intake_id = bring(RAHIMOV)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))

    job = ProcrastinateJob.objects.get()
    assert (job.task_name, set(job.args)) == ("intake.check", {"intake_id", "officer_id", "grant_id"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(bring, work, working, language: str) -> None:  # noqa: F811
    with working("isfara") as acting:
        _rahimov(acting)
    bad = (4, "", "", "", "?", "31.02.1991", "Ҷое", "Нептун", "Атлантида", "12", "№")
    client, intake_id = bring(DOUBTFUL, NAZAROVA, bad, language=language)
    pages = [client.get(reverse("intake")), client.get(reverse("intake_list", args=[intake_id]))]
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    pages.append(client.get(reverse("intake_list", args=[intake_id])))
    work(intake_id)
    pages.append(client.get(reverse("intake_list", args=[intake_id])))
    client.post(reverse("intake_run", args=[intake_id]))
    work(intake_id)
    pages += [client.get(reverse(name, args=[intake_id])) for name in ("intake_list", "intake_decide")]

    for page in pages:
        assert page.status_code == 200 and "style=" not in page.text and "onclick" not in page.text
    assert say(language, "intake.problem.day_unreadable") in pages[3].text
    assert say(language, "people.agrees.same_text") in pages[-1].text


def _rahimov(acting) -> Person:
    return register_person(
        acting,
        Registration(names=[NameGiven("Раҳимов", "Ҷамшед")], home_id="TJ-SU-ISF-001"),
        saying=Saying("person", timezone.localdate()),
        on=timezone.localdate(),
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old_excel"),
        ("a.pdf", b"%PDF-1.7", "not_a_list"),
        ("a.xlsx", b"PK\x03\x04....", "broken_workbook"),
    ],
)
def test_what_is_no_list_is_told_in_one_line(visit, name, content, code) -> None:  # noqa: F811
    answer = visit("isfara").post(
        reverse("intake_bring"), {"file": SimpleUploadedFile(name, content or b" ")}
    )

    assert answer.status_code == 422
    assert say("en", f"refused.{code}") in answer.text


def test_no_file_is_told(visit) -> None:  # noqa: F811
    answer = visit("isfara").post(reverse("intake_bring"), {})

    assert answer.status_code == 422 and say("en", "refused.file_missing") in answer.text


def test_a_file_that_is_too_large_is_kept_nowhere(visit, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr("safar.desk.intake.uploads.MOST_BYTES", 100_000)
    answer = visit("isfara").post(
        reverse("intake_bring"), {"file": SimpleUploadedFile("a.xlsx", b"x" * 3_000_000)}
    )

    assert answer.status_code == 422
    assert say("en", "refused.too_large", most=MOST_BYTES // 2**20) in answer.text
    assert not Intake.objects.exists()


def test_a_form_from_elsewhere_is_refused(register, visit) -> None:  # noqa: F811
    client = visit("isfara")
    client.handler.enforce_csrf_checks = True

    answer = client.post(reverse("intake_bring"), {"file": SimpleUploadedFile("a.csv", b"a;b\n1;2\n")})

    assert answer.status_code == 403


def test_a_field_for_two_columns_is_refused(bring) -> None:
    client, intake_id = bring(RAHIMOV)
    form = form_of(client, intake_id)
    form["field"][0] = "surname"

    answer = client.post(reverse("intake_columns", args=[intake_id]), form)

    assert answer.status_code == 422 and "№" in answer.text


def test_rows_are_decided_on_their_page(bring, work, working, system) -> None:  # noqa: F811
    with working("isfara") as acting:
        known = _rahimov(acting)
    rows = [(*DOUBTFUL[:1], *DOUBTFUL[1:5], year, *DOUBTFUL[6:]) for year in ("1990", "1991", "1992")]
    client, intake_id = bring(*rows)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    work(intake_id)
    client.post(reverse("intake_run", args=[intake_id]))
    work(intake_id)
    assert str(known.pk) in client.get(reverse("intake_decide", args=[intake_id])).text

    client.post(reverse("intake_decide_row", args=[intake_id, 2]), {"decision": f"same {known.pk}"})
    client.post(reverse("intake_decide_row", args=[intake_id, 3]), {"decision": "different"})
    client.post(reverse("intake_decide_all", args=[intake_id]))

    assert (
        say("en", "intake.decide.none.title") in client.get(reverse("intake_decide", args=[intake_id])).text
    )
    assert seen(working, "isfara", Person.objects.count) == 3
    assert seen(working, "isfara", lambda: set(Pair.objects.values_list("decided", flat=True))) == {
        "different",
        "",
    }


def test_the_copy_is_in_the_readers_language(bring, work) -> None:
    client, intake_id = bring(RAHIMOV, ("", "", "", *NAZAROVA[3:]), language="tg")
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    work(intake_id)

    answer = client.get(reverse("intake_copy", args=[intake_id]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.cell(1, 12).value == say("tg", "intake.to_mend")
    assert sheet.cell(3, 12).value == say("tg", "intake.problem.name_missing")
    assert "attachment" in answer["Content-Disposition"]


def test_progress_is_a_part_that_ends_with_the_page(bring, work) -> None:
    client, intake_id = bring(RAHIMOV)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    here = reverse("intake_progress", args=[intake_id])

    going = client.get(here, headers={"HX-Request": "true"})
    work(intake_id)
    over = client.get(here, headers={"HX-Request": "true"})

    assert "every 2s" in going.text and "<html" not in going.text and "HX-Refresh" not in going
    assert over["HX-Refresh"] == "true"


def test_a_list_is_stopped_and_forgotten(bring) -> None:
    client, intake_id = bring(RAHIMOV)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    client.post(reverse("intake_stop", args=[intake_id]))
    assert say("en", "intake.state.read") in client.get(reverse("intake_list", args=[intake_id])).text

    client.post(reverse("intake_forget", args=[intake_id]))
    assert say("en", "intake.gone") in client.get(reverse("intake_list", args=[intake_id])).text


@pytest.mark.parametrize("username", ["kulob", "lawyer", "consul", "donor"])
def test_a_list_is_not_there_for_others(bring, visit, username) -> None:  # noqa: F811
    _, intake_id = bring(RAHIMOV)
    client = visit(username)

    for name in ("intake_list", "intake_progress", "intake_copy", "intake_decide"):
        assert client.get(reverse(name, args=[intake_id])).status_code in (403, 404)
    for name in ("intake_columns", "intake_run", "intake_stop", "intake_forget", "intake_decide_all"):
        assert client.post(reverse(name, args=[intake_id])).status_code in (403, 404)


def test_a_worker_whose_officer_has_lost_the_role_does_nothing(bring, working) -> None:  # noqa: F811
    client, intake_id = bring(RAHIMOV)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))
    job = ProcrastinateJob.objects.get()

    tasks.check(**job.args | {"grant_id": job.args["grant_id"] + 1000})

    assert seen(working, "isfara", lambda: Intake.objects.get().state) == "checking"


def test_what_breaks_is_told_on_the_page_and_not_in_the_log(bring, working, monkeypatch, caplog) -> None:  # noqa: F811
    client, intake_id = bring(RAHIMOV)
    client.post(reverse("intake_columns", args=[intake_id]), form_of(client, intake_id))

    def broken(*args, **words):
        raise RuntimeError("Раҳимов Ҷамшед")

    monkeypatch.setattr(tasks, "check_list", broken)
    tasks.check(**ProcrastinateJob.objects.get().args)

    assert say("en", "refused.run_failed") in client.get(reverse("intake_list", args=[intake_id])).text
    assert "Раҳимов" not in caplog.text and "RuntimeError" in caplog.text


def test_file_names_lead_nowhere(bring, visit, tmp_path) -> None:  # noqa: F811
    content = xlsx(tmp_path / "list.xlsx", RAHIMOV).read_bytes()
    visit("isfara").post(
        reverse("intake_bring"), {"file": SimpleUploadedFile("../../etc/<b>list.xlsx", content)}
    )

    page = visit("isfara").get(reverse("intake")).text
    assert "<b>list" not in page and "../" not in page
    assert Path("list.xlsx").name in page
