"""What is new reaches who asked for it, once, and she stops it with one press; the feed tells only what is public."""

from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from members import privacy
from members.models import Consent, Member, Person, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from resources import announcing
from resources.models import Bulletin, BulletinDelivery, Resource
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
CLOCK = By.job("Prueba")


def subscribe(person: Person, wanted: bool = True) -> None:
    privacy.choose(person, {Consent.Purpose.BULLETIN: wanted}, by=CLOCK)


def mails() -> list[QueuedMail]:
    return list(QueuedMail.objects.filter(kind="resources/bulletin"))


@pytest.fixture
def notice(db: None) -> None:
    make.notice()


def test_it_reaches_who_consents_once_and_nobody_else(
    notice: None, alicia: Member, beatriz: Member, diana: User
) -> None:
    subscribe(alicia.person)
    subscribe(beatriz.person)
    subscribe(beatriz.person, wanted=False)
    make.resource("Ley nueva")
    make.resource("Ley interna", audience=Resource.Audience.MEMBERS)
    make.resource("Ley en borrador", state=Resource.State.DRAFT)
    number = announcing.prepare(by=By.admin(diana))
    assert announcing.prepare(by=By.admin(diana)) == number
    assert [entry.title for entry in number.resources.all()] == ["Ley nueva"]

    announcing.send(number, by=By.admin(diana))
    announcing.send(number, by=By.admin(diana))
    for _ in range(3):
        announcing.deliver_pending()

    assert [mail.recipient for mail in mails()] == [alicia.person.address]
    number.refresh_from_db()
    assert number.state == Bulletin.State.SENT
    assert [(line.from_state, line.to_state) for line in Transition.objects.about(number)] == [
        ("", "borrador"),
        ("borrador", "en_proceso"),
        ("en_proceso", "enviado"),
    ]


