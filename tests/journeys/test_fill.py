"""Every way in which a seat is freed or added, pressed where people press it: who is offered it and exactly which mails left."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import forgetting, membership, reorganising
from members.models import Member, User
from members.tree_rules import New, Order
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.journeys.test_training_desk import typed
from tests.rules.seating import MANAGER, STAFF, change, enrol, forget_mails, mails, state
from trainings.models import ApprovalLink, Edition, Enrollment, FillRun, Nomination

State = Enrollment.State
Mail = tuple[str, str]
WHY: Final = {"reason": "Motivo"}


@dataclass(frozen=True, slots=True)
class Scene:
    """An edición of one seat: Alicia's. Beatriz waits. Carmen coordinates it; Fernanda and Diana are at their desks."""

    run: Edition
    alicia: Member
    beatriz: Member
    carmen: User
    fernanda: User
    diana: User

    @property
    def seat(self) -> Enrollment:
        """Alicia's."""
        return self.run.enrollments.get(person=self.alicia.person)

    @property
    def waiting(self) -> Enrollment:
        """Beatriz's place."""
        return self.run.enrollments.get(person=self.beatriz.person)

    def hers(self, name: str, who: Member, **typed: str) -> None:
        """Let an integrante press a button of her own page."""
        assert who.person.user
        page = reverse(f"trainings:{name}", args=[self.run.course.key, self.run.key])
        pressed(signed_in(who.person.user), page, typed)

    def board(self, act: str, **typed: object) -> None:
        """Let the coordinator do something with Alicia, marked on the board."""
        page = reverse("trainings:seats_act", args=[self.run.key, act])
        pressed(signed_in(self.carmen), page, {"seat": [self.seat.pk], **WHY, **typed})

    def admin(self, name: str, pk: int, **typed: object) -> None:
        """Let Formación press a button of the administration."""
        pressed(signed_in(self.fernanda), reverse(f"admin:trainings_{name}", args=[pk]), typed)

    def offer_to_alicia(self) -> None:
        """Make hers a seat that is only kept for her."""
        deadline = timezone.now() + datetime.timedelta(hours=48)
        self.run.enrollments.filter(person=self.alicia.person).update(
            state=State.OFFERED, offer_expires_at=deadline
        )


def pressed(client: Client, page: str, typed: object) -> None:
    """Press, and press again as a double click does."""
    for _ in range(2):
        assert client.post(page, typed).status_code < 500


@pytest.fixture
def scene(alicia: Member, beatriz: Member, carmen: User, fernanda: User, diana: User) -> Scene:
    run = make.edition(seats=1)
    run.coordinators.add(carmen)
    enrol(run, alicia)
    enrol(run, beatriz)
    forget_mails()
    return Scene(run, alicia, beatriz, carmen, fernanda, diana)


def told(scene: Scene, *kinds: str) -> list[Mail]:
    """Return these messages to Alicia and the offer to Beatriz."""
    return [
        *((kind, scene.alicia.person.address) for kind in kinds),
        ("offer", scene.beatriz.person.address),
    ]


# The ways ---------------------------------------------------------------------------------------
def her_own_cancellation(scene: Scene) -> list[Mail]:
    scene.hers("enrollment_cancel", scene.alicia)
    return told(scene, "enrollment_cancelled")


def the_coordinator_cancels(scene: Scene) -> list[Mail]:
    scene.board("cancelar")
    return told(scene, "enrollment_cancelled")


def formacion_cancels(scene: Scene) -> list[Mail]:
    scene.admin("enrollment_cancel", scene.seat.pk, **WHY)
    return told(scene, "enrollment_cancelled")


def she_leaves_the_red(scene: Scene) -> list[Mail]:
    assert scene.alicia.person.user
    page = reverse("members:leave")
    pressed(signed_in(scene.alicia.person.user), page, {"reason": "", "sure": "on"})
    return told(scene, "enrollment_cancelled")


def her_data_are_cancelled(scene: Scene) -> list[Mail]:
    expected = told(scene, "enrollment_cancelled")
    for _ in range(2):
        forgetting.block(scene.alicia.person, by=By.admin(scene.diana))
    return expected


def she_is_moved(scene: Scene) -> list[Mail]:
    target = make.edition()
    target.coordinators.add(scene.carmen)
    scene.board("mover", target=target.pk)
    offer = ("offer", scene.beatriz.person.address)
    return [offer, ("enrollment_moved", scene.alicia.person.address)]


def the_cupo_is_raised(scene: Scene) -> list[Mail]:
    scene.admin("edition_change_seats", scene.run.pk, seats="2")
    return told(scene)


def formacion_offers_by_hand(scene: Scene) -> list[Mail]:
    change(scene.run, seats=2)
    scene.admin("edition_fill", scene.run.pk)
    return told(scene)


def the_form_opens_what_was_shut(scene: Scene) -> list[Mail]:
    """Conditions are edited, not the cupo: the offers are switched on again."""
    run = change(scene.run, seats=2, fill_automatically=False)
    session = run.sessions.order_by("number")[0]
    run.sessions.exclude(pk=session.pk).delete()
    starts = timezone.localtime(session.starts_at)
    closes = timezone.localtime(run.enrollment_closes).date().isoformat()
    data = typed(run.course, starts_on=run.starts_on, ends_on=run.ends_on, mode=run.mode)
    data |= {"hours": "3", "minimum_attendance": "80", "sessions-INITIAL_FORMS": "1"}
    data |= {"sessions-0-id": session.pk, "sessions-0-edition": run.pk}
    data |= {f"sessions-0-{end}_at_0": starts.date() for end in ("starts", "ends")}
    data |= {"sessions-0-ends_at_1": "19:00", "sessions-0-place": session.place}
    data |= {"enrollment_opens_0": "2026-01-01", "enrollment_closes_0": closes}
    scene.admin("edition_change", run.pk, **(data | {"cancel_until_0": closes}))
    return told(scene)


