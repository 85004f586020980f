"""No move outside the table: every state against every verb, by page, by the administration, by job and by import."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import admitting, importing, inviting, vetting
from members.membership import Place
from members.models import Application, InformationRequest, Level, Member, RejectionReason, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules.test_members_moves import in_state

State = Application.State
DESK: dict[str, dict[str, str]] = {
    "tomar": {State.SENT: State.IN_REVIEW},
    "aprobar": {State.IN_REVIEW: State.APPROVED},
    "pedir-informacion": {State.IN_REVIEW: State.NEEDS_INFO},
    "rechazar": {State.IN_REVIEW: State.REJECTED},
    "retirar": {
        State.SENT: State.WITHDRAWN,
        State.IN_REVIEW: State.WITHDRAWN,
        State.NEEDS_INFO: State.WITHDRAWN,
    },
    "turnar": {},
    "elegir-dependencia": {},
    "corregir-area": {},
    "anotar": {},
}
"""What each button of the desk may do to a state; everything else leaves it as it is."""
HERS: dict[str, dict[str, str]] = {
    "/solicitud/revision/": {State.DRAFT: State.SENT},
    "/solicitud/respuesta/": {State.NEEDS_INFO: State.IN_REVIEW},
    "/solicitud/retiro/": {
        State.DRAFT: State.WITHDRAWN,
        State.SENT: State.WITHDRAWN,
        State.IN_REVIEW: State.WITHDRAWN,
        State.NEEDS_INFO: State.WITHDRAWN,
    },
}
MAILS: dict[tuple[str, str], str] = {
    (State.DRAFT, State.SENT): "members/application_sent",
    (State.IN_REVIEW, State.NEEDS_INFO): "members/information_requested",
    (State.IN_REVIEW, State.APPROVED): "members/application_approved",
    (State.IN_REVIEW, State.REJECTED): "members/application_rejected",
    (State.SENT, State.WITHDRAWN): "members/application_withdrawn",
    (State.IN_REVIEW, State.WITHDRAWN): "members/application_withdrawn",
    (State.NEEDS_INFO, State.WITHDRAWN): "members/application_withdrawn",
    (State.NEEDS_INFO, State.EXPIRED): "members/application_expired",
}
"""The one message of each move; a move that is not here is silent."""


def settled(application: Application, before: str, allowed: dict[str, str], mails: int) -> None:
    """See that the state is the one allowed, with its line and its one neutral message."""
    after = allowed.get(before, before)
    application.refresh_from_db()
    assert application.state == after
    queued = list(QueuedMail.objects.order_by("pk")[mails:])
    expected = MAILS.get((before, after)) if after != before else None
    assert [mail.kind for mail in queued] == ([expected] if expected else [])
    for mail in queued:
        assert mail.recipient == application.person.address
        for word in ("aprob", "rechaz", "baja", "género", application.person.given_names):
            assert word not in mail.subject.lower()
    if after != before:
        assert after in Application.MOVES[before]
        line = Transition.objects.about(application).last()
        assert line is not None
        assert (line.from_state, line.to_state) == (before, after)


@pytest.mark.parametrize("state", State.values)
def test_the_desk_moves_only_by_the_table(state: str, valentina: User) -> None:
    staff = signed_in(valentina)
    reason = RejectionReason.objects.create(text="El cargo no corresponde")
    other = make.user(staff=True, roles=("Validación",))
    place = make.department("Otra")
    data = {
        "question": "¿Área?",
        "reason": str(reason.pk),
        "text": "Gracias.",
        "to": str(other.pk),
        "department": str(place.pk),
        "area": "Unidad de Planeación",
    }
    for button, allowed in DESK.items():
        application = in_state(state, valentina)
        mails = QueuedMail.objects.count()
        typed = {**data, "reason": "Lo pidió"} if button == "retirar" else data
        path = f"/admin/members/application/{application.pk}/{button}/"
        answer = staff.post(path, typed)
        assert answer.status_code in {302, 404, 422}, (button, state)
        settled(application, state, allowed, mails)


@pytest.mark.parametrize("state", State.values)
def test_her_pages_move_only_by_the_table(state: str, valentina: User) -> None:
    for path, allowed in HERS.items():
        application = in_state(state, valentina)
        mails = QueuedMail.objects.count()
        she = signed_in(application.person.user)  # type: ignore[arg-type]
        answer = she.post(path, {"text": "Esa."})
        assert answer.status_code < 500
        settled(application, state, allowed, mails)


@pytest.mark.parametrize("state", State.values)
def test_the_clock_moves_only_by_the_table(state: str, valentina: User) -> None:
    application = in_state(state, valentina)
    InformationRequest.objects.update(deadline=timezone.now(), reminded_at=timezone.now())
    mails = QueuedMail.objects.count()
    for _ in range(2):
        admitting.remind_due()
        admitting.expire_due(by=By.job("prueba"))
    settled(application, state, {State.NEEDS_INFO: State.EXPIRED}, mails)


@pytest.mark.parametrize("state", State.values)
def test_an_import_never_touches_a_solicitud(state: str, valentina: User) -> None:
    application = in_state(state, valentina)
    email = application.person.address
    place = Place(make.department("Archivo"), "Jefa", Level.HEAD)
    mails, members = QueuedMail.objects.count(), Member.objects.count()
    data = {"given_names": "Inés", "first_surname": "Güereña", "institutional_email": email}
    with pytest.raises(ValidationError) as no:
        inviting.register(data, place, reason="R", by=By.imported(valentina, "prueba"))
    assert no.value.code == "already_here"
    titles = "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel"
    row = f"Inés,Güereña,{email},Archivo,Jefa,jefatura"
    done = importing.read("x.csv", f"{titles}\n{row}".encode(), by=By.admin(valentina))
    if state != State.APPROVED:
        with pytest.raises(ValidationError) as no:
            importing.apply(done, matches="crear", write=True, by=By.admin(valentina))
        assert no.value.code == "rows_wrong"
    assert Member.objects.count() == members
    settled(application, state, {}, mails)


def test_nobody_acts_through_a_job_or_an_import_over_a_solicitud(valentina: User) -> None:
    application = make.in_review(valentina)
    reason = RejectionReason.objects.create(text="El cargo no corresponde")
    for by in (By.job("prueba"), By.imported(None, "prueba")):
        for verb in (
            lambda by=by: vetting.take(application, by=by),
            lambda by=by: vetting.approve(application, by=by),
            lambda by=by: vetting.reject(application, reason=reason, text="x", by=by),
            lambda by=by: vetting.request_information(application, question="x", by=by),
            lambda by=by: vetting.withdraw_for_her(application, reason="x", by=by),
            lambda by=by: vetting.remark(application, text="x", by=by),
        ):
            with pytest.raises(ValidationError) as no:
                verb()
            assert no.value.code == "needs_a_person"
