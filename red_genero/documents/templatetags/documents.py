"""What document templates ask for: text fitted to its box, QR codes, the last word of a name."""

from django import template

from red_genero.documents import fitting
from red_genero.documents.qr import qr_data_uri

register = template.Library()


@register.simple_tag
def fitted(text: str, *, face: str, width: int, ladder: str, limit: int = 120) -> fitting.Fitted:
    """Returns the size and lines of a text for a box ``width`` points wide.

    ``ladder`` says which sizes on how many lines are tried, best first: ``"40 34 / 34 28 22 / 18"`` tries 40 and 34
    points on one line, then 34 to 22 on two, then 18 on three.
    """
    rungs = [
        (int(size), lines)
        for lines, sizes in enumerate(ladder.split("/"), start=1)
        for size in sizes.split()
    ]
    return fitting.chosen(text, face=face, width=width, ladder=rungs, limit=limit)


@register.filter
def qr(url: str) -> str:
    """Returns the image of a QR with the address, as a data address."""
    return qr_data_uri(url)


@register.filter
def blank_numbers(rows: list[object], count: int) -> range:
    """Returns the numbers of ``count`` empty rows that follow the rows."""
    return range(len(rows) + 1, len(rows) + count + 1)


@register.filter
def but_last_word(text: str) -> str:
    """Returns the text without its last word."""
    return text.rpartition(" ")[0]


@register.filter
def last_word(text: str) -> str:
    """Returns the last word, which the wordmark sets heavy."""
    return text.rpartition(" ")[2]
