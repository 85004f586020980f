"""What every admin is built from, and the admins of the shared logs.

An admin whose rows change state by verbs::

    from red_genero.common.admin import VerbAdmin, verb
    from red_genero.common.states import By

    @admin.register(Application)
    class ApplicationAdmin(VerbAdmin[Application]):
        @verb("Aprobar", permission="members.review_application", style="primary",
              question="Se crea la integrante y se le avisa por correo.",
              when=lambda application: application.state == "en_revision")
        def approve(self, request, application, data):
            vetting.approve(application, by=By.admin(request.user))
            return f"Se aprobó la solicitud {application.folio}."

Each verb becomes a button on the change page and an address of its own,
``admin:<app>_<model>_<method>`` with the row's pk. A GET there asks (``question``, ``form``); only a POST acts. The
POST fetches the row through ``get_queryset``, checks the view permission (else 404), the verb's permission (else 403)
and ``when``, and calls the method with the cleaned data of ``form``. A ValidationError is shown as its sentences and
nothing changes; what the method returns is shown as success. ``bulk=True`` (without form) adds the verb to the list's
actions, reporting row by row.

``state`` is always read-only, the page shows the row's transitions and the mail about it, and rows are not deleted.
``HistoryAdmin``, below them all, tells under «Historial» every value that the row had.
``PeopleAdmin``, mixed in first, notes who read a list of people and for what (``reading_purpose``).
``ReadOnlyAdmin`` is for logs: nothing is added, changed or deleted there.
"""

from red_genero.common.admin.history import HistoryAdmin
from red_genero.common.admin.logs import AccessLogAdmin, JobAdmin, QueuedMailAdmin, TransitionAdmin
from red_genero.common.admin.mailtexts import MailTextAdmin
from red_genero.common.admin.reading import PeopleAdmin
from red_genero.common.admin.tolerant import Tolerant
from red_genero.common.admin.verbs import ReadOnlyAdmin, Verb, VerbAdmin, verb

__all__ = [
    "AccessLogAdmin",
    "HistoryAdmin",
    "JobAdmin",
    "MailTextAdmin",
    "PeopleAdmin",
    "QueuedMailAdmin",
    "ReadOnlyAdmin",
    "Tolerant",
    "TransitionAdmin",
    "Verb",
    "VerbAdmin",
    "verb",
]
