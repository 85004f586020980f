"""«Mi panel»: what waits for each person comes first."""

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import vetting
from members.models import Member, User
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from trainings.models import Enrollment


def panel(user: User | None) -> str:
    """Return the page of an account."""
    assert user is not None
    answer = signed_in(user).get("/panel/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_a_new_account_is_invited() -> None:
    text = panel(make.user())
    assert "Solicite su ingreso" in text
    assert "/solicitud/" in text


def test_an_applicant_sees_where_her_solicitud_is(valentina: User) -> None:
    assert "no se ha enviado" in panel(make.draft().person.user)
    application = make.application()
    assert "en espera de revisión" in panel(application.person.user)
    by = By.admin(valentina)
    vetting.take(application, by=by)
    assert "El Instituto revisa su solicitud" in panel(application.person.user)
    vetting.request_information(application, question="¿Área?", by=by)
    text = panel(application.person.user)
    assert "/solicitud/respuesta/" in text
    assert "Responda a más tardar" in text


def test_an_offer_and_tomorrow_come_first(alicia: Member) -> None:
    offered = make.edition()
    make.enrollment(offered, alicia.person, Enrollment.State.OFFERED)
    soon = make.edition(starts_in_days=1)
    session = soon.sessions.order_by("starts_at")[0]
    session.starts_at = timezone.now() + datetime.timedelta(hours=20)
    session.ends_at = session.starts_at + datetime.timedelta(hours=2)
    session.save()
    make.enrollment(soon, alicia.person)
    text = panel(alicia.person.user)
    first, second = text.index("Le ofrecen un lugar"), text.index("Próxima sesión")
    assert first < second < text.index("Sus inscripciones")


def test_staff_find_their_desks(valentina: User, carmen: User) -> None:
    make.application()
    text = panel(valentina)
    assert "1 en espera" in text
    assert "Puede solicitar su ingreso" not in text
    assert "Coordinación de ediciones" in panel(carmen)


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_same_queries_whatever_she_has(
    alicia: Member, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        make.enrollment(make.edition(), alicia.person)
        make.enrollment(make.edition(), alicia.person, Enrollment.State.OFFERED)
    she = signed_in(alicia.person.user)  # type: ignore[arg-type]
    she.get("/mis-datos/")
    with django_assert_num_queries(17):
        she.get("/panel/")
