"""Her jefatura answers by a link without account; the suplente, the clock and the staff do the rest."""

import datetime
import logging
import re
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import membership
from members.models import MailDomain, Member, User
from red_genero.common.logs import WithoutKeys
from red_genero.common.models import QueuedMail, Transition
from tests import make
from tests.conftest import signed_in
from tests.house import world as house
from tests.rules.seating import MANAGER, STAFF, by, change, enrol, forget_mails, mails, state
from trainings import approving, enrolling, scheduling
from trainings.models import Approval, ApprovalLink, Edition, Enrollment

State = Enrollment.State
SUBSTITUTE = "suplencia@guadalajara.gob.mx"


@pytest.fixture
def run(db: None) -> Edition:
    """An edición of one seat that asks for the visto bueno."""
    MailDomain.objects.create(domain="guadalajara.gob.mx")
    return change(make.edition(seats=1, starts_in_days=30), manager_approval=True)


@pytest.fixture
def asked(run: Edition, alicia: Member) -> Enrollment:
    """Alicia's request, with a suplente."""
    return enrolling.enrol(
        run, alicia.person, by=by(alicia), manager_email=MANAGER, substitute_email=SUBSTITUTE
    )


def page_of(seat: Enrollment, name: str = "approval", role: str = "titular") -> str:
    """Return the address in the mail."""
    return reverse(f"trainings:{name}", args=[seat.approval.links.get(role=role).key])


def days_later(days: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)


def text(answer: object) -> str:
    html = getattr(answer, "content").decode()  # noqa: B009
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# Her page ---------------------------------------------------------------------------------------
def test_she_gives_the_address_and_reads_who_was_asked(run: Edition, alicia: Member) -> None:
    assert alicia.person.user
    desk = signed_in(alicia.person.user)
    address = reverse("trainings:enrollment", args=[run.course.key, run.key])
    assert "Correo institucional de su jefatura" in text(desk.get(address))

    empty = desk.post(address, {})
    done = desk.post(
        address, {"manager_email": MANAGER.upper(), "substitute_email": SUBSTITUTE}, follow=True
    )

    assert empty.status_code == 422
    assert f"espera el visto bueno de su jefatura ({MANAGER})" in text(done)
    assert f"Si en tres días no responde, preguntaremos a {SUBSTITUTE}." in text(done)
    assert mails() == [
        ("approval_asked", MANAGER),
        ("enrollment_requested", alicia.person.address),
    ]
    asked = QueuedMail.objects.get(recipient=MANAGER)
    assert asked.secret
    assert asked.expires_at == Approval.objects.get().deadline


