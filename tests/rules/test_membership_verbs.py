"""Reingreso and readscripción by staff: the same person, the past where it was, one mail."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import membership
from members.membership import Place
from members.models import Assignment, Department, Level, Member, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in


def place(department: Department, position: str = "Directora de área") -> Place:
    return Place(department, position, Level.DIRECTION)


def started(member: Member, days_ago: int) -> None:
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    Assignment.objects.filter(person=member.person).update(start=day)


def mails(kind: str) -> list[str]:
    return list(
        QueuedMail.objects.filter(kind=f"members/{kind}").values_list("recipient", flat=True)
    )


def test_reingreso_by_staff(alicia: Member, valentina: User) -> None:
    by = By.admin(valentina)
    membership.end(alicia, reason="Licencia", by=by)
    culture = make.department("Cultura")
    path = f"/admin/members/member/{alicia.pk}/reingreso/"
    data = {"department": culture.pk, "position": "Jefa", "level": "jefatura", "reason": "Oficio 1"}
    staff = signed_in(valentina)
    assert staff.post(path, {**data, "reason": ""}).status_code == 422
    assert staff.post(path, data).status_code == 302
    membership.readmit(alicia, place(culture), reason="Otra vez", by=by)
    alicia.refresh_from_db()
    assert (alicia.state, alicia.intervals.count()) == ("activa", 2)
    assert alicia.person.assignments.open().get().department == culture
    assert mails("membership_reinstated") == [alicia.person.address]


def test_readscripcion_by_staff_leaves_the_past_where_it_was(
    alicia: Member, valentina: User
) -> None:
    started(alicia, 30)
    today = timezone.localdate()
    culture = make.department("Cultura")
    data = {
        "department": culture.pk,
        "position": "Directora de área",
        "level": "direccion",
        "start": today.isoformat(),
        "reason": "Oficio DRH/1/2026",
    }
    staff, path = signed_in(valentina), f"/admin/members/member/{alicia.pk}/readscripcion/"
    assert staff.get(path).status_code == 200
    for _ in range(2):
        assert staff.post(path, data).status_code == 302
    now, former = alicia.person.assignments.order_by("-start")
    assert (now.department, now.start, now.end) == (culture, today, None)
    assert former.end == today - datetime.timedelta(days=1)
    assert mails("membership_readscribed") == [alicia.person.address]
    line = Transition.objects.about(alicia).last()
    assert line is not None
    assert "Oficio DRH/1/2026" in line.reason


@pytest.mark.parametrize(
    ("days", "ended", "code"),
    [(1, False, "date_ahead"), (-40, False, "date_before"), (0, True, "not_active")],
)
def test_a_readscripcion_that_cannot_be(
    alicia: Member, valentina: User, days: int, ended: bool, code: str
) -> None:
    started(alicia, 30)
    by = By.admin(valentina)
    if ended:
        membership.end(alicia, reason="Baja", by=by)
    before = list(Assignment.objects.values())
    day = timezone.localdate() + datetime.timedelta(days=days)
    with pytest.raises(ValidationError) as no:
        membership.readscribe(alicia, place(make.department()), start=day, reason="Oficio", by=by)
    assert no.value.code == code
    assert list(Assignment.objects.values()) == before


def test_entering_on_a_day_of_the_past_or_twice(alicia: Member, valentina: User) -> None:
    by, today = By.admin(valentina), timezone.localdate()
    somebody = make.person()
    with pytest.raises(ValidationError, match="futura"):
        membership.enter(
            somebody,
            place(make.department()),
            reason="R",
            since=today + datetime.timedelta(1),
            by=by,
        )
    long_ago = today - datetime.timedelta(days=90)
    member = membership.enter(somebody, place(make.department()), reason="R", since=long_ago, by=by)
    assert (member.since, member.intervals.get().start) == (long_ago, long_ago)
    with pytest.raises(ValidationError) as no:
        membership.enter(somebody, place(make.department()), reason="R", by=by)
    assert no.value.code == "already_member"
    membership.suspend(member, reason="Licencia", by=by)
    with pytest.raises(ValidationError):
        membership.readmit(member, place(make.department()), reason="R", by=by)


@pytest.mark.parametrize("verb", ["suspend", "reinstate", "end", "readmit", "readscribe"])
def test_nobody_of_the_staff_moves_her_own_membership(valentina: User, verb: str) -> None:
    hers = make.member(valentina.person)
    somewhere = [place(make.department("Obras"))] if verb.startswith("read") else []
    more = {"start": timezone.localdate()} if verb == "readscribe" else {}
    before = Transition.objects.about(hers).count()
    with pytest.raises(ValidationError) as no:
        getattr(membership, verb)(
            hers, *somewhere, reason="Porque sí", by=By.admin(valentina), **more
        )
    assert no.value.code == "own_case"
    assert Transition.objects.about(hers).count() == before


def test_the_forms_of_the_desk_are_no_second_path(valentina: User, alicia: Member) -> None:
    """Nobody rewrites her own row; nobody who caused baja works anywhere; nothing is written ahead."""
    hers = make.member(valentina.person).person
    post = hers.assignments.get()
    staff = signed_in(valentina)
    for path in (f"person/{hers.pk}", f"assignment/{post.pk}"):
        assert staff.get(f"/admin/members/{path}/change/").status_code == 200
        assert staff.post(f"/admin/members/{path}/change/", {"position": "x"}).status_code == 403
    membership.end(alicia, reason="Licencia", by=By.admin(valentina))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    kept = list(Assignment.objects.values())

    def wrong(**data: object) -> set[str]:
        written = {
            "person": alicia.person.pk,
            "department": post.department_id,
            "position": "Directora",
            "level": "direccion",
            "start": "2020-01-01",
            **data,
        }
        answer = staff.post("/admin/members/assignment/add/", written)
        return set(answer.context["adminform"].form.errors)

    assert wrong(person=hers.pk, end="2020-02-01") == {"person"}
    assert wrong() == {"end"}
    assert wrong(end=tomorrow) == {"end"}
    assert wrong(start=tomorrow, end="") == {"start", "end"}
    assert list(Assignment.objects.values()) == kept
