"""Words of messages that the Instituto changes: only listed data, neutral subjects, ours can be restored."""

from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from members import emails
from members.models import Member, User
from red_genero.common import mailtexts
from red_genero.common.models import MailText, QueuedMail
from tests import make
from tests.conftest import signed_in

SENT = "members/application_sent"
MESSAGES = sorted(mailtexts.REGISTRY)
BODY = "Hola, {nombre}:\n\nSu folio es {folio}.\n\nSígala en {enlace}"


def row(kind: str = SENT) -> MailText:
    return MailText.objects.get(kind=kind)


def html_of(mail: QueuedMail) -> str:
    body = message_from_bytes(bytes(mail.mime), policy=policy.default).get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.once
@pytest.mark.parametrize("kind", MESSAGES)
def test_the_original_is_found_whole_with_its_marks(kind: str) -> None:
    message = mailtexts.REGISTRY[kind]
    subject, body = mailtexts.original(message)

    for mark in message.marks:
        assert f"{{{mark.name}}}" in subject + body, mark
        assert mark.shown(mark.sample) not in subject + body
    assert "http" not in body
    mailtexts.validate(message, subject, body)


@pytest.mark.once
@pytest.mark.parametrize("app", ["members", "trainings"])
def test_every_message_may_be_changed(app: str) -> None:
    folder = settings.BASE_DIR / "templates" / "emails" / app
    kinds = {
        f"{app}/{file.name.removesuffix('_subject.txt')}" for file in folder.glob("*_subject.txt")
    }
    assert kinds - set(MESSAGES) == set()


@pytest.mark.once
@given(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from("{}%nombrefoli _\n\u202e\x00<"), max_size=80),
)
def test_any_words_are_refused_with_a_sentence_or_sent(subject: str, body: str) -> None:
    message = mailtexts.REGISTRY[SENT]
    said: list[str] = []
    try:
        mailtexts.validate(message, subject, body)
    except ValidationError as refusal:
        said = refusal.messages
    letter = mailtexts.preview(message, subject, body)
    assert all(sentence.endswith(".") for sentence in said)
    assert "\n" not in letter.subject
    assert said or "Ana Sofía" in letter.html or "{nombre}" not in body


@pytest.mark.once
@pytest.mark.parametrize(
    ("subject", "body", "where"),
    [
        ("Hola {nombre}", BODY, "subject"),
        ("Su baja de la Red", BODY, "subject"),
        ("Sobre la violencia en su oficina", BODY, "subject"),
        ("", BODY, "subject"),
        ("x" * 79, BODY, "subject"),
        ("Trámite", "{{ settings.SECRET_KEY }}", "body"),
        ("Trámite", "{% load static %}", "body"),
        ("Trámite", "Su clave: {clave}", "body"),
        ("Trámite", "Hola {nombre.__class__}", "body"),
        ("Trámite", "Hola \u202e{nombre}", "body"),
    ],
)
def test_what_could_not_be_sent_is_refused(subject: str, body: str, where: str) -> None:
    with pytest.raises(ValidationError) as no:
        mailtexts.validate(mailtexts.REGISTRY[SENT], subject, body)
    assert list(no.value.message_dict) == [where]


@pytest.mark.once
def test_a_needed_datum_is_asked_for() -> None:
    rejected = mailtexts.REGISTRY["members/application_rejected"]
    with pytest.raises(ValidationError) as no:
        mailtexts.validate(rejected, "Novedades de su trámite {folio}", "No procede.")
    assert len(no.value.message_dict["body"]) == 2


def test_changed_words_are_sent_and_restored(db: None) -> None:
    application = make.application()
    person = application.person
    person.given_names = "<b>Ana</b> {folio}"
    ours = QueuedMail.objects.get(kind=SENT)
    mailtexts.change(row(), subject="Llegó su trámite {folio}", body=BODY)

    emails.application_sent(application)
    changed = QueuedMail.objects.filter(kind=SENT).latest("pk")
    html = html_of(changed)
    assert changed.subject == f"Llegó su trámite {application.folio}"
    assert changed.text.startswith("Hola, <b>Ana</b> {folio}:\n\nSu folio es SOL-")
    assert "&lt;b&gt;Ana&lt;/b&gt; {folio}" in html
    assert '<a href="http://testserver/solicitud/">' in html

    mailtexts.restore(row())
    mailtexts.restore(row())
    person.given_names = "Inés"
    emails.application_sent(application)
    assert QueuedMail.objects.filter(kind=SENT).latest("pk").text == ours.text
    assert [each.body for each in row().history.all()] == ["", BODY]


def test_our_own_words_saved_again_are_no_change(db: None) -> None:
    mailtexts.change(row(), subject="Otro", body="Otro texto")
    mailtexts.change(
        row(),
        **dict(zip(("subject", "body"), mailtexts.original(mailtexts.REGISTRY[SENT]), strict=True)),
    )
    assert not row().custom


def test_every_registered_message_has_its_row(db: None) -> None:
    assert sorted(MailText.objects.values_list("kind", flat=True)) == MESSAGES
    mailtexts.open_rows()
    assert MailText.objects.count() == len(MESSAGES)


def page(who: User, kind: str = SENT) -> tuple[Client, str]:
    return signed_in(who), f"/admin/common/mailtext/{row(kind).pk}"


def test_direction_changes_looks_and_restores(diana: User) -> None:
    staff, here = page(diana)
    listed = staff.get("/admin/common/mailtext/").content.decode()
    assert "Acuse: su solicitud llegó" in listed
    form = staff.get(f"{here}/change/").content.decode()
    assert "Recibimos su trámite {folio}" in form
    words = {"subject": "Llegó su trámite {folio}", "body": BODY}
    seen = staff.post(f"{here}/vista-previa/", words)
    assert (seen.status_code, row().custom) == (200, False)
    assert "Hola, Ana Sofía:" in seen.content.decode()
    wrong = staff.post(f"{here}/vista-previa/", {**words, "body": "{otra}"})
    assert wrong.status_code == 422
    assert "Este aviso no conoce {otra}" in wrong.content.decode()
    assert staff.post(f"{here}/change/", {**words, "subject": "{nombre}"}).status_code == 200
    assert not row().custom
    assert staff.post(f"{here}/change/", words).status_code == 302
    assert row().subject == "Llegó su trámite {folio}"
    assert row().history.latest().history_user == diana
    assert staff.post(f"{here}/restaurar-el-original/").status_code == 302
    assert not row().custom


def test_nobody_else_changes_words(valentina: User, alicia: Member) -> None:
    staff, here = page(valentina)
    words = {"subject": "Trámite {folio}", "body": BODY}
    for path in ("change/", "vista-previa/", "restaurar-el-original/"):
        assert staff.post(f"{here}/{path}", words).status_code in {403, 404}
    assert not row().custom
