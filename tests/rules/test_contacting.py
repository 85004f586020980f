"""Solicitudes de contacto: whom they reach, what they never tell, how often, what she shares, and how they end."""

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import contacting, expiring, forgetting, holdings, membership, merging
from members.models import ContactRequest, Member, Person, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising

WORDS = "Quisiera conocer cómo organizaron su plan de trabajo."
State = ContactRequest.State
JOB = By.job("prueba")


@pytest.fixture
def ana(alicia: Member) -> Person:
    """Who writes."""
    return alicia.person


@pytest.fixture
def bea(beatriz: Member) -> Person:
    """Who is in the directory."""
    Person.objects.filter(pk=beatriz.person.pk).update(
        show_in_directory=True, office_phone="3312345678"
    )
    beatriz.person.refresh_from_db()
    return beatriz.person


def by(person: Person) -> By:
    """Return the channel of the person herself."""
    assert person.user is not None
    return By.web(person.user)


def asked(sender: Person, recipient: Person, words: str = WORDS) -> ContactRequest:
    """Return a request sent by the verb."""
    return contacting.ask(sender, recipient, words, by=by(sender))


def refused(act: Callable[[], object]) -> str:
    """Return the code of the refusal, with nothing written."""
    before = (ContactRequest.objects.count(), QueuedMail.objects.count())
    with pytest.raises(ValidationError) as no:
        act()
    assert (ContactRequest.objects.count(), QueuedMail.objects.count()) == before
    return str(no.value.code)


def test_one_mail_that_does_not_say_who(ana: Person, bea: Person) -> None:
    row = asked(ana, bea)
    again = asked(ana, bea)
    assert (again.pk, row.state) == (row.pk, State.SENT)
    mail = QueuedMail.objects.get()
    said = f"{mail.subject} {bytes(mail.mime).decode()} {mail.text}"
    assert mail.recipient == bea.address
    for secret in (ana.address, ana.first_surname, ana.given_names, WORDS):
        assert secret not in said
    assert [line.to_state for line in Transition.objects.about(row)] == [State.SENT]


