"""What is handed in gets its number and its checksum: many at once, and no number twice or left out.

Locks are taken in one order: the round (shared), the response, the one it replaces, the numbers.
"""

from django.db.models import Max

from consultations.domain import receipts
from consultations.models import ConsultationRound, Response
from rus_platform.kit.locking import share, take_turns


def share_round(response_id: int) -> None:
    """Whoever closes the round waits for those who are handing in; they do not wait for one another."""
    round_id = Response.objects.filter(pk=response_id).values_list("round_id", flat=True).first()
    share(ConsultationRound.objects.filter(pk=round_id or 0))


def number_and_seal(response: Response, earlier: Response | None) -> None:
    """The next number of the stream (``earlier``'s, when it takes its place), and the receipt with its checksum. Saved.

    Numbers are given one at a time, until the transaction ends: what takes long is done before.
    """
    receipt = receipts.content(response)
    if earlier is None:
        take_turns(f"number:{response.round_id}:{response.stream}")
        numbered = Response.objects.filter(round=response.round_id, stream=response.stream)
        response.number = (numbered.aggregate(last=Max("number"))["last"] or 0) + 1
    else:
        response.number = earlier.number
    response.receipt = receipt | {"number": response.number}
    response.sha256 = receipts.sha256(response.receipt)
    response.save(
        update_fields=["state", "preliminary", "submitted_at", "submitted_by", "late", "number", "receipt", "sha256"]
    )
