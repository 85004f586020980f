"""The demonstration lives its story through the real verbs, once, and only in demo mode."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from members import coverage, duplicates, ratifying, reorganising, risks
from members.models import (
    Application,
    Assignment,
    ContactRequest,
    DesignationRequest,
    GovernmentTerm,
    Member,
    Person,
    Succession,
    UnitRatification,
    UnitStep,
    User,
)
from red_genero.common.models import Transition
from red_genero.demo import ENTRY_WORD
from red_genero.demo.cast import MEMBERS, STAFF, WAITING
from resources.models import Bulletin, BulletinDelivery
from trainings.models import (
    AttendancePaper,
    Certificate,
    Design,
    Edition,
    Enrollment,
    PastCertificate,
    WalkIn,
)

CROWD = 22
"""As many as show what a hundred would."""


@pytest.fixture
def demonstration(db: None, settings: Settings) -> None:
    """A portal with its catalogues, in demo mode."""
    settings.DEMO = True
    call_command("load_catalogs", stdout=StringIO())
    call_command("sync_roles", stdout=StringIO())


def say(**options: int) -> str:
    """Return what the command prints."""
    printed = StringIO()
    call_command("demo", stdout=printed, **{"people": CROWD, **options})
    return printed.getvalue()


def test_outside_demo_mode_it_refuses(db: None) -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        say()

    assert not User.objects.exists()


def test_the_story_is_lived_once_and_told(demonstration: None) -> None:
    say()
    before = Transition.objects.count()
    again = say()

    assert "ya estaba" in again
    assert Transition.objects.count() == before
    assert Member.objects.active().count() == CROWD
    seats = Assignment.objects.open().filter(person__member__isnull=False)
    assert seats.values("department").distinct().count() >= CROWD - len(MEMBERS)
    earliest = Certificate.objects.earliest("issued_at").issued_at.date()
    assert all(each.person.member.since < earliest for each in Certificate.objects.all())
    shown = Transition.objects.about(Member.objects.get(person__user__email=MEMBERS[0].email))
    assert shown.earliest("at").at < timezone.now() - datetime.timedelta(days=30)
    assert Application.objects.filter(state="aprobada").count() == len(MEMBERS)
    for brought in Member.objects.filter(person__applications=None):
        line = Transition.objects.about(brought).earliest("at", "pk")
        assert (timezone.localdate(line.at), line.channel) == (brought.since, "importacion")
    asked = Application.objects.get(person__user__email=WAITING[0].email)
    (alike,) = duplicates.of(asked.person)
    assert (alike.reasons, alike.person.member.state) == (("el mismo nombre",), "activa")
    assert Certificate.objects.valid().exclude(sha256="").count() == 9
    ended = Certificate.objects.exclude(ended_at=None).order_by("pk")
    assert [each.state for each in ended] == ["reemplazada", "revocada"]
    assert (WalkIn.objects.count(), WalkIn.objects.exclude(enrollment=None).count()) == (2, 1)
    designs = Design.objects.order_by("version").values_list("state", flat=True)
    assert list(designs) == [Design.State.ACTIVE, Design.State.DRAFT]
    assert AttendancePaper.objects.count() == PastCertificate.objects.count() == 2
    assert Enrollment.objects.filter(state="no_asistio").count() == 1
    assert Enrollment.objects.filter(state="ofrecida").count() == 2
    states = Edition.objects.order_by("key").values_list("key", "state")
    assert dict(states) == {
        "dh-01-2026-1": "en_curso",
        "is-01-2026-1": "publicada",
        "lp-04-2026-1": "publicada",
        "pg-02-2026-1": "publicada",
        "pg-03-2026-1": "publicada",
        "pp-03-2026-1": "publicada",
        "tr-01-2026-1": "cerrada",
    }
    read = coverage.read()
    assert (read.covered, read.only_alternate) == (6, 1)
    assert sorted(post.rung for post in read.posts if post.unit) == [1, 2, 3, 3, 4, 5]
    assert len(risks.at_risk()) == 2
    term = GovernmentTerm.objects.get(state="cerrado")
    tasks = dict(term.tasks.order_by().values_list("state").annotate(Count("pk")))
    assert (tasks["ratificada"], tasks["sustituida"], tasks["vacante"]) == (1, 5, 2)
    assert ratifying.owing(term).count() == UnitRatification.objects.count() == 1
    assert sorted(UnitStep.objects.exclude(state="validada").values_list("state", flat=True)) == [
        "observada",
        "presentada",
    ]
    assert DesignationRequest.objects.waiting().count() == 2
    formers = Succession.objects.values("kind").annotate(
        formers=Count("former", distinct=True), heirs=Count("successor", distinct=True)
    )
    assert {row["kind"]: (row["formers"], row["heirs"]) for row in formers} == {
        "renombrada": (10, 10),
        "fusionada": (9, 5),
        "dividida": (3, 6),
    }
    assert not reorganising.left_behind().exists()
    asked_of_others = ContactRequest.objects.order_by("pk").values_list("state", flat=True)
    assert list(asked_of_others) == ["enviada", "aceptada", "declinada"]
    assert Person.objects.filter(guides_in__isnull=False).exists()
    assert dict(Bulletin.objects.values_list("number", "state")) == {1: "enviado", 2: "borrador"}
    assert BulletinDelivery.objects.exclude(queued_at=None).count() == 3
    places = Enrollment.objects.places(list(Edition.objects.all()))
    assert all(each.free >= 0 for each in places.values())

    everybody_named_enters_and_the_constancia_verifies(say(summary=True))


def everybody_named_enters_and_the_constancia_verifies(summary: str) -> None:
    """What the command tells is true of the people and of the paper it names."""
    for someone in (*STAFF, MEMBERS[0], WAITING[0]):
        assert someone.email in summary
        assert Client().login(email=someone.email, password=ENTRY_WORD)
    address = summary.rsplit("http://testserver", 1)[1].strip()
    answer = Client().get(address)
    assert (answer.status_code, "vigente" in answer.content.decode()) == (200, True)