@pytest.mark.parametrize(
    "change",
    [
        {"hidden": True},
        {"show_in_directory": False},
        {"accepts_contact": False},
        {"user": None},
        {"blocked_at": timezone.now()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_who_is_out_of_reach_is_refused_alike(
    change: dict[str, object], ana: Person, bea: Person
) -> None:
    Person.objects.filter(pk=bea.pk).update(**change)
    assert refused(lambda: asked(ana, bea)) == "not_reachable"


def test_the_enlace_is_reached_as_she_lets_her_name_be_read(
    ana: Person, bea: Person, valentina: User
) -> None:
    Person.objects.filter(pk=bea.pk).update(show_in_directory=False)
    post = liaising.in_force(bea.assignments.get().department, bea, by=valentina)
    assert refused(lambda: asked(ana, bea)) == "not_reachable"
    type(post).objects.filter(pk=post.pk).update(show_name=Person.Visibility.MEMBERS)
    assert asked(ana, bea).state == State.SENT


def test_only_an_active_integrante_writes_and_never_to_herself(ana: Person, bea: Person) -> None:
    outsider = make.person("Olga", "Ruiz")
    assert refused(lambda: asked(outsider, bea)) == "not_member"
    assert refused(lambda: asked(bea, bea)) == "not_reachable"
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactRequest.objects.create(
            sender=bea, recipient=bea, message=WORDS, expires_at=timezone.now()
        )


@pytest.mark.parametrize("words", ["", "Hola", "x" * (ContactRequest.LONGEST + 1)])
def test_the_message_is_neither_empty_nor_long(words: str, ana: Person, bea: Person) -> None:
    with pytest.raises(ValidationError):
        asked(ana, bea, words)
    assert not ContactRequest.objects.exists()


def test_she_shares_only_what_she_chooses(ana: Person, bea: Person) -> None:
    row = asked(ana, bea)
    with pytest.raises(ValidationError) as no:
        contacting.accept(row, email=True, phone=False, by=by(ana))
    assert no.value.code == "not_hers"
    assert refused(lambda: contacting.accept(row, email=False, phone=False, by=by(bea))) == (
        "nothing_shared"
    )
    done = contacting.accept(row, email=False, phone=True, by=by(bea))
    assert (done.state, done.email, done.phone) == (State.ACCEPTED, "", "33 1234 5678")
    letter = QueuedMail.objects.get(recipient=ana.address)
    assert "33 1234" not in letter.text
    assert bea.first_surname not in letter.text
    assert refused(lambda: contacting.decline(done, by=by(bea))) == "closed"
    assert refused(lambda: asked(ana, bea, WORDS * 2)) == "already_answered"


def test_declining_is_silent_and_not_repeated(ana: Person, bea: Person) -> None:
    row = asked(ana, bea)
    mails = QueuedMail.objects.count()
    contacting.decline(row, by=by(bea))
    done = contacting.decline(row, by=by(bea))
    assert (done.state, QueuedMail.objects.count()) == (State.DECLINED, mails)
    assert len(Transition.objects.about(row)) == 2
    assert refused(lambda: asked(ana, bea)) == "asked_lately"
    with time_machine.travel(timezone.now() + contacting.SAME_AGAIN, tick=False):
        assert asked(ana, bea).state == State.SENT


def test_it_expires_and_is_let_go(ana: Person, bea: Person) -> None:
    row = asked(ana, bea)
    with time_machine.travel(row.expires_at, tick=False):
        assert refused(lambda: contacting.accept(row, email=True, phone=False, by=by(bea))) == (
            "expired"
        )
        assert [each.pk for each in contacting.expire_due(by=JOB)] == [row.pk]
        assert contacting.expire_due(by=JOB) == []
    with time_machine.travel(row.expires_at + datetime.timedelta(days=179), tick=False):
        assert expiring.sweep().contacts == 0
    with time_machine.travel(row.expires_at + datetime.timedelta(days=181), tick=False):
        assert expiring.sweep(dry_run=True).contacts == 1
        assert expiring.sweep().contacts == 1
    assert not ContactRequest.objects.exists()
    assert not Transition.objects.about(row)


def test_five_a_day_by_account(ana: Person, bea: Person) -> None:
    place = make.department()
    others = [make.member(works_in=place).person for _ in range(contacting.PER_DAY)]
    Person.objects.filter(pk__in=[one.pk for one in others]).update(show_in_directory=True)
    for one in others:
        asked(ana, one)
    assert refused(lambda: asked(ana, bea)) == "too_many"
    assert asked(others[0], bea).state == State.SENT
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25), tick=False):
        assert asked(ana, bea).state == State.SENT


def test_who_stops_receiving_or_leaves_closes_what_waits(
    ana: Person, bea: Person, valentina: User
) -> None:
    first = asked(ana, bea)
    contacting.receive(bea, accepts=False, by=by(bea))
    second = asked(bea, _listed(ana))
    membership.end(ana.member, reason="Se va", by=By.admin(valentina))
    states = dict(ContactRequest.objects.values_list("pk", "state"))
    assert states == {first.pk: State.DECLINED, second.pk: State.EXPIRED}


def test_hidden_after_accepting_shows_nothing_more(ana: Person, bea: Person) -> None:
    contacting.accept(asked(ana, bea), email=True, phone=True, by=by(bea))
    assert contacting.still_shown().filter(pk=bea.pk).exists()
    Person.objects.filter(pk=bea.pk).update(hidden=True)
    assert not contacting.still_shown().filter(pk=bea.pk).exists()


def test_what_she_holds_tells_who_wrote_and_not_to_whom(ana: Person, bea: Person) -> None:
    asked(ana, bea)
    sent = str([one for one in holdings.of(ana) if one["key"] == "members.contactrequest"])
    got = str([one for one in holdings.of(bea) if one["key"] == "members.contactrequest"])
    assert WORDS in sent
    assert bea.first_surname not in sent
    assert WORDS in got
    assert ana.first_surname in got


def test_merging_and_anonymising_leave_no_stray_message(
    ana: Person, bea: Person, diana: User
) -> None:
    twin = _listed(make.member(make.person("Alicia", "Muñoz", "Íñiguez")).person)
    for sender, recipient in ((ana, bea), (twin, bea), (ana, twin)):
        asked(sender, recipient)
    merging.merge(ana, twin, chosen={}, reason="Dos veces", by=By.admin(diana))
    (left,) = ContactRequest.objects.all()
    assert (left.sender_id, left.recipient_id) == (ana.pk, bea.pk)

    forgetting.block(ana, by=By.admin(diana))
    left.refresh_from_db()
    assert left.state == State.EXPIRED
    assert bea.user is not None
    assert not ContactRequest.objects.received_by(bea.user).exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40), tick=False):
        forgetting.anonymise(ana, by=By.admin(diana))
    assert not ContactRequest.objects.exists()
    assert not Transition.objects.about(left)


def _listed(person: Person) -> Person:
    """Put her in the directory."""
    Person.objects.filter(pk=person.pk).update(show_in_directory=True)
    person.refresh_from_db()
    return person
