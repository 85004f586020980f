"""The rounds that the worker makes by itself exist, and do their work."""

import datetime

import pytest
import time_machine
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from members.models import Member
from red_genero.common.jobs import SWEEPERS
from tests import make
from trainings.models import Edition, Enrollment


@pytest.fixture
def rounds() -> None:
    """The rounds registered by every app."""
    autodiscover_modules("tasks")


def test_an_offer_left_alone_moves_on_by_itself(
    rounds: None, alicia: Member, beatriz: Member
) -> None:
    edition = make.edition(seats=1, starts_in_days=20)
    offered = make.enrollment(edition, alicia.person, Enrollment.State.OFFERED)
    waiting = make.enrollment(edition, beatriz.person, Enrollment.State.WAITING)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49), tick=False):
        SWEEPERS["ronda de formación"].run()

    offered.refresh_from_db()
    waiting.refresh_from_db()
    assert (offered.state, waiting.state) == ("oferta_vencida", "ofrecida")


def test_an_edition_starts_by_the_clock(rounds: None, db: None) -> None:
    edition = make.edition(starts_in_days=1)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=False):
        SWEEPERS["ronda de formación"].run()

    assert Edition.objects.get(pk=edition.pk).state == Edition.State.RUNNING


def test_the_round_of_solicitudes_is_registered(rounds: None, db: None) -> None:
    assert SWEEPERS["ronda de solicitudes"].every == datetime.timedelta(hours=1)
    SWEEPERS["ronda de solicitudes"].run()