@pytest.mark.parametrize(
    ("manager", "substitute", "codes"),
    [
        ("", "", ["manager_required"]),
        ("", SUBSTITUTE, ["manager_required"]),
        ("jefa@correo.example", "", ["address_not_institutional"]),
        ("no es un correo", "", ["address_invalid"]),
        (MANAGER, MANAGER, ["same_address"]),
        ("jefa@a.example", "otra@b.example", ["address_not_institutional"] * 2),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_nothing_is_written(
    run: Edition, alicia: Member, manager: str, substitute: str, codes: list[str]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        enrolling.enrol(
            run,
            alicia.person,
            by=by(alicia),
            manager_email=manager,
            substitute_email=substitute,
        )

    assert [error.code for error in refusal.value.error_list] == codes
    assert not Enrollment.objects.exists()
    assert mails() == []


def test_nobody_is_her_own_jefatura(run: Edition, alicia: Member) -> None:
    assert alicia.person.user
    for own in (alicia.person.address, alicia.person.address.upper()):
        with pytest.raises(ValidationError) as refusal:
            enrolling.enrol(run, alicia.person, by=by(alicia), manager_email=own)
        assert refusal.value.error_list[0].code == "own_address"


def test_a_jefatura_is_not_written_to_again_and_again(run: Edition, alicia: Member) -> None:
    for _ in range(approving.PETITIONS_A_DAY):
        enrolling.cancel(enrol(run, alicia), by=by(alicia))

    with pytest.raises(ValidationError) as refusal:
        enrol(run, alicia)

    assert refusal.value.error_list[0].code == "too_many_petitions"
    with days_later(1.1):
        assert enrol(run, alicia).state == State.REQUESTED


# The link ---------------------------------------------------------------------------------------
def test_a_hundred_readings_change_nothing(asked: Enrollment, client: Client) -> None:
    before = house.fingerprint()

    for _ in range(100):
        cache.clear()
        assert client.get(page_of(asked)).status_code == 200

    assert house.fingerprint() == before


def test_the_page_tells_what_is_needed_and_nothing_else(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    alicia.person.mobile = "3312345678"
    alicia.person.save()
    Enrollment.objects.update(adjustments="Letra grande")

    answer = client.get(page_of(asked))
    shown = text(answer)

    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    assert alicia.person.full_name in shown
    for secret in (
        alicia.person.address,
        "3312345678",
        "33 1234 5678",
        "Letra grande",
        alicia.folio,
    ):
        assert secret not in shown
    assert SUBSTITUTE not in shown


def test_the_visto_bueno_gives_the_seat_once(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    forget_mails()

    first = client.post(page_of(asked, "approval_give"), follow=True)
    again = client.post(page_of(asked, "approval_give"), follow=True)
    against = client.post(page_of(asked, "approval_decline"), {"reason": "Me equivoqué."})

    assert state(asked) == State.CONFIRMED
    assert "ya se respondió: aprobada" in text(first)
    assert again.status_code == 200
    assert against.status_code == 409
    assert mails() == [("enrolled_confirmed", alicia.person.address)]
    line = list(Transition.objects.about(asked))[-1]
    assert (line.actor_name, line.channel) == (f"Jefatura ({MANAGER})", "web")


def test_without_seat_the_visto_bueno_leads_to_the_queue(
    asked: Enrollment, beatriz: Member, client: Client
) -> None:
    make.enrollment(asked.edition, beatriz.person)
    forget_mails()

    client.post(page_of(asked, "approval_give"))

    assert state(asked) == State.WAITING
    assert [kind for kind, _ in mails()] == ["enrolled_waiting"]


def test_a_no_needs_its_reason_and_she_reads_it(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    forget_mails()

    silent = client.post(page_of(asked, "approval_decline"), {"reason": " "})
    client.post(page_of(asked, "approval_decline"), {"reason": "Cierre anual del área."})

    assert silent.status_code == 422
    assert state(asked) == State.REJECTED
    assert mails() == [("enrollment_rejected", alicia.person.address)]
    assert "Cierre anual del área." in QueuedMail.objects.get().text


def test_she_cannot_answer_with_the_link_in_her_hand(asked: Enrollment, alicia: Member) -> None:
    assert alicia.person.user

    answer = signed_in(alicia.person.user).post(page_of(asked, "approval_give"))

    assert answer.status_code == 409
    assert state(asked) == State.REQUESTED


def test_no_answer_leaves_the_key_in_the_log(asked: Enrollment, client: Client) -> None:
    link = asked.approval.links.get(role="titular")
    shown = logging.StreamHandler(StringIO())
    shown.addFilter(WithoutKeys())
    logging.getLogger().addHandler(shown)
    try:
        client.post(page_of(asked, "approval_decline"))
        scheduling.cancel_edition(asked.edition, by=STAFF, reason="Motivo")
        client.post(page_of(asked, "approval_give"))
        client.get(f"{page_of(asked)}otra/")
        client.put(page_of(asked))
        Client(enforce_csrf_checks=True).post(page_of(asked, "approval_give"))
    finally:
        logging.getLogger().removeHandler(shown)

    written = shown.stream.getvalue()
    assert [line for line in written.splitlines() if "/visto-bueno/" in line]
    assert [word for word in (link.code, *link.key.split(".")) if word in written] == []
    assert "without_keys" in str(settings.LOGGING["handlers"])
    assert [logger.name for logger in _loggers() if logger.handlers and logger.name] == []


def _loggers() -> list[logging.Logger]:
    """Return Django's loggers, which must write through the root's only."""
    names = ("django", "django.request", "django.security", "django.security.csrf")
    return [logging.getLogger(name) for name in names]


def test_a_guessed_key_opens_nothing(asked: Enrollment, client: Client) -> None:
    code = ApprovalLink.objects.get(role="titular").code
    unsent = asked.approval.links.get(role="suplente").key

    found = [
        client.get(reverse("trainings:approval", args=[key])).status_code
        for key in (code, f"{code}:{code}", "x", unsent)
    ]

    assert found == [404] * 4


def test_a_cancelled_request_says_so_and_takes_no_answer(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    enrolling.cancel(asked, by=by(alicia))

    assert "La solicitud se canceló" in text(client.get(page_of(asked)))
    assert client.post(page_of(asked, "approval_give")).status_code == 409
    assert state(asked) == State.CANCELLED


def test_who_no_longer_qualifies_is_not_let_in(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    membership.suspend(alicia, reason="Licencia", by=STAFF)

    answer = client.post(page_of(asked, "approval_give"))

    assert answer.status_code == 409
    assert "faltan condiciones que el Instituto revisa" in text(answer)
    assert "suspendida" not in text(answer)
    assert state(asked) == State.REQUESTED


@pytest.mark.usefixtures("still_clock")
def test_guessing_is_slowed_down(db: None, client: Client) -> None:
    answers = [client.get("/visto-bueno/x/").status_code for _ in range(42)]

    assert answers[0] == 404
    assert answers[-1] == 429


# The clock --------------------------------------------------------------------------------------
def test_reminder_then_suplente_then_silence(
    asked: Enrollment, alicia: Member, client: Client
) -> None:
    forget_mails()
    said: list[tuple[float, list[tuple[str, str]]]] = []
    for day in (1.9, 2.1, 2.5, 3.1, 4, 5.2, 6.9, 7.1, 8):
        with days_later(day):
            scheduling.daily_round()
            scheduling.daily_round()
            said.append((day, mails()))
            forget_mails()

    assert [(day, found) for day, found in said if found] == [
        (2.1, [("approval_asked", MANAGER)]),
        (3.1, [("approval_asked", SUBSTITUTE)]),
        (5.2, [("approval_asked", SUBSTITUTE)]),
        (7.1, [("approval_expired", alicia.person.address)]),
    ]
    assert state(asked) == State.CANCELLED
    assert Approval.objects.get().decision == Approval.Decision.EXPIRED
    with days_later(7.2):
        assert "El plazo para responder terminó" in text(client.get(page_of(asked)))
        assert client.post(page_of(asked, "approval_give")).status_code == 409


def test_the_suplente_answers_and_the_titular_reads_it(asked: Enrollment, client: Client) -> None:
    with days_later(3.1):
        approving.remind_approvals()
        client.post(page_of(asked, "approval_give", "suplente"))

        assert state(asked) == State.CONFIRMED
        assert "ya se respondió" in text(client.get(page_of(asked)))
    assert Approval.objects.get().decided_by == f"Suplente ({SUBSTITUTE})"


def test_the_time_to_answer_never_outlasts_the_beginning(alicia: Member) -> None:
    soon = change(make.edition(starts_in_days=3), manager_approval=True)

    seat = enrol(soon, alicia)

    assert seat.approval.deadline == soon.begins_at


@pytest.mark.parametrize("asked_at", ["2026-12-10T12:00:00", "2026-12-24T23:59:59"])
def test_an_answer_in_the_last_second_counts_and_one_later_does_not(
    db: None, alicia: Member, client: Client, asked_at: str
) -> None:
    MailDomain.objects.create(domain="guadalajara.gob.mx")
    moment = timezone.make_aware(datetime.datetime.fromisoformat(asked_at))
    with time_machine.travel(moment, tick=False):
        run = change(make.edition(starts_in_days=30), manager_approval=True)
        asked = enrolling.enrol(run, alicia.person, by=by(alicia), manager_email=MANAGER)
    deadline = Approval.objects.get().deadline
    assert deadline == moment + datetime.timedelta(days=7)
    second = datetime.timedelta(seconds=1)
    with time_machine.travel(deadline + second, tick=False):
        assert client.post(page_of(asked, "approval_give")).status_code == 409
        assert "Escriba el motivo." not in text(client.get(page_of(asked)))
    with time_machine.travel(deadline, tick=False):
        assert "Escriba el motivo." in text(client.post(page_of(asked, "approval_decline")))
        assert client.post(page_of(asked, "approval_give")).status_code == 302
    assert state(asked) == State.CONFIRMED


def test_staff_registers_it_with_a_reason_and_the_link_says_so(
    asked: Enrollment, fernanda: User, client: Client
) -> None:
    desk = signed_in(fernanda)
    act = reverse("trainings:seats_act", args=[asked.edition.key, "visto-bueno"])

    silent = desk.post(act, {"seat": [asked.pk], "reason": ""})
    done = desk.post(act, {"seat": [asked.pk], "reason": "Oficio 12."})

    assert silent.status_code == 422
    assert "1 de 1 hechas" in text(done)
    assert state(asked) == State.CONFIRMED
    assert "ya se respondió" in text(client.get(page_of(asked)))


def test_a_baja_takes_the_request_back(asked: Enrollment, alicia: Member, client: Client) -> None:
    membership.end(alicia, reason="Baja", by=STAFF)

    assert state(asked) == State.CANCELLED
    assert "La solicitud se canceló" in text(client.get(page_of(asked)))
