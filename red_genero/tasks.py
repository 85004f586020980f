"""What the worker does for the whole portal: the handover pack, which speaks of every app."""

from datetime import timedelta

from django_tasks import task

from members.models import HandoverPack
from red_genero.common.jobs import sweeper
from red_genero.common.models import Job
from red_genero.handover import packing

SILENCE = timedelta(minutes=10)


@task()
def make_handover(pk: int) -> None:
    """Make a pack that somebody asked for; one that was erased meanwhile is nothing to do."""
    pack = (
        HandoverPack.objects.select_related("job", "term", "asked_by__person").filter(pk=pk).first()
    )
    if pack is not None:
        packing.make(pack)


@sweeper("entregas sin terminar", every=timedelta(minutes=5))
def finish_handovers() -> None:
    """Take up again what a lost worker left half done."""
    for job in Job.objects.unfinished(SILENCE).filter(handover__isnull=False):
        make_handover.enqueue(job.handover.pk)
