"""No move outside the tables: every verb against every state, and who may press it."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import admitting, membership, vetting
from members.models import (
    Application,
    Department,
    InformationRequest,
    Member,
    RejectionReason,
    User,
)
from members.signals import membership_ended
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make

State = Application.State
Verb = Callable[[Application, User], object]


def _reject(application: Application, staff: User) -> object:
    reason, _ = RejectionReason.objects.get_or_create(text="El cargo no corresponde")
    return vetting.reject(application, reason=reason, text="Gracias.", by=By.admin(staff))


def _hand_over(application: Application, staff: User) -> object:
    other = make.user(staff=True, roles=("Validación",))
    return vetting.hand_over(application, to=other, by=By.admin(staff))


def _resolve(application: Application, staff: User) -> object:
    return vetting.resolve_department(application, make.department("Otra"), by=By.admin(staff))


def _correct_area(application: Application, staff: User) -> object:
    return vetting.resolve_area(application, area="Unidad de Planeación", by=By.admin(staff))


def _ask(application: Application, staff: User) -> object:
    return vetting.request_information(application, question="¿Área?", by=By.admin(staff))


def _send(application: Application, staff: User) -> object:
    she = By.web(application.person.user)  # type: ignore[arg-type]
    return admitting.send(application, directory=False, mobile=False, image=False, by=she)


VERBS: dict[str, Verb] = {
    "send": _send,
    "take": lambda application, staff: vetting.take(application, by=By.admin(staff)),
    "hand_over": _hand_over,
    "resolve_department": _resolve,
    "resolve_area": _correct_area,
    "request_information": _ask,
    "answer": lambda application, staff: admitting.answer(
        application,
        text="Esa.",
        by=By.web(staff),
    ),
    "approve": lambda application, staff: vetting.approve(application, by=By.admin(staff)),
    "reject": _reject,
    "withdraw": lambda application, staff: admitting.withdraw(application, by=By.web(staff)),
    "expire_due": lambda application, staff: admitting.expire_due(by=By.job("prueba")),
}


def in_state(state: str, staff: User) -> Application:
    """Return a solicitud brought to ``state``, with everything that state needs."""
    application = make.draft() if state == State.DRAFT else make.application()
    if state == State.NEEDS_INFO:
        InformationRequest.objects.create(
            application=application,
            question="¿Área?",
            asked_by=staff,
            deadline=timezone.now() + datetime.timedelta(days=3),
        )
    if state == State.APPROVED:
        Member.objects.create(
            person=application.person, folio=f"INT-{application.pk}", since="2026-01-01"
        )
    Application.objects.filter(pk=application.pk).update(state=state, reviewer=staff)
    application.refresh_from_db()
    return application


@pytest.mark.parametrize("state", State.values)
def test_no_verb_leaves_the_table(state: str, valentina: User) -> None:
    for verb in VERBS.values():
        application = in_state(state, valentina)
        lines = Transition.objects.about(application).count()
        sent = QueuedMail.objects.count()
        said: list[str] = []
        try:
            verb(application, valentina)
        except ValidationError as refusal:
            said = refusal.messages
        application.refresh_from_db()
        log = list(Transition.objects.about(application))
        if said:
            assert application.state == state
            assert (len(log), QueuedMail.objects.count()) == (lines, sent)
        if application.state != state:
            assert application.state in Application.MOVES[state]
            assert (log[-1].from_state, log[-1].to_state) == (state, application.state)


def test_every_move_of_the_table_has_a_verb(valentina: User) -> None:
    reached = set()
    for state in Application.MOVES:
        for verb in VERBS.values():
            application = in_state(state, valentina)
            try:
                verb(application, valentina)
            except ValidationError:
                continue
            application.refresh_from_db()
            if application.state != state:
                reached.add((state, application.state))
    expected = {(start, end) for start, ends in Application.MOVES.items() for end in ends}
    assert expected - reached == {(State.NEEDS_INFO, State.EXPIRED)}


def test_doing_it_twice_changes_nothing(valentina: User) -> None:
    application = make.in_review(valentina)
    by = By.admin(valentina)
    first = vetting.approve(application, by=by)
    lines = Transition.objects.count()
    assert vetting.approve(application, by=by) == first
    assert Transition.objects.count() == lines
    assert QueuedMail.objects.filter(kind="members/application_approved").count() == 1


def test_folios_have_no_gap_when_a_verb_is_refused(valentina: User) -> None:
    refused = make.draft()
    refused.area = ""
    refused.save()
    with pytest.raises(ValidationError) as no:
        admitting.send(
            refused,
            directory=False,
            mobile=False,
            image=False,
            by=By.web(valentina),
        )
    assert no.value.code == "incomplete"
    assert make.application().folio == f"SOL-{timezone.localdate().year}-0001"


def test_nobody_judges_her_own_solicitud(roles: None) -> None:
    staff = make.user(staff=True, roles=("Validación",))
    application = make.application(staff)
    for verb in VERBS["take"], VERBS["approve"], VERBS["reject"], VERBS["request_information"]:
        with pytest.raises(ValidationError) as no:
            verb(application, staff)
        assert no.value.code == "not_hers_to_judge"


def test_nobody_judges_her_superior(valentina: User) -> None:
    place = make.department("Comisaría")
    make.member(valentina.person, works_in=make.department("Enlace", parent=place))
    application = make.application(works_in=place)
    Application.objects.filter(pk=application.pk).update(level="titular")
    with pytest.raises(ValidationError) as no:
        vetting.take(Application.objects.get(pk=application.pk), by=By.admin(valentina))
    assert no.value.code == "not_hers_to_judge"


def test_one_that_waits_for_her_answer_is_taken_from_nobody(valentina: User, diana: User) -> None:
    application = make.in_review(valentina)
    vetting.request_information(application, question="¿Área?", by=By.admin(valentina))
    for who in (valentina, diana):
        with pytest.raises(ValidationError) as no:
            vetting.take(application, by=By.admin(who))
        assert no.value.code == "waits_for_her"
    application.refresh_from_db()
    assert (application.state, application.reviewer) == (State.NEEDS_INFO, valentina)
    assert application.questions.open().exists()


def test_one_that_turns_out_to_be_her_superiors_is_let_go(valentina: User, diana: User) -> None:
    """She took it as «otra»; the dependencia that she finds is her own, where the applicant stands above her."""
    place = make.department("Comisaría")
    make.member(valentina.person, works_in=make.department("Enlace", parent=place))
    application = make.in_review(valentina)
    Application.objects.filter(pk=application.pk).update(
        level="titular", department=None, department_other="La comisaría"
    )
    stale = Application.objects.get(pk=application.pk)
    by = By.admin(valentina)
    vetting.resolve_department(stale, place, by=by)
    for held in (stale, Application.objects.get(pk=application.pk)):
        with pytest.raises(ValidationError) as no:
            vetting.approve(held, by=by)
        assert no.value.code == "not_hers_to_judge"
    vetting.hand_over(Application.objects.get(pk=application.pk), to=diana, by=by)
    assert vetting.approve(application, by=By.admin(diana)).folio


def test_the_second_person_is_told_who_has_it(valentina: User, diana: User) -> None:
    application = make.in_review(valentina)
    for verb in VERBS["take"], VERBS["approve"], VERBS["reject"], VERBS["request_information"]:
        with pytest.raises(ValidationError, match="La revisa Valentina Ríos"):
            verb(application, diana)
    vetting.hand_over(application, to=diana, by=By.admin(valentina))
    assert vetting.approve(application, by=By.admin(diana)).folio


@pytest.mark.django_db
def test_one_open_solicitud_per_person() -> None:
    application = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(person=application.person)
    again = admitting.start(application.person.user, by=By.web(application.person.user))  # type: ignore[arg-type]
    assert again == application


@pytest.mark.django_db
def test_what_is_sent_has_a_folio() -> None:
    application = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=State.SENT)


def test_a_late_answer_is_refused(valentina: User) -> None:
    application = make.in_review(valentina)
    asked = vetting.request_information(application, question="¿Área?", by=By.admin(valentina))
    InformationRequest.objects.filter(pk=asked.pk).update(deadline=timezone.now())
    with pytest.raises(ValidationError) as no:
        admitting.answer(application, text="Esa.", by=By.web(valentina))
    assert no.value.code == "too_late"
    asked.refresh_from_db()
    assert asked.answer == ""


def test_an_integrante_cannot_apply(alicia: Member) -> None:
    make.notice()
    with pytest.raises(ValidationError) as no:
        admitting.start(alicia.person.user, by=By.web(alicia.person.user))  # type: ignore[arg-type]
    assert no.value.code == "already_member"


def test_baja_closes_what_is_open_and_tells_the_other_apps(alicia: Member, valentina: User) -> None:
    heard: list[Member] = []

    def listen(sender: object, member: Member, by: By, **kwargs: object) -> None:
        assert transaction.get_connection().in_atomic_block
        heard.append(member)

    membership_ended.connect(listen)
    try:
        membership.end(alicia, reason="Cambio de gobierno", by=By.admin(valentina))
        membership.end(alicia, reason="Cambio de gobierno", by=By.admin(valentina))
    finally:
        membership_ended.disconnect(listen)
    alicia.refresh_from_db()
    assert heard == [alicia]
    assert alicia.state == Member.State.ENDED
    assert not alicia.person.assignments.open().exists()
    assert alicia.intervals.get().end_reason == "Cambio de gobierno"
    assert QueuedMail.objects.filter(kind="members/membership_ended").count() == 1


def test_reingreso_is_the_same_person_with_a_new_interval(alicia: Member, valentina: User) -> None:
    membership.end(alicia, reason="Licencia", by=By.admin(valentina))
    user = alicia.person.user
    assert user is not None
    again = make.application(user, works_in=make.department("Cultura"))
    vetting.take(again, by=By.admin(valentina))
    member = vetting.approve(again, by=By.admin(valentina))
    assert (member.pk, member.folio) == (alicia.pk, alicia.folio)
    assert member.intervals.count() == 2
    assert member.person.assignments.open().get().department.name == "Cultura"


def test_a_suspension_has_a_reason_and_an_end(alicia: Member, valentina: User) -> None:
    by = By.admin(valentina)
    with pytest.raises(ValidationError):
        membership.suspend(alicia, reason=" ", by=by)
    assert membership.suspend(alicia, reason="A petición", by=by).state == "suspendida"
    assert membership.reinstate(alicia, reason="Volvió", by=by).state == "activa"
    membership.end(alicia, reason="Baja", by=by)
    with pytest.raises(ValidationError) as no:
        membership.reinstate(alicia, reason="Volvió", by=by)
    assert no.value.code == "needs_application"
    with pytest.raises(ValidationError) as no:
        membership.suspend(alicia, reason="A petición", by=by)
    assert no.value.code == "move_refused"


@pytest.mark.django_db
def test_a_dependencia_does_not_depend_on_itself() -> None:
    place = make.department()
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=place.pk).update(parent=place)
