"""The keys that each document template expects: plain values, already in the words that are printed."""

from typing import Literal, NotRequired, TypedDict


class AttendanceRow(TypedDict):
    """One person expected at a session."""

    name: str
    department: str
    position: str
    url: NotRequired[str]
    """Absolute address that opens this mark; printed as a QR when present."""
    code: NotRequired[str]
    """What one types instead of reading the QR; small below the number."""
    contact: NotRequired[list[str]]
    """Phone and mail, only when they were asked for."""


class AttendanceSheet(TypedDict):
    """One session; each sheet begins on a page of its own."""

    session: str
    """«Sesión 2 de 6»."""
    date: str
    """«martes 10 de noviembre de 2026»."""
    hours: str
    """«16:00 a 20:00»."""
    place: str
    coordinator: str
    rows: list[AttendanceRow]


class AttendanceListContext(TypedDict):
    """``documents/attendance_list.html``: the list that people sign."""

    network: str
    """«Red Interinstitucional de Género»; the last word is set heavy."""
    network_place: str
    """«en el Gobierno Municipal de Guadalajara»."""
    institution: str
    course: str
    edition: str
    sheets: list[AttendanceSheet]
    blank_rows: int
    """Numbered empty rows after the last person of every sheet."""
    privacy: str
    """One sentence on what the data are for; printed at the foot of every page."""
    orientation: NotRequired[Literal["portrait", "landscape"]]
    paper: NotRequired[Literal["letter", "a4"]]
    contact: NotRequired[bool]
    """Whether the rows bring ``contact``."""


class RecordRow(TypedDict):
    """One person of the acta."""

    name: str
    department: str
    marks: list[str]
    """A letter for each session of the block."""
    hours: str
    """«6 de 9»; empty for who has no inscripción, and outside the last block."""
    percentage: str
    result: str


class RecordBlock(TypedDict):
    """As many sessions as fit across a page, with everybody; sums only in the last one."""

    sessions: list[dict[str, str]]
    """``number``, ``date`` «10/11», ``hours`` «3»."""
    rows: list[RecordRow]
    totals: list[dict[str, str | list[str]]]
    """``label`` and ``numbers``, one for each session."""
    last: bool


class RecordContext(TypedDict):
    """``documents/attendance_record.html``: the acta."""

    network: str
    network_place: str
    institution: str
    course: str
    edition: str
    dates: str
    hours: str
    policy: str
    status: str
    legend: str
    blocks: list[RecordBlock]
    people: int
    guests: int
    signing: list[dict[str, str]]
    """``name`` and ``post`` over a line."""
    privacy: str
    paper: Literal["letter", "a4"]
    printed: str


class BadgesContext(TypedDict):
    """``documents/badges.html``: eight to a page."""

    network: str
    course: str
    badges: list[dict[str, str]]
    """``name``, ``department``, ``code``, ``url``."""
    paper: Literal["letter", "a4"]


class CertificateSignatory(TypedDict):
    """Who signs, as she was called on the day of issue."""

    name: str
    post: str
    image: NotRequired[str]
    """``data:image/png`` or ``data:image/jpeg``, opaque, about 4:1."""


class CertificateLogo(TypedDict):
    """A mark of the institution, on white."""

    src: str
    """``data:image/png``, ``data:image/jpeg`` or ``static:`` address."""
    alt: str


class CertificateContext(TypedDict):
    """``documents/certificate/v1.html``: one framed page, whatever the lengths."""

    network: str
    network_place: str
    institution: str
    kind: str
    """«Constancia», «Diploma», «Reconocimiento»."""
    lead: str
    """«otorga la presente constancia a»."""
    name: str
    """As she writes it, up to 120 characters."""
    department: str
    reason: str
    """«por haber acreditado el taller», «por haber asistido a la conferencia»."""
    course: str
    """Up to 120 characters, without quotation marks."""
    details: list[str]
    """Format, mode and hours: ``["Taller", "Modalidad presencial", "20 horas"]``."""
    dates: str
    """«del 3 al 24 de noviembre de 2026»."""
    place_and_date: str
    """«Guadalajara, Jalisco, a 27 de noviembre de 2026»."""
    signatories: list[CertificateSignatory]
    """One to three."""
    folio: str
    verify_url: str
    """The absolute address in the QR: ``https://…/verificar/<código>/``."""
    verify_address: str
    """The same for reading, without scheme: ``genero.example.mx/verificar``."""
    code: str
    """The code as one types it, with its spaces or dashes."""
    legend: str
    """The leyenda of the year, may be empty."""
    logos: NotRequired[list[CertificateLogo]]
