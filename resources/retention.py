"""What becomes of the rows of the library when somebody's data are cancelled."""

from members.retention import Fate, claim, claim_user

claim(
    "resources.BulletinDelivery",
    "person",
    Fate.KEPT,
    "Que se le envió un boletín, sin nombre ni correo, sostiene los totales.",
)
for _model, _column in (
    ("resources.HelpLine", "verified_by"),
    ("resources.Introduction", "written_by"),
    ("resources.Resource", "verified_by"),
    ("resources.TopicFact", "confirmed_by"),
    ("resources.ResourceVersion", "added_by"),
):
    claim_user(
        _model, _column, Fate.KEPT, "Su trabajo en el portal queda, con una cuenta sin nombre."
    )
