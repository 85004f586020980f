"""The letters of a cancelled edición, written before anybody waits for its row."""

from collections.abc import Iterable, Sequence

from red_genero.common import mail
from red_genero.common.models import QueuedMail
from trainings import calendars, emails
from trainings.models import Edition, Enrollment

Key = tuple[int, str, str]


class Farewells:
    """To everybody with an open inscripción: the whole edición was cancelled, and why; one letter each.

    A hundred letters take longer than anybody should wait for a seat: they are written first and stored while the edición
    is held. Who changed in between, and everybody if a sitting did, gets a letter written again.
    """

    def __init__(self, edition: Edition, seats: Iterable[Enrollment], *, reason: str) -> None:
        self._reason = reason
        self._facts = emails.facts(edition)
        self._letters = self._write(edition, seats)

    def enqueue(self, edition: Edition, seats: Sequence[Enrollment]) -> int:
        """Store the letter of each seat of a held edición, in the state that it still has; return how many people."""
        if self._facts != emails.facts(edition):
            self._letters = {}
        late = [seat for seat in seats if _key(seat) not in self._letters]
        letters = self._letters | self._write(edition, late)
        mail.enqueue_all([row for seat in seats for row in letters[_key(seat)]])
        return len(seats)

    def _write(self, edition: Edition, seats: Iterable[Enrollment]) -> dict[Key, list[QueuedMail]]:
        """Return the rows of each letter; none for who has no address. A confirmed seat leaves her calendar."""
        sessions, page = list(edition.sessions.held()), emails.edition_page(edition)
        letters = {}
        for seat in seats:
            seat.edition, files = edition, []
            if seat.state == Enrollment.State.CONFIRMED:
                files = [calendars.cancellation(seat, page=page, sessions=sessions)]
            letters[_key(seat)] = emails.written(
                "edition_cancelled", seat, {"reason": self._reason}, attachments=files
            )
        return letters


def _key(seat: Enrollment) -> Key:
    """Return what her letter depends on: whose seat, in which state, to which address."""
    return seat.pk, seat.state, seat.person.address
