"""Two rows that are one person: everything moves or nothing does, and the reason is said."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from members import duplicates, forgetting, joining, membership, merging, privacy
from members.models import (
    Application,
    Consent,
    Designation,
    Member,
    MembershipInterval,
    Person,
    PersonMerge,
    PrivacyPolicy,
    User,
)
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from trainings.models import Attendance, Enrollment

WHY = "Se registró dos veces"
SHARED = {"members.Member.person", "members.Person.user", "trainings.CalendarFeed.person"}
"""One-to-one relations, each with its own rule."""


def merge(kept: Person, gone: Person, by: User, **chosen: str) -> PersonMerge:
    return merging.merge(kept, gone, chosen=chosen, reason=WHY, by=By.admin(by))


def refusals(kept: Person, gone: Person, by: User) -> str:
    """Return why not, and see that trying changes nothing."""
    before = list(Person.objects.values_list("pk", flat=True))
    with pytest.raises(ValidationError) as no:
        merge(kept, gone, by)
    assert list(Person.objects.values_list("pk", flat=True)) == before
    assert not PersonMerge.objects.exists()
    return " ".join(no.value.messages)


@pytest.mark.once
def test_no_relation_to_a_person_can_be_forgotten() -> None:
    """A row that a merge leaves behind stops the deletion; a one-to-one relation needs a rule."""
    for model in (Person, Member):
        for relation in merging.relations(model):
            field = relation.field
            name = f"{relation.related_model._meta.label}.{field.name}"
            if relation.many_to_many:
                continue
            if relation.one_to_one:
                assert name in SHARED, name
                continue
            assert relation.on_delete is models.PROTECT, name


@pytest.mark.once
def test_no_row_of_an_account_goes_away_with_it() -> None:
    """An account is closed and never deleted, so what points to it stays true."""
    owned = {
        relation.related_model._meta.label
        for relation in merging.relations(User)
        if not relation.many_to_many and getattr(relation, "on_delete", None) is models.CASCADE
    }
    assert owned <= {
        "account.EmailAddress",
        "admin.LogEntry",
        "members.SignIn",
        "mfa.Authenticator",
        "usersessions.UserSession",
    }


def full(diana: User) -> tuple[Person, Person]:
    """Return somebody, and the same one with a row of everything."""
    kept = make.member(make.person("Alicia", "Muñoz")).person
    gone = make.member(make.person("Alicia", "Munoz", "Íñiguez")).person
    make.notice()
    privacy.choose(gone, {Consent.Purpose.IMAGE: True}, by=By.web(diana))
    Application.objects.create(person=gone, state="rechazada", folio="SOL-2020-0001")
    run = make.edition(starts_in_days=-20, state="en_curso")
    make.certificate(make.enrollment(run, gone), by=diana)
    duplicates.dismiss(gone, make.person("Otra", "Persona"), note="Homónima", by=By.admin(diana))
    return kept, gone


def test_everything_moves_and_the_second_row_goes(diana: User) -> None:
    kept, gone = full(diana)
    hers = {
        relation.related_model._meta.label: len(rows) for relation, rows in merging._rows_of(gone)
    }
    assert {"trainings.Enrollment", "trainings.Certificate", "members.Consent"} <= set(hers)
    folio, account = gone.member.folio, gone.user
    key, post = gone.pk, joining.open_post(gone)

    done = merge(kept, gone, diana, second_surname="gone", assignment="gone")

    assert not Person.objects.filter(pk=key).exists()
    kept.refresh_from_db()
    now = {
        relation.related_model._meta.label: len(rows) for relation, rows in merging._rows_of(kept)
    }
    for label, count in hers.items():
        assert now[label] >= count, label
    assert (kept.full_name, joining.open_post(kept)) == ("Alicia Muñoz Íñiguez", post)
    assert kept.assignments.count() == 2
    assert account is not None
    account.refresh_from_db()
    assert (account.is_active, kept.user == account) == (False, False)
    line = Transition.objects.about(kept.member).last()
    assert line is not None
    assert folio in line.reason
    assert kept.certificates.get().state == "vigente"
    assert Attendance.objects.filter(enrollment__person=kept).count() == 2
    assert done.values["fusionada"]["membresia"]["folio"] == folio
    assert kept.history.latest().second_surname == "Íñiguez"


def test_a_second_press_is_the_same_merge(diana: User) -> None:
    kept, gone = make.person("Ana", "Ruiz"), make.person("Ana", "Ruíz")
    key = gone.pk
    first = merge(kept, gone, diana)
    again = merge(kept, Person(pk=key), diana)
    assert (first, PersonMerge.objects.count()) == (again, 1)


def test_refused_where_both_hold_a_seat_or_attended(diana: User) -> None:
    run = make.edition(starts_in_days=-20, state="en_curso")
    kept, gone = make.member().person, make.member().person
    seats = [make.enrollment(run, kept), make.enrollment(run, gone)]
    for seat in seats:
        Attendance.objects.create(
            enrollment=seat, session=run.sessions.get(number=1), mark="presente", recorded_by=diana
        )
    why = refusals(kept, gone, diana)
    assert "Las dos tienen inscripción" in why
    assert "asistencia registrada en una sesión" in why
    Enrollment.objects.filter(pk=seats[1].pk).update(state="cancelada")
    assert "asistencia registrada" in refusals(kept, gone, diana)


def test_refused_for_accounts_that_cannot_be_closed(diana: User) -> None:
    kept, gone = make.person("Ana", "Ruiz"), make.person("Ana", "Ruíz")
    for person in (kept, gone):
        Authenticator.objects.create(user=person.user, type="totp", data={})
    why = refusals(kept, gone, diana)
    assert why.count("segundo factor") == 2
    Authenticator.objects.filter(user=kept.user).delete()
    assert "segundo factor" in refusals(kept, gone, diana)
    hers = gone.user
    merge(kept, gone, diana, account="gone")
    kept.refresh_from_db()
    assert kept.user == hers


@pytest.mark.parametrize(
    "case", ["applications", "suspended", "distinct", "herself", "blocked", "same"]
)
def test_refused_with_the_reason(diana: User, case: str) -> None:
    kept, gone = make.member().person, make.member().person
    expected = {
        "applications": "solicitud de ingreso abierta",
        "suspended": "resuelva antes la suspensión",
        "distinct": "Se anotó que son dos personas",
        "herself": "Es su propio registro",
        "blocked": "están cancelados",
        "same": "Es la misma persona",
    }[case]
    if case == "applications":
        kept, gone = make.application().person, make.application().person
    elif case == "suspended":
        membership.suspend(gone.member, reason="Licencia", by=By.admin(diana))
    elif case == "distinct":
        duplicates.dismiss(kept, gone, note="Homónimas", by=By.admin(diana))
    elif case == "herself":
        kept = diana.person
    elif case == "blocked":
        Person.objects.filter(pk=gone.pk).update(blocked_at=timezone.now())
    assert expected in " ".join(
        merging.plan(
            kept, Person.objects.get(pk=kept.pk if case == "same" else gone.pk), by=By.admin(diana)
        ).refusals
    )
    if case != "same":
        assert expected in refusals(kept, gone, diana)


def test_stays_that_overlap_become_one() -> None:
    day = datetime.date(2026, 1, 1)

    def stay(start: int, end: int | None) -> MembershipInterval:
        ends = None if end is None else day + datetime.timedelta(days=end)
        return MembershipInterval(start=day + datetime.timedelta(days=start), end=ends)

    joined = joining.coalesced([stay(50, None), stay(0, 10), stay(5, 20), stay(60, 70)])
    assert [(start, end) for start, end, _ in joined] == [
        (day, day + datetime.timedelta(days=20)),
        (day + datetime.timedelta(days=50), None),
    ]


def test_a_baja_and_an_active_membership_are_active(diana: User) -> None:
    kept, gone = make.member().person, make.member().person
    membership.end(kept.member, reason="Licencia", by=By.admin(diana))
    about = QueuedMail.objects.latest("pk")
    merge(gone, kept, diana)
    gone.refresh_from_db()
    assert gone.member.state == Member.State.ACTIVE
    about.refresh_from_db()
    assert about.about == gone.member


def test_direction_compares_chooses_and_merges(diana: User, valentina: User) -> None:
    kept, gone = make.person("Ana", "Ruiz"), make.person("Ana", "Ruíz", "")
    Person.objects.filter(pk=gone.pk).update(mobile="3312345678", gender="mujer")
    page = f"/admin/members/person/{kept.pk}/fusionar/"
    staff = signed_in(diana)
    found = staff.get(page).content.decode()
    assert "el mismo nombre y primer apellido" in found
    assert gone.institutional_email in found
    assert "Ruíz" in staff.get(page, {"q": "ruiz"}).content.decode()
    compared = staff.get(page, {"con": gone.pk})
    assert "33 1234 5678" in compared.content.decode()
    assert "mujer" not in compared.content.decode().lower().replace("mujeres", "")
    path = f"{page}?con={gone.pk}"
    data = {
        "first_surname": "kept",
        "second_surname": "kept",
        "mobile": "gone",
        "institutional_email": "kept",
        "account": "kept",
    }
    assert staff.post(path, data).status_code == 422
    assert staff.post(path, {**data, "reason": WHY, "mobile": "x"}).status_code == 422
    assert staff.get(page, {"con": "x"}).status_code == 404
    assert signed_in(valentina).post(path, {**data, "reason": WHY}).status_code == 403
    assert Person.objects.filter(pk=gone.pk).exists()
    assert staff.post(path, {**data, "reason": WHY}).status_code == 302
    assert staff.post(path, {**data, "reason": WHY}).status_code == 302
    kept.refresh_from_db()
    assert (kept.mobile, kept.gender) == ("3312345678", "mujer")
    record = PersonMerge.objects.get()
    shown = staff.get(f"/admin/members/personmerge/{record.pk}/change/").content.decode()
    assert "3312345678" in shown


STATES = ("ninguna", "activa", "suspendida", "baja")


def standing(state: str, by: User) -> Person:
    """Return somebody whose membership stands like that."""
    if state == "ninguna":
        return make.person()
    member = make.member()
    if state == "suspendida":
        membership.suspend(member, reason="Licencia", by=By.admin(by))
    elif state == "baja":
        membership.end(member, reason="Cambio", by=By.admin(by))
    return member.person


@pytest.mark.parametrize("kept_state", STATES)
@pytest.mark.parametrize("gone_state", STATES)
def test_no_pair_of_memberships_loses_a_stay(diana: User, kept_state: str, gone_state: str) -> None:
    kept, gone = standing(kept_state, diana), standing(gone_state, diana)
    found = {kept_state, gone_state} - {"ninguna"}
    days = MembershipInterval.objects.count()
    if "suspendida" in found and len(found) == 2:
        assert "resuelva antes la suspensión" in refusals(kept, gone, diana)
        assert MembershipInterval.objects.count() == days
        return
    merge(kept, gone, diana)
    members = Member.objects.filter(person=kept)
    assert Member.objects.count() == members.count() == min(1, len(found))
    for member in members:
        assert member.state == ("activa" if "activa" in found else found.pop())
        still_open = member.intervals.filter(end=None).count()
        assert still_open == (0 if member.state == "baja" else 1)
        assert kept.assignments.filter(end=None).count() == still_open


def holder(name: str) -> Person:
    """Return the enlace of a dependencia where she works."""
    works_in = make.department(name)
    person = make.member(works_in=works_in).person
    Designation.objects.create(
        person=person,
        department=works_in,
        role="titular",
        state="vigente",
        oficio_number="D/1",
        oficio_date=timezone.localdate(),
        oficio="designaciones/1.pdf",
        start=timezone.localdate(),
    )
    return person


def test_an_encargo_is_never_lost(diana: User) -> None:
    mercados, parques = holder("Mercados"), holder("Parques")
    elsewhere = make.member(works_in=make.department("Obras")).person
    assert "Cada una tiene un encargo de enlace" in refusals(mercados, parques, diana)
    assert "conserve la otra, o termine antes el encargo" in refusals(elsewhere, mercados, diana)
    merge(elsewhere, mercados, diana, assignment="gone")
    held = elsewhere.designations.get()
    assert (held.state, held.department) == ("vigente", joining.open_post(elsewhere).department)  # type: ignore[union-attr]


def test_what_was_merged_is_cancelled_with_her(diana: User) -> None:
    """The second name, address and account are hers too: a cancellation leaves nothing of them."""
    PrivacyPolicy.objects.create(blocking_days=0)
    first, kept, gone = (make.person("Ana", surname) for surname in ("Ruiz", "Ruíz", "Ruis"))
    addresses = [person.institutional_email for person in (first, kept, gone)]
    keys = [person.pk for person in (first, kept, gone)]
    accounts = [person.user for person in (first, kept, gone)]
    staff = signed_in(diana)
    page = f"/admin/members/person/{gone.pk}/change/"
    LogEntry.objects.create(
        user=diana,
        content_type=ContentType.objects.get_for_model(Person),
        object_id=str(gone.pk),
        object_repr="Ana Ruis",
        action_flag=2,
    )
    merge(kept, gone, diana)
    merge(first, kept, diana)
    assert staff.get(page).status_code in {302, 404}

    forgetting.block(first, by=By.admin(diana))
    forgetting.anonymise(first, by=By.admin(diana))

    assert not User.objects.filter(email__in=addresses).exists()
    assert not EmailAddress.objects.filter(email__in=addresses).exists()
    assert not Person.history.filter(id__in=keys, first_surname__startswith="Ru").exists()
    assert not LogEntry.objects.filter(object_repr__contains="Ruis").exists()
    assert not any(account and User.objects.get(pk=account.pk).is_active for account in accounts)
