"""Formación in a real browser: every page of hers and of the board passes axe and fits a phone; the work goes without a mouse."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from members.models import MailDomain, Member, User
from tests import make
from tests.browser import walking
from tests.browser.test_keyboard import tab_to
from tests.browser.visiting import Inspector, Visits
from tests.browser.walking import heading
from tests.rules.seating import MANAGER, enrol, state
from tests.rules.surveys import with_surveys
from tests.smtp import PostOffice
from trainings.models import Approval, ApprovalLink, Edition, Enrollment, FillRun, WalkIn

pytestmark = pytest.mark.once
State = Enrollment.State


@pytest.fixture
def run(office: PostOffice, carmen: User, alicia: Member) -> Edition:
    """An edición of Carmen's with somebody in every list; Alicia is confirmed."""
    made = with_surveys(make.edition(seats=4))
    made.coordinators.add(make.proven(carmen))
    enrol(made, alicia)
    for each in (State.WAITING, State.OFFERED, State.CANCELLED):
        make.enrollment(made, state=each)
    asked = make.enrollment(made, state=State.REQUESTED)
    now = timezone.now()
    petition = Approval.objects.create(
        enrollment=asked, asked_at=now, deadline=now + datetime.timedelta(days=5)
    )
    ApprovalLink.objects.create(
        approval=petition, role=ApprovalLink.Role.MANAGER, email=MANAGER, sent_at=now
    )
    WalkIn.objects.create(edition=made, name="Itzel Xóchitl", captured_by=carmen)
    return made


def test_her_pages_pass_axe_and_fit(run: Edition, alicia: Member, visits: Visits) -> None:
    MailDomain.objects.get_or_create(domain="guadalajara.gob.mx")
    asks = make.edition(make.course("Compras públicas"))
    Edition.objects.filter(pk=asks.pk).update(manager_approval=True)
    key = ApprovalLink.objects.get().key
    assert alicia.person.user
    page, inspector = visits.open(), Inspector()
    month = timezone.localtime(run.begins_at).strftime("%Y-%m")
    here = f"/formacion/{run.course.key}"
    for name, path in {
        "catálogo": "/formacion/?abierta=cupo",
        "formación": f"{here}/",
        "edición": f"{here}/{run.key}/",
        "calendario": f"/formacion/calendario/{month}/",
        "visto bueno": f"/visto-bueno/{key}/",
    }.items():
        page.goto(path)
        inspector.look(page, name)
    walking.sign_in(page, make.proven(alicia.person.user).email)
    for name, path in {
        "panel": "/panel/",
        "mi inscripción": f"{here}/{run.key}/inscripcion/",
        "pedir visto bueno": f"/formacion/{asks.course.key}/{asks.key}/inscripcion/",
        "encuesta": f"{here}/{run.key}/encuesta/diagnostica/",
        "mi calendario": "/mi-calendario/",
    }.items():
        page.goto(path)
        inspector.look(page, name)
    assert not inspector.findings, "\n".join(inspector.findings)


def test_the_board_and_its_pages_pass_axe_and_fit(
    run: Edition, carmen: User, visits: Visits
) -> None:
    page, inspector = visits.open(), Inspector()
    walking.sign_in(page, carmen.email)
    desk = f"/coordinacion/ediciones/{run.key}"
    marked = "&".join(f"seat={pk}" for pk in run.enrollments.values_list("pk", flat=True))
    for name, path in {
        "mesa": "/coordinacion/",
        "coincidencias": "/coordinacion/coincidencias/",
        "tablero": f"{desk}/",
        "mover": f"{desk}/personas/mover/?{marked}",
        "visto bueno": f"{desk}/personas/visto-bueno/?{marked}",
        "inscribir": f"{desk}/inscribir/",
        "proponer": f"{desk}/proponer/",
        "aviso": f"{desk}/aviso/",
        "encuestas": f"{desk}/encuestas/",
        "sin inscripción": f"{desk}/sin-inscripcion/{WalkIn.objects.get().pk}/",
    }.items():
        page.goto(path)
        inspector.look(page, name)
    assert not inspector.findings, "\n".join(inspector.findings)


def test_a_jefatura_answers_without_account_scripts_or_mouse(run: Edition, visits: Visits) -> None:
    link = ApprovalLink.objects.get()
    page = visits.open(scripts=False, width=390)
    page.goto(f"/visto-bueno/{link.key}/")
    page.get_by_role("button", name="Dar el visto bueno", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("ya se respondió")
    assert state(link.approval.enrollment) != State.REQUESTED


def test_she_answers_the_survey_without_a_mouse(
    run: Edition, alicia: Member, visits: Visits
) -> None:
    assert alicia.person.user
    page = visits.open()
    walking.sign_in(page, make.proven(alicia.person.user).email)
    page.goto(f"/formacion/{run.course.key}/{run.key}/encuesta/diagnostica/")
    tab_to(page, page.get_by_label("Un atajo del juicio"))
    page.keyboard.press("Space")
    tab_to(page, page.locator("main").get_by_role("button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("sus respuestas quedaron guardadas")


def test_the_coordinator_frees_a_seat_without_a_mouse(
    run: Edition, alicia: Member, carmen: User, visits: Visits
) -> None:
    waiting = run.enrollments.get(state=State.WAITING)
    Edition.objects.filter(pk=run.pk).update(seats=2)
    page = visits.open()
    walking.sign_in(page, carmen.email)
    page.goto(f"/coordinacion/ediciones/{run.key}/")
    heading(page, run.course.title)
    tab_to(page, page.get_by_role("checkbox", name=str(alicia.person)))
    page.keyboard.press("Space")
    act = page.get_by_role("button", name="Cancelar inscripciones")
    act.focus()
    page.keyboard.press("Enter")
    heading(page, "Cancelar inscripciones")
    tab_to(page, page.get_by_label("Motivo"))
    page.keyboard.type("Cambió de horario.")
    tab_to(page, page.get_by_role("button", name="Cancelar inscripciones"))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 de 1 hechas")
    assert state(waiting) == State.OFFERED
    assert FillRun.objects.latest("pk").outcome == "Se ofreció 1 lugar."
