"""The one door for files that people send: known by their content, written anew, given a name of ours.

In a form, so that a refusal stands beside its field and the file is looked at once::

    file = intake.ReceivedField(label="Oficio escaneado", policy=intake.PAPERS)

In a verb, which takes what a form, an import or a test brings::

    received = intake.receive(file, intake.PAPERS)     # a Received goes through as it is
    row.oficio.save(received.name, received, save=False)

The parsers run in a process of their own (``red_genero.common.rewriting``) with little memory and time: the portal's
process holds no more of the file than one block. Every refusal is a ValidationError with its code and one sentence.
"""

from red_genero.common.intake.apart import apart
from red_genero.common.intake.fields import ReceivedField
from red_genero.common.intake.receiving import (
    LIBRARY,
    LIMIT,
    PAPERS,
    Policy,
    Received,
    fingerprint,
    receive,
)
from red_genero.common.rewriting.kinds import BY_SUFFIX, Kind

__all__ = [
    "BY_SUFFIX",
    "LIBRARY",
    "LIMIT",
    "PAPERS",
    "Kind",
    "Policy",
    "Received",
    "ReceivedField",
    "apart",
    "fingerprint",
    "receive",
]
