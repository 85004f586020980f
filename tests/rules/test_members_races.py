"""Two people, or one with two tabs, pressing at the same moment."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from members import admitting, forgetting, importing, inviting, merging, privacy, vetting
from members.membership import Place
from members.models import Application, Consent, Level, Member, MemberImport, Person, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def together(*presses: Callable[[], object]) -> list[str]:
    """Run every press at once; return the codes of those refused."""
    start = Barrier(len(presses))

    def run(press: Callable[[], object]) -> str:
        try:
            start.wait(timeout=30)
            press()
        except ValidationError as refusal:
            return str(getattr(refusal, "code", "of_a_field"))
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(presses)) as pool:
        return sorted(filter(None, pool.map(run, presses)))


def reviewer() -> User:
    """Return somebody of Validación."""
    call_command("sync_roles", verbosity=0)
    return make.user(staff=True, roles=("Validación",))


def test_starting_at_once_opens_one_draft() -> None:
    make.notice()
    account = make.proven(make.user())
    refused = together(*[lambda: admitting.start(account, by=By.web(account))] * 6)
    assert refused == []
    assert Application.objects.count() == Person.objects.count() == Consent.objects.count() == 1


def test_sending_at_once_gives_one_folio_and_one_mail() -> None:
    draft = make.draft()
    by = By.web(draft.person.user)  # type: ignore[arg-type]

    def send() -> None:
        admitting.send(draft, directory=True, mobile=False, image=False, by=by)

    assert together(*[send] * 6) == []
    assert Application.objects.get().folio
    assert QueuedMail.objects.filter(kind="members/application_sent").count() == 1
    assert Consent.objects.filter(purpose="directorio").count() == 1


def test_one_of_two_reviewers_takes_it() -> None:
    first, second = reviewer(), reviewer()
    application = make.application()
    refused = together(
        lambda: vetting.take(application, by=By.admin(first)),
        lambda: vetting.take(application, by=By.admin(second)),
    )
    assert refused == ["taken_by_other"]
    application.refresh_from_db()
    assert application.reviewer in {first, second}


def test_approving_at_once_makes_one_integrante() -> None:
    staff = reviewer()
    application = make.in_review(staff)
    refused = together(*[lambda: vetting.approve(application, by=By.admin(staff))] * 6)
    assert refused == []
    assert Member.objects.count() == 1
    assert Member.objects.get().person.assignments.count() == 1
    assert QueuedMail.objects.filter(kind="members/application_approved").count() == 1


def test_answering_while_it_expires_and_is_withdrawn_ends_in_one_story() -> None:
    staff = reviewer()
    application = make.in_review(staff)
    vetting.request_information(application, question="¿Área?", by=By.admin(staff))
    soon = timezone.now() + datetime.timedelta(milliseconds=80)
    application.questions.update(deadline=soon)
    she = By.web(application.person.user)  # type: ignore[arg-type]
    together(
        *[lambda: admitting.answer(application, text="Esa.", by=she)] * 2,
        *[lambda: admitting.expire_due(by=By.job("prueba"))] * 2,
        lambda: admitting.withdraw(application, by=she),
    )
    told_as_one_story(application)
    assert not application.questions.open().exists()
    kinds = list(QueuedMail.objects.values_list("kind", flat=True))
    assert len(kinds) == len(set(kinds))


def told_as_one_story(row: Application | Member) -> None:
    """See that each line of the log begins where the one before ended, and the last is where the row is."""
    row.refresh_from_db()
    lines = list(Transition.objects.about(row))
    assert [line.from_state for line in lines] == ["", *[line.to_state for line in lines[:-1]]]
    assert lines[-1].to_state == row.state


def test_her_data_are_blocked_while_she_is_approved() -> None:
    """One of both waits for the other: no deadlock, and nobody is left active with her data blocked."""
    staff = reviewer()
    application = make.in_review(staff)
    person, direction = application.person, By.admin(make.user())
    refused = together(
        lambda: vetting.approve(application, by=By.admin(staff)),
        lambda: forgetting.block(person, by=direction),
        lambda: privacy.choose(person, {"imagen": True}, by=By.web(person.user)),  # type: ignore[arg-type]
    )
    told_as_one_story(application)
    person.refresh_from_db()
    member = Member.objects.filter(person=person).first()
    assert refused in ([], ["move_refused"])
    assert person.blocked_at
    assert member is None or member.state == Member.State.ENDED
    assert not person.applications.open().exists()


def test_inviting_and_registering_the_same_address_at_once() -> None:
    staff = By.admin(reviewer())
    place = Place(make.department("Mercados"), "Jefa", Level.HEAD)
    data = {"given_names": "Inés", "first_surname": "Ávila", "institutional_email": "i@gdl.mx"}
    refused = together(
        *[lambda: inviting.register(data, place, reason="R", by=staff)] * 2,
        *[lambda: inviting.invite("i@gdl.mx", by=staff)] * 2,
    )
    assert len(refused) in {2, 3}
    assert set(refused) <= {"already_here", "already_invited", "of_a_field"}
    assert Member.objects.count() == 1
    assert QueuedMail.objects.filter(kind="members/membership_registered").count() == 1
    assert QueuedMail.objects.filter(kind="members/invitation").count() <= 1


def test_withdrawing_while_it_is_approved_ends_in_one_of_both() -> None:
    staff = reviewer()
    application = make.in_review(staff)
    refused = together(
        lambda: vetting.approve(application, by=By.admin(staff)),
        lambda: admitting.withdraw(application, by=By.web(application.person.user)),  # type: ignore[arg-type]
    )
    application.refresh_from_db()
    assert refused == ["move_refused"]
    assert Member.objects.exists() is (application.state == Application.State.APPROVED)
    last = Transition.objects.about(application).last()
    assert last is not None
    assert last.to_state == application.state


def test_two_files_of_the_same_people_at_once_register_them_once() -> None:
    staff = reviewer()
    make.department("Mercados")
    rows = "".join(
        f"Inés,Ávila{end},i{end}@guadalajara.gob.mx,Mercados,Jefa,jefatura\n" for end in "abcd"
    )
    titles = "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel\n"
    read = [
        importing.read("lista.csv", f"{titles}{rows}".encode(), by=By.admin(staff))
        for _ in range(3)
    ]
    refused = together(
        *[
            partial(importing.apply, each, matches="revisar", write=False, by=By.admin(staff))
            for each in read
        ]
    )
    assert refused == []
    assert sorted(MemberImport.objects.values_list("created", flat=True)) == [0, 0, 4]
    assert Member.objects.count() == 4


def test_merging_both_ways_while_she_is_approved_leaves_one_person() -> None:
    staff = reviewer()
    application = make.in_review(staff)
    one, other = application.person, make.person("Ana", "Ruiz")
    direction = By.admin(make.user())

    def merge(kept: Person, gone: Person) -> None:
        merging.merge(kept, gone, chosen={}, reason="Se registró dos veces", by=direction)

    refused = together(
        lambda: merge(one, other),
        lambda: merge(other, one),
        lambda: vetting.approve(application, by=By.admin(staff)),
    )
    assert refused == ["would_lose"]
    left = Person.objects.filter(pk__in=[one.pk, other.pk]).get()
    assert left.applications.get() == application
    assert left.member.person.assignments.filter(end=None).count() == 1
