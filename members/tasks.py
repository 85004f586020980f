"""What the worker does for members by itself."""

from datetime import timedelta

from members import admitting
from red_genero.common.jobs import sweeper
from red_genero.common.states import By


@sweeper("ronda de solicitudes", every=timedelta(hours=1))
def follow_the_deadlines() -> None:
    """Remind who has to answer, then expire what nobody answered."""
    admitting.remind_due()
    admitting.expire_due(by=By.job("Ronda de solicitudes"))