def she_lets_an_offer_expire(scene: Scene) -> list[Mail]:
    scene.offer_to_alicia()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=48, seconds=1), tick=False):
        for _ in range(2):
            call_command("run_daily", verbosity=0)
    return told(scene, "offer_expired")


def she_declines_an_offer(scene: Scene) -> list[Mail]:
    scene.offer_to_alicia()
    scene.hers("offer_decline", scene.alicia)
    return told(scene, "enrollment_cancelled")


def a_proposal_is_withdrawn(scene: Scene) -> list[Mail]:
    scene.offer_to_alicia()
    Nomination.objects.create(enrollment=scene.seat, reason="Oficio", nominated_by=scene.carmen)
    scene.board("retirar-propuesta")
    return told(scene, "enrollment_cancelled")


def somebody_new_finds_a_seat_that_nobody_offered(scene: Scene) -> list[Mail]:
    change(scene.run, seats=2)
    newcomer = make.member()
    scene.hers("enrollment", newcomer)
    return [*told(scene), ("enrolled_waiting", newcomer.person.address)]


def a_jefatura_answers_while_a_seat_lies_free(scene: Scene) -> list[Mail]:
    change(scene.run, manager_approval=True)
    newcomer = make.member()
    enrol(scene.run, newcomer)
    forget_mails()
    change(scene.run, seats=2)
    link = ApprovalLink.objects.get(email=MANAGER)
    pressed(Client(), reverse("trainings:approval_give", args=[link.key]), {})
    return [*told(scene), ("enrolled_waiting", newcomer.person.address)]


def a_suspension_ends(scene: Scene) -> list[Mail]:
    """While it lasts she is passed over and stays where she is; the next round finds the seat."""
    membership.suspend(scene.beatriz, reason="Licencia", by=STAFF)
    scene.hers("enrollment_cancel", scene.alicia)
    assert state(scene.waiting) == State.WAITING
    membership.reinstate(scene.beatriz, reason="Volvió", by=STAFF)
    for _ in range(2):
        call_command("run_daily", verbosity=0)
    return told(scene, "enrollment_cancelled")


WAYS: Final[list[tuple[Callable[[Scene], list[Mail]], str]]] = [
    (her_own_cancellation, "Cancelación"),
    (the_coordinator_cancels, "Cancelación"),
    (formacion_cancels, "Cancelación"),
    (she_leaves_the_red, "Baja de una integrante"),
    (her_data_are_cancelled, "Baja de una integrante"),
    (she_is_moved, "Cambio de una persona a otra edición"),
    (the_cupo_is_raised, "Cambio de cupo: de 1 a 2"),
    (formacion_offers_by_hand, "A petición del personal"),
    (the_form_opens_what_was_shut, "Cambios en la edición"),
    (she_lets_an_offer_expire, "Venció una oferta"),
    (she_declines_an_offer, "Se declinó un lugar"),
    (a_proposal_is_withdrawn, "Se retiró una propuesta"),
    (somebody_new_finds_a_seat_that_nobody_offered, "Nueva persona en lista de espera"),
    (a_jefatura_answers_while_a_seat_lies_free, "Nueva persona en lista de espera"),
    (a_suspension_ends, "Revisión diaria"),
]


@pytest.mark.parametrize(("way", "cause"), WAYS)
def test_the_seat_goes_to_the_first_who_waits_and_each_is_told_once(
    scene: Scene, way: Callable[[Scene], list[Mail]], cause: str
) -> None:
    expected = way(scene)

    assert mails() == expected
    assert state(scene.waiting) == State.OFFERED
    run = FillRun.objects.get(edition=scene.run, outcome__startswith="Se ofreció 1 lugar")
    assert run.cause == cause


# What frees nothing -----------------------------------------------------------------------------
def she_is_suspended(scene: Scene) -> list[Mail]:
    membership.suspend(scene.alicia, reason="Licencia", by=STAFF)
    return []


def the_cupo_is_lowered(scene: Scene) -> list[Mail]:
    make.enrollment(scene.run)
    scene.admin("edition_change_seats", scene.run.pk, seats="1")
    return []


def her_dependencia_is_renamed(scene: Scene) -> list[Mail]:
    place = scene.alicia.person.assignments.get().department
    order = Order(day=timezone.localdate(), source="Gaceta Municipal, tomo I")
    reorganising.rename(place, New(name="Mercados"), order=order, by=By.admin(scene.diana))
    return []


def the_whole_edition_is_cancelled(scene: Scene) -> list[Mail]:
    scene.admin("edition_cancel_edition", scene.run.pk, **WHY)
    people = (scene.alicia.person, scene.beatriz.person)
    return [("edition_cancelled", person.address) for person in people]


@pytest.mark.parametrize(
    "way",
    [
        she_is_suspended,
        the_cupo_is_lowered,
        her_dependencia_is_renamed,
        the_whole_edition_is_cancelled,
    ],
)
def test_what_frees_no_seat_offers_none(scene: Scene, way: Callable[[Scene], list[Mail]]) -> None:
    expected = way(scene)
    call_command("run_daily", verbosity=0)

    assert mails() == expected
    assert state(scene.waiting) in {State.WAITING, State.CANCELLED}
