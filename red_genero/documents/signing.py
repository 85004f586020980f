"""The electronic signature of issued documents: PAdES, with the Instituto's own key, in the step that makes the file."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from red_genero.documents.engine import DocumentsUnavailable

logger = logging.getLogger("red_genero.documents")

FIELD: Final = "Firma"
DESCRIPTION: Final = "Firma electrónica de quien emite el documento"
HASH: Final = "sha256"
CMS_ROOM: Final = 4_096
"""Bytes kept for the signature besides the certificates; one that needs more is refused by pyHanko, never cut."""


class KeyUnusable(DocumentsUnavailable):
    """A key is configured and cannot sign now: nothing is issued rather than something unsigned."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The bytes to be stored and who signed them; nobody when no key is configured."""

    content: bytes
    signer: str


@dataclass(frozen=True, slots=True)
class Key:
    """A private key with its certificate and the chain above it, as the P12 file holds them."""

    private: RSAPrivateKey | EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def holder(self) -> str:
        """Whose certificate it is, as a person reads it."""
        subject = self.certificate.subject
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            for attribute in subject.get_attributes_for_oid(oid):
                return str(attribute.value)
        return subject.rfc4514_string()

    def valid_at(self, moment: datetime) -> bool:
        """Whether the certificate covers that moment."""
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return first <= moment <= last


def sign(content: bytes) -> Signed:
    """Returns the document signed with the configured key, or as it is when there is none.

    The signature is an addition at the end of the file; what was written before keeps its bytes. Raises KeyUnusable.
    """
    key = configured()
    if key is None:
        return Signed(content, "")
    if not key.valid_at(datetime.now(UTC)):
        logger.error("The certificate of SIGNING_P12 is not valid today.")
        raise KeyUnusable("The certificate of SIGNING_P12 is not valid today.")
    return Signed(_signer(key)(content), key.holder)


def configured() -> Key | None:
    """Returns the key of ``SIGNING_P12``, read once while the file is the same; nothing when none is set.

    Raises KeyUnusable when the file cannot be read or opened with ``SIGNING_PASSWORD``.
    """
    path: str = settings.SIGNING_P12
    if not path:
        return None
    try:
        return _load(path, settings.SIGNING_PASSWORD, Path(path).stat().st_mtime_ns)
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        logger.error("SIGNING_P12 cannot be used: %s", error)
        raise KeyUnusable(str(error)) from error


@lru_cache(maxsize=1)
def _load(path: str, password: str, _changed: int) -> Key:
    private, certificate, others = pkcs12.load_key_and_certificates(
        Path(path).read_bytes(), password.encode() or None
    )
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey) or certificate is None:
        raise ValueError("It holds no RSA or elliptic-curve key with its certificate.")
    return Key(private, certificate, tuple(others))


@lru_cache(maxsize=1)
def _signer(key: Key) -> Any:
    """Returns the function that signs a file with that key; pyHanko is imported with the first document."""
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Keeper(Signer):
        """pyHanko's own signer reads the key anew for each document (37 ms); this one holds it."""

        async def async_sign_raw(self, data: bytes, *args: object, **kwargs: object) -> bytes:
            if isinstance(key.private, RSAPrivateKey):
                return key.private.sign(data, PKCS1v15(), SHA256())
            return key.private.sign(data, ECDSA(SHA256()))

    class Addition(IncrementalPdfFileWriter):
        """Adds the signature alone: title, dates and identifiers stay as the engine declared them."""

        def _update_meta(self) -> None:
            """Leave the metadata alone: rewriting them would part the dates of the file from those of its XMP."""

    def asn1(certificate: x509.Certificate) -> Any:
        return Certificate.load(certificate.public_bytes(Encoding.DER))

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(map(asn1, key.chain))
    keeper = Keeper(signing_cert=asn1(key.certificate), cert_registry=store)
    metadata = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm=HASH, name=key.holder, subfilter=SigSeedSubFilter.PADES
    )
    sizes = [len(each.public_bytes(Encoding.DER)) for each in (key.certificate, *key.chain)]
    room = 2 * (CMS_ROOM + sum(sizes))

    def signed(content: bytes) -> bytes:
        addition, made = Addition(BytesIO(content)), BytesIO()
        page = addition.root["/Pages"]["/Kids"].raw_get(0).get_object()
        page["/Tabs"] = NameObject("/S")
        addition.update_container(page)
        field = SigFieldSpec(FIELD, readable_field_name=DESCRIPTION)
        signer = PdfSigner(metadata, keeper, new_field_spec=field)
        signer.sign_pdf(addition, output=made, bytes_reserved=room)
        return made.getvalue()

    return signed
