"""What staff may do to the library, and what each reader may see of it."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Member, User
from red_genero.common.models import Channel, Transition
from red_genero.common.states import By
from resources import announcing, publishing
from resources.models import HelpLine, Resource, Topic, Visitor
from tests import make

pytestmark = pytest.mark.django_db

CLOCK = By.job("Prueba")


def moves(subject: Resource | HelpLine) -> list[tuple[str, str]]:
    return [(line.from_state, line.to_state) for line in Transition.objects.about(subject)]


def test_publishing_twice_is_harmless() -> None:
    entry = make.resource(state=Resource.State.DRAFT)

    publishing.publish(entry, by=CLOCK)
    publishing.publish(entry, by=CLOCK)

    entry.refresh_from_db()
    assert entry.state == Resource.State.PUBLISHED
    assert moves(entry) == [("borrador", "publicado")]


def test_what_is_to_be_confirmed_is_not_published_until_verified(diana: User) -> None:
    entry = make.resource(state=Resource.State.DRAFT)
    entry.verification = Resource.Verification.PENDING
    entry.save()

    with pytest.raises(ValidationError) as refusal:
        publishing.publish(entry, by=CLOCK)
    assert refusal.value.code == "unconfirmed"

    with pytest.raises(ValidationError) as refusal:
        publishing.verify(entry, by=By.admin(diana))
    assert refusal.value.code == "no_note"
    publishing.verify(entry, note="Se comparó con el Periódico Oficial.", by=By.admin(diana))
    assert Transition.objects.about(entry)[0].reason == "Se comparó con el Periódico Oficial."
    published = publishing.publish(entry, by=By.admin(diana))
    assert (published.state, published.verified_by) == ("publicado", diana)
    assert published.verified_on == timezone.localdate()


def test_what_is_published_today_is_news_however_old_its_draft() -> None:
    entry = make.resource(state=Resource.State.DRAFT)
    old = timezone.now() - datetime.timedelta(days=90)
    Resource.objects.update(updated_at=old)
    publishing.publish(entry, by=CLOCK)
    since = timezone.now() - datetime.timedelta(days=1)
    assert list(announcing.news(since)) == [entry]


def test_withdrawing_needs_a_reason_and_keeps_it() -> None:
    entry = make.resource()

    with pytest.raises(ValidationError) as refusal:
        publishing.withdraw(entry, reason="  ", by=CLOCK)
    assert refusal.value.code == "no_reason"
    assert moves(entry) == []

    withdrawn = publishing.withdraw(entry, reason="Se publicó otra edición.", by=CLOCK)
    assert withdrawn.withdrawal_reason == "Se publicó otra edición."
    line = Transition.objects.about(entry).get()
    assert (line.reason, line.channel) == ("Se publicó otra edición.", Channel.JOB)

    again = publishing.publish(withdrawn, by=CLOCK)
    assert (again.state, again.withdrawal_reason) == ("publicado", "")


def test_a_draft_cannot_be_withdrawn() -> None:
    entry = make.resource(state=Resource.State.DRAFT)

    with pytest.raises(ValidationError) as refusal:
        publishing.withdraw(entry, reason="No sirve.", by=CLOCK)

    assert refusal.value.code == "move_refused"
    entry.refresh_from_db()
    assert (entry.state, entry.withdrawal_reason) == ("borrador", "")


def test_hiding_returns_an_entry_to_draft() -> None:
    entry = publishing.hide(make.resource(), by=CLOCK)

    assert publishing.hide(entry, by=CLOCK).state == Resource.State.DRAFT
    assert moves(entry) == [("publicado", "borrador")]


def test_the_database_refuses_a_withdrawal_without_reason() -> None:
    entry = make.resource()

    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=entry.pk).update(state=Resource.State.WITHDRAWN)


@pytest.mark.parametrize(("days", "due"), [(180, False), (181, True), (None, True)])
def test_a_verification_lasts_180_days(days: int | None, due: bool) -> None:
    entry = make.resource()
    entry.verified_on = (
        None if days is None else timezone.localdate() - datetime.timedelta(days=days)
    )
    entry.save()

    assert entry.overdue is due
    assert Resource.objects.overdue().exists() is due


@pytest.mark.parametrize(("days", "due"), [(90, False), (91, True), (None, True)])
def test_a_help_line_is_confirmed_every_90_days(days: int | None, due: bool) -> None:
    line = make.help_line(verified_days_ago=days)

    assert line.overdue is due
    assert HelpLine.objects.to_verify().exists() is due


def test_a_line_is_published_only_after_somebody_verified_it(diana: User) -> None:
    line = make.help_line(verified_days_ago=None)
    HelpLine.objects.update(published=False)

    with pytest.raises(ValidationError) as refusal:
        publishing.publish_line(line, by=By.admin(diana))
    assert refusal.value.code == "unconfirmed"

    publishing.verify_line(line, by=By.admin(diana))
    publishing.publish_line(line, by=By.admin(diana))
    publishing.publish_line(line, by=By.admin(diana))

    assert [shown.verified_by for shown in HelpLine.objects.published()] == [diana]
    assert moves(line) == [("oculta", "verificada"), ("oculta", "publicada")]
    publishing.hide_line(line, by=By.admin(diana))
    assert not HelpLine.objects.published().exists()


def test_the_emergency_line_is_first_and_only_one() -> None:
    make.help_line("Antes en el alfabeto")
    last = make.help_line("Zeta")
    HelpLine.objects.filter(pk=last.pk).update(emergency=True, order=900)

    assert next(line.name for line in HelpLine.objects.published()) == "Zeta"
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpLine.objects.update(emergency=True)


def test_each_reader_sees_what_is_hers(alicia: Member, diana: User) -> None:
    entries = {
        "abierta": make.resource(),
        "integrantes": make.resource(audience=Resource.Audience.MEMBERS),
        "enlaces": make.resource(audience=Resource.Audience.LIAISONS),
        "retirada": make.resource(state=Resource.State.WITHDRAWN),
        "borrador": make.resource(state=Resource.State.DRAFT),
    }
    assert alicia.person.user is not None
    readers: dict[str, Visitor] = {
        "visitante": AnonymousUser(),
        "integrante": alicia.person.user,
        "personal": diana,
    }

    pages = {
        name: {what for what, entry in entries.items() if entry in Resource.objects.visible_to(who)}
        for name, who in readers.items()
    }
    lists = {
        name: {what for what, entry in entries.items() if entry in Resource.objects.listed_for(who)}
        for name, who in readers.items()
    }
    counts = {
        name: Topic.objects.with_counts(who).values_list("entries", flat=True)[0]  # type: ignore[misc]
        for name, who in readers.items()
    }

    assert pages == {
        "visitante": {"abierta", "retirada"},
        "integrante": {"abierta", "retirada", "integrantes"},
        "personal": set(entries),
    }
    assert lists == {
        "visitante": {"abierta"},
        "integrante": {"abierta", "integrantes"},
        "personal": {"abierta", "integrantes", "enlaces"},
    }
    assert counts == {"visitante": 1, "integrante": 2, "personal": 3}


def test_a_citation_has_issuer_title_date_and_address() -> None:
    entry = make.resource("Ley General de Víctimas")
    entry.acronym = "LGV"
    entry.published_on = datetime.date(2013, 1, 9)
    entry.url = "https://www.diputados.gob.mx/LGV.pdf"

    assert entry.citation == (
        "Congreso de la Unión. Ley General de Víctimas (LGV), 9 de enero de 2013. "
        "https://www.diputados.gob.mx/LGV.pdf"
    )
