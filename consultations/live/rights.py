"""May this session be there? The same rules as for the pages, asked of the database each time."""

from actors.queries.sessions import person_of
from consultations import rules, visibility
from consultations.models import ConsultationRound
from consultations.queries.responses import draft_for
from rus_platform.kit.live.session import Place

MOST = 2**63  # a number that no row can have is asked for by nobody


def place_in_response(session_key: str | None, response_id: int) -> Place:
    """Those who write in the response, and nobody else: never the region in an organisation's own, nor a neighbour, nor the
    guest of another response. One that is not there is refused alike. Four queries."""
    person = person_of(session_key)
    if person is None:
        return Place("signedout")
    response = draft_for(response_id) if response_id < MOST else None
    if response is None or not (visibility.can_see_response(person, response) and rules.can_write(person, response)):
        return Place("role")
    return Place(person_id=person.pk, name=person.name, can_edit=True)


def place_at_board(session_key: str | None, round_id: int) -> Place:
    """The region's officers of the round, as the board's page. Four queries."""
    person = person_of(session_key)
    if person is None:
        return Place("signedout")
    rows = ConsultationRound.objects.select_related("version__strategy")
    round_ = rows.filter(pk=round_id).first() if round_id < MOST else None
    if round_ is None or not (visibility.can_see_round(person, round_) and rules.can_decide(person, round_)):
        return Place("role")
    return Place(person_id=person.pk, name=person.name)
