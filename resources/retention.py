"""What becomes of the rows of the library when somebody's data are cancelled."""

from members.retention import Fate, claim_user

for _model in ("resources.HelpLine", "resources.Resource"):
    claim_user(
        _model,
        "verified_by",
        Fate.KEPT,
        "Su trabajo en el portal queda, con una cuenta sin nombre.",
    )
