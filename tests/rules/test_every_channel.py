"""No move outside the tables of membership, changes and solicitudes ARCO: by page, administration, import and job.

The solicitud has its own table (``test_vetting_table``); the last test here sees that no message of the three machines,
nor of hers, is left out of both tables.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from members import answering, changing, forgetting, importing, inviting
from members.membership import Place
from members.models import (
    ChangeRequest,
    Institute,
    Invitation,
    Level,
    Member,
    MembershipInterval,
    Person,
    PrivacyPolicy,
    PrivacyRequest,
    User,
)
from red_genero.common import mailtexts
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules import test_vetting_table

Active, Suspended, Ended = Member.State.ACTIVE, Member.State.SUSPENDED, Member.State.ENDED
Asked, Made, Refused, Taken = (
    ChangeRequest.State.ASKED,
    ChangeRequest.State.APPROVED,
    ChangeRequest.State.REFUSED,
    ChangeRequest.State.WITHDRAWN,
)
Received, InHand, Answered, Withdrawn = (
    PrivacyRequest.State.RECEIVED,
    PrivacyRequest.State.IN_HAND,
    PrivacyRequest.State.ANSWERED,
    PrivacyRequest.State.WITHDRAWN,
)
WHY: Final = {"reason": "Oficio 1", "text": "Aquí está.", "outcome": "procedente"}


@dataclass(frozen=True, slots=True)
class Press:
    """One button or form: what it may do to each state, and the one message of it; anything else leaves all as it is."""

    path: str
    moves: Mapping[str, str] = field(default_factory=dict)
    mail: str = ""
    stays: tuple[str, ...] = ()
    """States in which it does its work, and writes, without a move."""


DESK: Final[dict[type[models.Model], list[Press]]] = {
    Member: [
        Press("suspender", {Active: Suspended}, "membership_suspended"),
        Press("reactivar", {Suspended: Active}, "membership_reinstated"),
        Press("dar-de-baja", {Active: Ended, Suspended: Ended}, "membership_ended"),
        Press("reingreso", {Ended: Active}, "membership_reinstated"),
        Press("readscripcion", {}, "membership_readscribed", stays=(Active, Suspended)),
        Press("change"),
    ],
    ChangeRequest: [
        Press("aprobar", {Asked: Made}, "change_approved"),
        Press("no-aprobar", {Asked: Refused}, "change_refused"),
        Press("elegir-dependencia"),
        Press("change"),
    ],
    PrivacyRequest: [
        Press("atender", {Received: InHand}),
        Press("responder", {Received: Answered, InHand: Answered}, "privacy_request_answered"),
        Press("ampliar-el-plazo", {}, "privacy_request_extended", stays=(Received, InHand)),
        Press("bloquear-datos"),
        Press("desbloquear-datos"),
        Press("anonimizar"),
        Press("change"),
    ],
}
"""Every address of the administration about one row."""
HERS: Final[dict[type[models.Model], list[Press]]] = {
    Member: [
        Press("/mis-datos/baja/", {Active: Ended, Suspended: Ended}, "membership_ended"),
        Press("/solicitud/aviso/"),
        Press("/solicitud/revision/"),
        Press("/mis-datos/contacto/"),
    ],
    ChangeRequest: [Press("/mis-datos/cambios/{0.folio}/retiro/", {Asked: Taken})],
    PrivacyRequest: [
        Press("/mis-datos/derechos/{0.folio}/retiro/", {Received: Withdrawn, InHand: Withdrawn})
    ],
}
"""Every page of hers that writes about it."""
JOBS: Final[dict[type[models.Model], list[str]]] = {
    Member: [],
    ChangeRequest: [],
    PrivacyRequest: ["privacy_request_due"],
}
"""What the clock writes; it moves none of them."""
CASES: Final = [(model, state) for model in DESK for state in model.State.values]  # type: ignore[attr-defined]
NEUTRAL: Final = ("aprob", "rechaz", "baja", "suspen", "género", "arco", "bloque", "cancel")


@dataclass(frozen=True, slots=True)
class Seen:
    """A row before it is pressed."""

    row: Any
    state: str
    mails: int
    lines: int


def row_in(model: type[models.Model], state: str, staff: User) -> Any:
    """Return a row of ``model`` in that state, with what it needs, of somebody of its own."""
    make.notice()
    member = make.member()
    if model is Member:
        if state == Ended:
            member.person.assignments.update(end=timezone.localdate())
            MembershipInterval.objects.update(end=timezone.localdate())
        made: Any = member
    elif model is ChangeRequest:
        wanted = {"given_names": "Alicia", "first_surname": "Muñoz"}
        made = changing.request(member, "nombre", wanted=wanted, by=By.web(account_of(member)))
    else:
        made = answering.request(
            member.person, "acceso", text="Todo.", by=By.web(account_of(member))
        )
        handled = {"handler": staff, "outcome": "procedente", "answer": "Sí."}
        if state in {InHand, Answered}:
            PrivacyRequest.objects.filter(pk=made.pk).update(**handled, answered_at=timezone.now())
    model._default_manager.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def account_of(member: Member) -> User:
    assert member.person.user
    return member.person.user


def before(row: Any) -> Seen:
    """Return what there was."""
    return Seen(row, row.state, QueuedMail.objects.count(), Transition.objects.about(row).count())


def settled(seen: Seen, press: Press) -> None:
    """See that the row is where the table leads, by its own line, with its one neutral message to her."""
    row, after = seen.row, press.moves.get(seen.state, seen.state)
    row.refresh_from_db()
    assert row.state == after, press.path
    worked = after != seen.state or seen.state in press.stays
    expected = [f"members/{press.mail}"] if worked and press.mail else []
    queued = list(QueuedMail.objects.order_by("pk")[seen.mails :])
    assert [mail.kind for mail in queued] == expected, press.path
    for mail in queued:
        assert mail.recipient == row.person.address
        assert not [
            word
            for word in (*NEUTRAL, row.person.given_names.lower())
            if word in mail.subject.lower()
        ]
    lines = list(Transition.objects.about(row))[seen.lines :]
    assert bool(lines) is worked, press.path
    walked = [line for line in lines if line.from_state != line.to_state]
    assert all(line.to_state in row.MOVES[line.from_state] for line in walked)
    assert ([line.to_state for line in walked] or [seen.state])[-1] == after


def twice(go: Callable[[], object], seen: Seen, press: Press) -> None:
    """Press, see, press again as somebody who did not see that it was done: nothing more happens."""
    go()
    settled(seen, press)
    if press.moves.get(seen.state):
        mails = QueuedMail.objects.count()
        kept = seen.row.state
        go()
        seen.row.refresh_from_db()
        assert (seen.row.state, QueuedMail.objects.count()) == (kept, mails)


def typed(row: Any) -> dict[str, Any]:
    """Return what the forms of the desk ask, and what none asks: the state itself."""
    return {
        **WHY,
        "department": make.department("Otra").pk,
        "position": "Directora",
        "level": "direccion",
        "start": timezone.localdate().isoformat(),
        "state": next(value for value in type(row).State.values if value != row.state),
        "_save": "Guardar",
    }


@pytest.mark.parametrize(("model", "state"), CASES)
def test_the_desk_moves_only_by_the_table(
    model: type[models.Model], state: str, diana: User
) -> None:
    staff = signed_in(diana)
    for press in DESK[model]:
        row = row_in(model, state, diana)
        if model is Member:
            long_ago = timezone.localdate() - datetime.timedelta(days=90)
            row.person.assignments.filter(end=None).update(start=long_ago)
        data, seen = typed(row), before(row)
        path = f"/admin/members/{model._meta.model_name}/{row.pk}/{press.path}/"

        def go(path: str = path, data: dict[str, Any] = data) -> None:
            assert staff.post(path, data).status_code in {302, 403, 422}, path

        twice(go, seen, press)


@pytest.mark.parametrize(("model", "state"), CASES)
def test_her_pages_move_only_by_the_table(
    model: type[models.Model], state: str, diana: User, beatriz: Member
) -> None:
    for press in HERS[model]:
        row = row_in(model, state, diana)
        she, other = signed_in(row.person.user), signed_in(account_of(beatriz))
        path, seen = press.path.format(row), before(row)
        if "{" in press.path:
            assert other.post(path).status_code == 404
            settled(seen, Press(path))

        def go(she: Client = she, path: str = path) -> None:
            assert she.post(path, {"reason": "Me mudo", "sure": "on"}).status_code < 500

        twice(go, seen, press)


@pytest.mark.parametrize(("model", "state"), CASES)
def test_the_clock_moves_none(model: type[models.Model], state: str, diana: User) -> None:
    Institute.objects.update_or_create(pk=1, defaults={"email": "instituto@guadalajara.gob.mx"})
    row = row_in(model, state, diana)
    PrivacyPolicy.objects.create()
    mails = QueuedMail.objects.count()
    day = getattr(row, "due_on", timezone.localdate())
    with time_machine.travel(
        datetime.datetime.combine(day, datetime.time(18), datetime.UTC), tick=False
    ):
        for _ in range(2):
            call_command("run_daily", verbosity=0)
    kept = row.state
    row.refresh_from_db()
    assert row.state == kept
    told = list(QueuedMail.objects.order_by("pk")[mails:])
    due = model is PrivacyRequest and state in PrivacyRequest.OPEN
    assert {mail.kind for mail in told} == ({"members/privacy_request_due"} if due else set())
    office = {"instituto@guadalajara.gob.mx"} | ({diana.email} if state == InHand else set())
    assert sorted(mail.recipient for mail in told) == (sorted(office) if due else [])


@pytest.mark.parametrize("state", Member.State.values)
def test_an_import_moves_no_membership(state: str, diana: User) -> None:
    row = row_in(Member, state, diana)
    seen, email = before(row), row.person.address
    place = Place(make.department("Archivo"), "Jefa", Level.HEAD)
    data = {"given_names": "Inés", "first_surname": "Güereña", "institutional_email": email}
    with pytest.raises(ValidationError) as no:
        inviting.register(data, place, reason="R", by=By.imported(diana, "prueba"))
    assert no.value.code == "already_here"
    titles = "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel"
    line = f"Inés,Güereña,{email},Archivo,Jefa,jefatura"
    done = importing.read("x.csv", f"{titles}\n{line}".encode(), by=By.admin(diana))
    if state == Active:
        assert importing.apply(done, matches="crear", write=True, by=By.admin(diana)).created == 0
    else:
        with pytest.raises(ValidationError) as no:
            importing.apply(done, matches="crear", write=True, by=By.admin(diana))
        assert no.value.code == "rows_wrong"
    settled(seen, Press("importar"))


def test_nobody_decides_by_a_job_or_an_import(diana: User) -> None:
    change = row_in(ChangeRequest, Asked, diana)
    right = row_in(PrivacyRequest, Received, diana)
    for by in (By.job("prueba"), By.imported(None, "prueba")):
        for verb in (
            lambda by=by: changing.approve(change, by=by),
            lambda by=by: changing.refuse(change, text="x", by=by),
            lambda by=by: answering.take(right, by=by),
            lambda by=by: answering.extend(right, reason="x", by=by),
            lambda by=by: answering.answer(right, outcome="procedente", text="x", by=by),
            lambda by=by: forgetting.block(right.person, by=by),
            lambda by=by: forgetting.anonymise(right.person, by=by),
        ):
            with pytest.raises(ValidationError) as no:
                verb()
            assert no.value.code == "needs_a_person"


def test_who_gives_up_her_own_and_who_is_brought_in(diana: User) -> None:
    """The messages of what is no move of those tables: received, invited, registered, blocked."""
    by, place = By.admin(diana), Place(make.department(), "Jefa", Level.HEAD)
    row_in(ChangeRequest, Asked, diana)
    right = row_in(PrivacyRequest, Received, diana)
    inviting.invite("ana@guadalajara.gob.mx", by=by)
    data = {"given_names": "Inés", "institutional_email": "ines@guadalajara.gob.mx"}
    member = inviting.register({**data, "first_surname": "Ruiz"}, place, reason="R", by=by)
    forgetting.block(right.person, by=by)
    told = [
        (mail.kind.removeprefix("members/"), mail.recipient)
        for mail in QueuedMail.objects.order_by("pk")
    ]
    change = ChangeRequest.objects.get()
    assert told == [
        ("change_requested", change.person.address),
        ("privacy_request_received", right.person.address),
        ("invitation", Invitation.objects.get(kind="solicitar").email),
        ("membership_registered", member.person.address),
        ("membership_ended", right.person.address),
        ("person_blocked", right.person.address),
    ]
    assert not Person.objects.get(pk=right.person.pk).user.is_active  # type: ignore[union-attr]


def test_no_message_is_left_out_of_the_tables() -> None:
    presses = [press for table in (DESK, HERS) for each in table.values() for press in each]
    told = {f"members/{press.mail}" for press in presses if press.mail}
    told |= {f"members/{kind}" for kinds in JOBS.values() for kind in kinds}
    told |= set(test_vetting_table.MAILS.values()) | {"members/information_reminder"}
    apart = {"change_requested", "privacy_request_received", "person_blocked"}
    apart |= {"invitation", "membership_registered"}
    known = {kind for kind in mailtexts.REGISTRY if kind.startswith("members/")}
    elsewhere = ("designation_", "contact_", "term_", "unit_")
    of_others = {kind for kind in known if kind.removeprefix("members/").startswith(elsewhere)}
    assert known - of_others == told | {f"members/{kind}" for kind in apart}