def test_the_mail_has_a_neutral_subject_and_one_press_to_leave(
    notice: None, alicia: Member
) -> None:
    subscribe(alicia.person)
    make.resource("Protocolo contra el acoso")
    announcing.send(announcing.prepare(by=CLOCK), by=CLOCK)
    announcing.deliver_pending()

    (mail,) = mails()
    message = message_from_bytes(bytes(mail.mime), policy=policy.default)
    leave = str(message["List-Unsubscribe"]).strip(" <>")
    assert mail.subject == "Novedades, número 1"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert leave in mail.text
    path = leave.split("/", 3)[3]

    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(f"/{path}")
    assert "Dejar de recibirlas" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert privacy.consents(alicia.person)[Consent.Purpose.BULLETIN] is True

    for _ in range(2):
        answer = stranger.post(f"/{path}", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert stranger.post(f"/{path}").status_code == 403
    assert Client().post(f"/{path}").headers["Location"] == "/biblioteca/boletin/baja/"
    assert privacy.consents(alicia.person)[Consent.Purpose.BULLETIN] is False
    assert alicia.person.consents.filter(purpose="boletin").count() == 2
    assert Client().head(f"/{path}").status_code == 200
    assert Client().get("/biblioteca/boletin/baja/otra-cosa/").status_code == 404
    assert "Ya no recibirá" in Client().get("/biblioteca/boletin/baja/").content.decode()


def test_who_changed_her_mind_before_it_left_gets_nothing(notice: None, alicia: Member) -> None:
    subscribe(alicia.person)
    make.resource()
    number = announcing.send(announcing.prepare(by=CLOCK), by=CLOCK)
    subscribe(alicia.person, wanted=False)

    announcing.deliver_pending()

    assert mails() == []
    delivery = BulletinDelivery.objects.get(bulletin=number)
    assert delivery.skipped == "Retiró su consentimiento o no tiene correo."
    number.refresh_from_db()
    assert number.state == Bulletin.State.SENT


def test_what_was_withdrawn_before_it_left_is_not_told(notice: None, alicia: Member) -> None:
    subscribe(alicia.person)
    make.resource("Ley que queda")
    gone = make.resource("Ley que se retira")
    announcing.send(announcing.prepare(by=CLOCK), by=CLOCK)
    Resource.objects.filter(pk=gone.pk).update(state=Resource.State.DRAFT)

    announcing.deliver_pending()

    (mail,) = mails()
    assert "Ley que queda" in mail.text
    assert "Ley que se retira" not in mail.text


def test_an_empty_number_or_one_without_readers_is_not_sent(notice: None, alicia: Member) -> None:
    draft = announcing.prepare(by=CLOCK)
    with pytest.raises(ValidationError) as empty:
        announcing.send(draft, by=CLOCK)
    draft.resources.add(make.resource())
    with pytest.raises(ValidationError) as nobody:
        announcing.send(draft, by=CLOCK)

    assert (empty.value.code, nobody.value.code) == ("empty", "nobody")
    assert Bulletin.objects.get().state == Bulletin.State.DRAFT


def test_the_next_number_tells_what_changed_since_the_last(notice: None, alicia: Member) -> None:
    subscribe(alicia.person)
    make.resource("Ley de antes")
    announcing.send(announcing.prepare(by=CLOCK), by=CLOCK)
    announcing.deliver_pending()
    make.resource("Ley de después")

    following = announcing.prepare(by=CLOCK)

    assert following.number == 2
    assert [entry.title for entry in following.resources.all()] == ["Ley de después"]


def test_the_desk_prepares_previews_and_sends(notice: None, alicia: Member, diana: User) -> None:
    subscribe(alicia.person)
    make.resource("Ley <nueva>")
    desk = signed_in(diana)

    prepared = desk.post("/admin/resources/bulletin/add/")
    number = Bulletin.objects.get()
    assert prepared.headers["Location"] == f"/admin/resources/bulletin/{number.pk}/change/"
    assert desk.get(prepared.headers["Location"]).status_code == 200
    preview = desk.get("/biblioteca/boletin/1/").content.decode()
    assert "Ley &lt;nueva&gt;" in preview
    for page in (preview, desk.get("/admin/resources/resource/").content.decode()):
        assert "quick-exit" not in page
    assert "Lo ha pedido 1 persona" in preview
    assert signed_in(alicia.person.user).get("/biblioteca/boletin/1/").status_code == 404  # type: ignore[arg-type]

    sent = desk.post(f"/admin/resources/bulletin/{number.pk}/enviar/", follow=True)
    assert "Se está enviando: Boletín 1." in sent.content.decode()
    assert BulletinDelivery.objects.count() == 1


def test_the_feed_and_the_text_tell_only_what_is_public(client: Client) -> None:
    make.resource("Ley abierta & vigente")
    make.resource("Ley interna", audience=Resource.Audience.MEMBERS)
    make.resource("Ley en borrador", state=Resource.State.DRAFT)

    for path, kind in (
        ("/biblioteca/novedades/atom/", "application/atom+xml"),
        ("/biblioteca/novedades/texto/", "text/plain"),
    ):
        answer = client.get(path)
        said = answer.content.decode()
        assert answer["Content-Type"].startswith(kind)
        assert "Ley abierta" in said
        assert "interna" not in said
        assert "borrador" not in said
        assert not answer.cookies
    Resource.objects.update(summary="Si <b> es menos")
    news = client.get("/biblioteca/novedades/atom/").content.decode()
    assert "<title>Ley abierta &amp; vigente</title>" in news
    assert '<summary type="html">Si &amp;lt;b&amp;gt; es menos</summary>' in news


def test_the_purpose_is_separate_and_unticked(notice: None, alicia: Member) -> None:
    assert privacy.consents(alicia.person)[Consent.Purpose.BULLETIN] is False
    page = signed_in(alicia.person.user).get("/mis-datos/").content.decode()  # type: ignore[arg-type]
    assert "Recibir por correo las novedades de la biblioteca" in page
