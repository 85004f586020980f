"""Why a file is not taken: a code for programs and one sentence that says what to do."""

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

REFUSALS: Final = {
    "file_empty": "El archivo está vacío. Elija otro.",
    "file_too_big": "El archivo pesa más de {limit} MB. Reduzca la calidad de sus imágenes y vuelva a subirlo.",
    "file_kind": "El archivo no es de un tipo que se reciba aquí ({kinds}). Guárdelo en uno de ellos y vuelva a subirlo.",
    "file_broken": "El archivo está incompleto o dañado. Ábralo, guárdelo de nuevo y vuelva a subirlo.",
    "file_encrypted": "El archivo tiene contraseña o está protegido. Guárdelo sin protección y vuelva a subirlo.",
    "file_active": "El archivo lleva programas, objetos o archivos dentro. Guárdelo como PDF y suba ese PDF.",
    "file_too_complex": "El archivo es demasiado complejo para revisarlo. Divídalo o guárdelo de nuevo con menos calidad.",
    "file_pages": "El documento tiene demasiadas páginas. Divídalo en partes y suba cada una.",
    "file_busy": "Se están revisando otros archivos. Espere un minuto y vuelva a subirlo.",
}
WORDS: Final = {
    "pdf_broken": (
        "file_broken",
        "El PDF está incompleto o dañado. Vuelva a escanearlo o a guardarlo y súbalo otra vez.",
    ),
    "picture_broken": (
        "file_broken",
        "La imagen no se puede leer. Ábrala, guárdela de nuevo y vuelva a subirla.",
    ),
    "office_broken": (
        "file_broken",
        "El documento no se puede leer. Ábralo en su programa, guárdelo de nuevo y vuelva a subirlo.",
    ),
    "office_old": (
        "file_kind",
        "El archivo es de una versión anterior de Office o tiene contraseña. Guárdelo como DOCX, XLSX o PPTX sin contraseña.",
    ),
    "office_macros": (
        "file_active",
        "El documento lleva macros. Guárdelo sin macros (DOCX, XLSX, PPTX, ODT u ODS) y vuelva a subirlo.",
    ),
    "office_dde": (
        "file_active",
        "El documento trae campos, fórmulas o conexiones que abren otros programas, archivos o sitios. Quítelos o guárdelo como PDF.",
    ),
    "office_objects": (
        "file_active",
        "El documento lleva dentro un objeto que no se admite ({inside}). Quítelo o guárdelo como PDF.",
    ),
    "signed_active": (
        "file_active",
        "El PDF está firmado y lleva programas o archivos dentro; quitarlos rompería la firma. Pida una versión sin ellos.",
    ),
    "csv_formula": (
        "file_active",
        "La tabla tiene una celda que se ejecutaría como fórmula («{inside}»). Guárdela como XLSX o quite la fórmula.",
    ),
    "zip_bomb": (
        "file_too_complex",
        "El documento ocupa demasiado al abrirse. Quite imágenes u hojas que no use y vuelva a subirlo.",
    ),
    "zip_names": (
        "file_broken",
        "El documento tiene partes con nombres que no se admiten. Ábralo en su programa y guárdelo de nuevo.",
    ),
    "file_too_many_pixels": (
        "file_too_big",
        "La imagen es demasiado grande. Redúzcala a menos de 60 megapixeles y vuelva a subirla.",
    ),
    "too_many_pages": ("file_pages", REFUSALS["file_pages"]),
}
"""What the parsers say, as a code for programs and a sentence for people."""


def refusal(code: str, *, limit: int, kinds: str, inside: str = "") -> ValidationError:
    """Return the refusal for what a parser said; ``limit`` in MB, ``kinds`` in words."""
    code, sentence = WORDS.get(code) or (code, REFUSALS[code])
    said = sentence.format(limit=limit, kinds=kinds, inside=shown(inside) or "sin nombre")
    return ValidationError(said, code=code)


def shown(text: str) -> str:
    """Return text of strangers fit to be shown: no controls, no letters that turn others around."""
    normal = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in normal)
    return " ".join(plain.split())
