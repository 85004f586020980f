"""What the worker does for trainings: tasks take ids, fetch, call one verb, and may run twice."""

from datetime import timedelta

from django_tasks import task

from red_genero.common.jobs import sweeper
from trainings import archiving, bundling, issuing, scheduling
from trainings.models import Bundle, Certificate, IssueBatch

SILENCE = timedelta(minutes=2)


@task()
def issue_batch(pk: int) -> None:
    """Issue what a batch of constancias still owes."""
    issuing.work_through(IssueBatch.objects.select_related("job").get(pk=pk))


@task()
def make_pdf(pk: int) -> None:
    """Make the PDF of one constancia, a replacement for instance."""
    archiving.store_pdf(Certificate.objects.get(pk=pk))


@task()
def make_bundle(pk: int) -> None:
    """Put the documents of an edición in one file."""
    bundling.make(Bundle.objects.select_related("job", "edition").get(pk=pk))


@sweeper("conjuntos de constancias de hace días", every=timedelta(hours=6))
def forget_old_bundles() -> None:
    """Delete the files of last week."""
    bundling.forget_old()


@sweeper("constancias sin terminar", every=timedelta(minutes=1))
def finish_certificates() -> None:
    """Take up again what a lost worker left half done."""
    issuing.work_through_lost(SILENCE)


@sweeper("ronda de formación", every=timedelta(minutes=5))
def follow_the_clock() -> None:
    """Expire offers, start ediciones and leave no free seat forgotten."""
    scheduling.daily_round()
