"""Long work: who started it sees how far it is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
from red_genero.common import jobs
from red_genero.common.models import Job
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_progress_is_counted_and_ends_once() -> None:
    job = jobs.start("Constancias", total=3, by=None)
    assert (job.state, job.processed, job.over) == (Job.State.PENDING, 0, False)

    jobs.advance(job)
    assert (job.state, job.done, job.failed) == (Job.State.RUNNING, 1, 0)
    jobs.advance(job, failed=True)
    jobs.advance(job)
    jobs.finish(job, detail="Faltó una firma.")
    ended = job.finished_at
    jobs.finish(job, detail="otra vez")

    job.refresh_from_db()
    assert (job.state, job.processed, job.detail) == (Job.State.FAILED, 3, "Faltó una firma.")
    assert job.finished_at == ended


def test_only_who_started_it_or_reads_jobs_sees_it(client: Client, diana: User) -> None:
    owner, other = make.user(), make.user()
    job = jobs.start("Constancias", total=2, by=owner)
    url = reverse("job_detail", args=[job.key])

    assert client.get(url).status_code == 302
    assert signed_in(other).get(url).status_code == 404
    assert signed_in(owner).get(url).status_code == 200
    assert signed_in(diana).get(url).status_code == 200


def test_the_page_offers_to_ask_again_until_it_ends() -> None:
    owner = make.user()
    job = jobs.start("Constancias", total=2, by=owner)
    client = signed_in(owner)
    url = reverse("job_detail", args=[job.key])

    running = client.get(url).content.decode()
    assert "Actualizar el avance" in running
    assert "js/progress.js" in running
    assert '<progress id="avance" value="0" max="2">' in running
    jobs.advance(job, count=2)
    jobs.finish(job)

    ended = client.get(url).content.decode()
    assert "Actualizar el avance" not in ended
    assert "js/progress.js" not in ended
    assert "Terminado" in ended


def test_silent_jobs_are_found() -> None:
    long_ago = timezone.now() - timedelta(minutes=10)
    fresh = jobs.start("Nuevo", total=1, by=None)
    silent = jobs.start("Callado", total=1, by=None)
    never = jobs.start("Sin señal", total=1, by=None)
    ended = jobs.start("Terminado", total=1, by=None)
    jobs.advance(fresh)
    Job.objects.filter(pk=silent.pk).update(state=Job.State.RUNNING, beat_at=long_ago)
    Job.objects.filter(pk=never.pk).update(created_at=long_ago)
    Job.objects.filter(pk=ended.pk).update(state=Job.State.DONE, beat_at=long_ago)

    found = Job.objects.unfinished(timedelta(minutes=2))

    assert set(found) == {silent, never}
