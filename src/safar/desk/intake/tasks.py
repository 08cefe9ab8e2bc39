"""What the worker does with lists. In the queue stand numbers only: which list, and in which role it was asked for."""

import logging
import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from safar.casework.access import Acting, acting_as
from safar.casework.errors import CaseworkError
from safar.casework.intake.bringing import give_up
from safar.casework.intake.running import check_list, run_list

QUEUE = "intake"
HANDS = min(2, os.cpu_count() or 1)
log = logging.getLogger(__name__)


def defer_check(acting: Acting, intake_id: UUID) -> None:
    """Let the worker try a list; the job is there when the request's transaction is."""
    _defer(check, acting, intake_id)


def defer_run(acting: Acting, intake_id: UUID) -> None:
    """Let the worker take a list in. Lists of one register go in one after the other."""
    _defer(run, acting, intake_id)


@app.task(queue=QUEUE, name="intake.check")
def check(intake_id: str, officer_id: int, grant_id: int) -> None:
    """Try a list."""
    _carefully(
        intake_id,
        officer_id,
        grant_id,
        lambda acting, which: check_list(acting, which, on=timezone.localdate()),
    )


@app.task(queue=QUEUE, name="intake.run")
def run(intake_id: str, officer_id: int, grant_id: int) -> None:
    """Take a list in, or go on with it."""
    _carefully(
        intake_id,
        officer_id,
        grant_id,
        lambda acting, which: run_list(
            acting, which, on=timezone.localdate(), clock=timezone.now, hands=HANDS
        ),
    )


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, name="intake.mend_stalled", queueing_lock="mend_stalled", pass_context=True)
async def mend_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """What a killed worker was doing is done by another one."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(queue=QUEUE):
        await jobs.retry_job(job)


def _defer(task: Any, acting: Acting, intake_id: UUID) -> None:
    job = task.configure(lock=f"intake-{acting.register_id}")
    job.defer(intake_id=str(intake_id), officer_id=acting.officer_id, grant_id=acting.grant_id)


def _carefully(
    intake_id: str, officer_id: int, grant_id: int, work: Callable[[Acting, UUID], object]
) -> None:
    """The work in the role in which it was asked for. What breaks is told on the list's page."""
    which, now = UUID(intake_id), timezone.now()
    acting = acting_as(officer_id, on=timezone.localdate(), now=now, grant_id=grant_id)
    if acting.grant_id != grant_id:
        return  # the role was taken back meanwhile; the list waits for somebody who has it
    try:
        work(acting, which)
    except CaseworkError as error:
        give_up(acting, which, error.code)
    except Exception as error:
        # Not its message, which may hold what stands in a cell.
        log.error("list %s broke off: %s", intake_id, type(error).__name__)  # noqa: TRY400
        give_up(acting, which, "run_failed")
