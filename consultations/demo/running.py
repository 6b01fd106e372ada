"""What the region does while the round is open: a list kept, a letter that came back, more time asked for, given and refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

from consultations.demo.casting import Cast
from consultations.domain import bounced, extensions, lists
from consultations.models import ConsultationRound
from rus_platform.kit import clock

Ago = Callable[..., datetime]
# Who asks: key, days ago, days more, why, and what was decided (True, a reason to refuse, or None: it waits).
MORE_TIME: list[tuple[str, int, int, str, bool | str | None]] = [
    ("kommun:Granfjärd", 6, 14, "Kommunstyrelsen sammanträder först veckan efter att remissen stänger.", True),
    ("kommun:Kvarnede", 5, 75, "Vi vill vänta tills den nya översiktsplanen är antagen.",
     "Då har förslaget redan gått till nämnden. Lämna gärna ett preliminärt svar i tid, så kan det antagna ersätta det."),
    ("kommun:Tallmo", 2, 7, "Vi vill att räddningstjänsten hinner läsa vårt svar.", None),
]  # fmt: skip


def run_round(round_: ConsultationRound, cast: Cast, ago: Ago) -> None:
    aino, closes = cast.editors[1], round_.closes_at
    assert closes is not None
    with clock.travel(ago(23)):
        lists.save_list(round_id=round_.pk, name="Energi och klimat", by=aino)
    silent = round_.invitations.filter(first_opened_at=None, mail__isnull=False, actor__responses=None)
    quiet = silent.order_by("actor__sort_key").first()
    if quiet is not None:
        with clock.travel(ago(22)):
            bounced.mark_bounced(invitation_id=quiet.pk, why="550 5.1.1 Mottagaren finns inte", by=aino)
    for key, days, wanted, why, decision in MORE_TIME:
        with clock.travel(ago(days, 10)):
            request = extensions.request_extension(
                round_id=round_.pk,
                actor_id=cast.actors[key].pk,
                until=closes + timedelta(days=wanted),
                reason=why,
                by=cast.writers[key],
            )
        if decision is not None:
            granted, reason = decision is True, decision if isinstance(decision, str) else ""
            with clock.travel(ago(days - 1, 13)):
                extensions.decide_extension(extension_id=request.pk, granted=granted, reason=reason, by=aino)
