"""The signature of issued documents: seen as whole by whoever trusts the chain, and the page keeps what it promises."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.checks import Error, Warning  # noqa: A004
from django.test import Client

from members.models import User
from red_genero.common.states import By
from red_genero.documents import render, signing
from red_genero.documents.checks import check_documents
from tests import make
from tests.documents import reading
from tests.documents.authority import HOLDER, PASSWORD, Authority
from tests.documents.papers import certificate
from trainings import archiving, attending, certifying, closing, issuing
from trainings.models import Certificate, Edition

WHEN = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def document() -> bytes:
    """An ordinary constancia, not signed."""
    design = "documents/certificate/constancia-1.html"
    return render(replace(certificate(), template=design, serial=True, created=WHEN))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Whom the verifier trusts."""
    return Authority(tmp_path)


def use(settings: Any, path: Path, password: str = PASSWORD) -> None:
    """Configure the portal's key."""
    settings.SIGNING_P12, settings.SIGNING_PASSWORD = str(path), password


@pytest.mark.once
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_whoever_trusts_the_chain_finds_the_signature_whole(
    kind: str, document: bytes, authority: Authority, settings: Any
) -> None:
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP256R1())
    )
    use(settings, authority.p12(key))
    signed = signing.sign(document)
    verdict = authority.judged(signed.content)

    assert signed.signer == HOLDER
    assert signed.content.startswith(document)
    assert (verdict.intact, verdict.valid, verdict.trusted) == (True, True, True)
    assert verdict.coverage.name == "ENTIRE_FILE"
    assert verdict.signing_cert.subject.native["common_name"] == HOLDER
    changed = signed.content.replace(b"/Lang (es", b"/Lang (fr", 1)
    assert changed != signed.content
    assert not authority.judged(changed).intact
    assert not Authority(authority.folder).judged(signed.content).trusted


@pytest.mark.once
def test_a_signed_page_keeps_what_pdf_a_and_pdf_ua_ask(
    document: bytes, authority: Authority, settings: Any
) -> None:
    use(settings, authority.p12(ec.generate_private_key(ec.SECP256R1())))
    content = signing.sign(document).content
    before, after = pikepdf.open(BytesIO(document)), pikepdf.open(BytesIO(content))

    assert after.check_pdf_syntax() == []
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert dict(after.docinfo) == dict(before.docinfo)
    assert reading.structure(after) == reading.structure(before)
    assert (reading.untagged(after), reading.orphans(after)) == ([], [])
    assert reading.copied(content) == reading.copied(document)
    (field,) = after.pages[0].Annots
    assert str(after.pages[0].Tabs) == "/S"
    assert (str(field.Subtype), [int(edge) for edge in field.Rect]) == ("/Widget", [0, 0, 0, 0])
    assert int(field.F) & 0b1111 == 0b0100  # printed; neither hidden nor invisible
    assert str(field.TU) == signing.DESCRIPTION
    assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"


@pytest.mark.once
def test_the_key_is_read_once_until_its_file_changes(
    document: bytes, authority: Authority, settings: Any
) -> None:
    path = authority.p12(ec.generate_private_key(ec.SECP256R1()))
    use(settings, path)
    first = signing.configured()
    signing.sign(document)

    assert signing.configured() is first
    authority.p12(ec.generate_private_key(ec.SECP256R1()))
    assert signing.configured() is not first


@pytest.mark.once
def test_without_a_key_a_document_stays_as_it_is(document: bytes) -> None:
    assert signing.sign(document) == signing.Signed(document, "")
    assert not [each for each in check_documents(None) if "SIGNING" in each.msg]


@pytest.mark.once
@pytest.mark.parametrize("wrong", ["password", "file", "content", "expired"])
def test_a_key_that_cannot_sign_signs_nothing_and_the_check_says_so(
    wrong: str, document: bytes, authority: Authority, settings: Any, tmp_path: Path
) -> None:
    ends = timedelta(days=-1 if wrong == "expired" else 365)
    path = authority.p12(ec.generate_private_key(ec.SECP256R1()), ends=ends)
    if wrong == "content":
        path.write_bytes(b"not a key")
    use(
        settings,
        tmp_path / "nowhere.p12" if wrong == "file" else path,
        "otra" if wrong == "password" else PASSWORD,
    )

    with pytest.raises(signing.KeyUnusable):
        signing.sign(document)
    (told,) = [each for each in check_documents(None) if "SIGNING" in each.msg]
    assert isinstance(told, Error)
    assert PASSWORD not in told.msg


@pytest.mark.once
def test_the_check_announces_the_end_of_a_certificate(authority: Authority, settings: Any) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    use(settings, authority.p12(key, ends=timedelta(days=30)))

    (told,) = [each for each in check_documents(None) if "SIGNING" in each.msg]
    assert isinstance(told, Warning)


@pytest.fixture
def run(db: None, carmen: User) -> Edition:
    """A closed edición of two people."""
    make.signatory()
    run = make.taught(people=2, sessions=1)
    attending.all_present(run.sessions.get(), by=By.web(carmen))
    return closing.close(run, by=By.web(carmen))


def test_what_is_stored_and_hashed_is_the_signed_file_and_verification_says_it(
    run: Edition, carmen: User, authority: Authority, settings: Any
) -> None:
    use(settings, authority.p12(ec.generate_private_key(ec.SECP256R1())))
    issuing.work_through(certifying.issue(run, by=By.web(carmen)))

    for paper in Certificate.objects.all():
        content = archiving.read_pdf(paper)
        assert content is not None
        assert authority.judged(content).trusted
        assert (paper.signed_by, paper.sha256) == (HOLDER, hashlib.sha256(content).hexdigest())
        page = Client().get(f"/verificar/{paper.code}/").content.decode()
        assert f"Firmado electrónicamente por {HOLDER}" in page


def test_a_batch_waits_while_its_key_cannot_sign(
    run: Edition, carmen: User, authority: Authority, settings: Any
) -> None:
    path = authority.p12(ec.generate_private_key(ec.SECP256R1()))
    use(settings, path, "otra")
    batch = certifying.issue(run, by=By.web(carmen))
    issuing.work_through(batch)
    batch.job.refresh_from_db()

    assert (batch.job.detail, batch.job.over) == (issuing.WAITING, False)
    assert not Certificate.objects.exclude(sha256="").exists()
    use(settings, path)
    issuing.work_through(batch, lease=timedelta())
    batch.job.refresh_from_db()
    assert (batch.job.done, batch.job.over) == (2, True)
    assert Certificate.objects.filter(signed_by=HOLDER).count() == 2
