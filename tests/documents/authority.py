"""A certificate authority of our own: keys, certificates and P12 files as an Instituto would receive them."""

import datetime
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

HOLDER = "Instituto Municipal de las Mujeres en Guadalajara"
PASSWORD = "Contraseña del P12"
YEAR = datetime.timedelta(days=365)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@dataclass
class Authority:
    """A root that signs one certificate of the Instituto."""

    folder: Path

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("Autoridad de prueba", self.key, ends=YEAR, root=True)

    def p12(self, key: Any, *, ends: datetime.timedelta = YEAR) -> Path:
        """Return a P12 file with the key, its certificate and the root."""
        certificate = self._certificate(HOLDER, key, ends=ends, root=False)
        content = pkcs12.serialize_key_and_certificates(
            b"firma", key, certificate, [self.root], BestAvailableEncryption(PASSWORD.encode())
        )
        path = self.folder / "firma.p12"
        path.write_bytes(content)
        return path

    def judged(self, pdf: bytes) -> Any:
        """Return what a verifier who trusts this authority says of the only signature of a file."""
        root = Certificate.load(self.root.public_bytes(Encoding.DER))
        trust = ValidationContext(trust_roots=[root], allow_fetching=False)
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        return validate_pdf_signature(signature, signer_validation_context=trust)

    def _certificate(
        self, name: str, key: Any, *, ends: datetime.timedelta, root: bool
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        usage = x509.KeyUsage(
            digital_signature=not root,
            content_commitment=not root,
            key_cert_sign=root,
            crl_sign=root,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name("Autoridad de prueba"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 2 * YEAR)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
