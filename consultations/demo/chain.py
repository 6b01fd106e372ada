"""The organisations' own sign-off in the open round: one answer in each step, and a preliminary one that the adopted one replaced."""

from collections.abc import Callable
from datetime import datetime

from actors.models import User
from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.demo.energy_opinions import ALVSTAD, KORNSLATT, SUNDHAMN
from consultations.domain import corrections, responses, signoff
from consultations.models import ConsultationRound, Response
from rus_platform.kit import clock

Ago = Callable[..., datetime]
BOARD = "Kommunstyrelsen"


def walk(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    """Sundhamn waits for its board, Kornslätt has its decision and hands in next, Älvstad has replaced a preliminary answer."""
    for key in (SUNDHAMN, KORNSLATT, ALVSTAD):
        response = _answer_of(round_, cast, key)
        with clock.travel(ago(12, 8)):
            signoff.choose_sign_off(response_id=response.pk, by=cast.signers[key], political=True)
    _sundhamn(round_, cast, ago)
    _kornslatt(round_, cast, ago)
    _alvstad(round_, cast, drafted, ago)


def _answer_of(round_: ConsultationRound, cast: Cast, key: str) -> Response:
    return Response.objects.get(round=round_, actor=cast.actors[key], successor=None)


def _ready(response: Response, by: User, moment: datetime) -> None:
    with clock.travel(moment):
        signoff.mark_ready(response_id=response.pk, by=by)


def _sundhamn(round_: ConsultationRound, cast: Cast, ago: Ago) -> None:
    """Marked as done, taken back once, done again: it waits for the board."""
    response, writer, signer = _answer_of(round_, cast, SUNDHAMN), cast.writers[SUNDHAMN], cast.signers[SUNDHAMN]
    _ready(response, writer, ago(8, 10))
    with clock.travel(ago(7, 9)):
        signoff.return_to_drafting(
            response_id=response.pk, by=signer, reason="Hamnens landström saknas. Lägg till den innan svaret går till arbetsutskottet.",
        )  # fmt: skip
    with clock.travel(ago(6, 13)):
        responses.add_point(
            response_id=response.pk, by=writer, kind="change",
            text="Nämn landströmmen i hamnen. Den tar lika mycket effekt som en stadsdel, men bara när fartygen ligger inne.",
        )  # fmt: skip
    _ready(response, writer, ago(5, 9))


def _kornslatt(round_: ConsultationRound, cast: Cast, ago: Ago) -> None:
    """Decided by the board, with a reservation; somebody has to press the button."""
    response, signer = _answer_of(round_, cast, KORNSLATT), cast.signers[KORNSLATT]
    _ready(response, cast.writers[KORNSLATT], ago(10, 9))
    with clock.travel(ago(2, 14)):
        signoff.record_decision(
            response_id=response.pk, by=signer, body=BOARD, decided_on=ago(3).date(), paragraph="§ 188",
            reservations="Två ledamöter reserverar sig till förmån för att solceller på åkermark ska få prövas.",
        )  # fmt: skip


def _alvstad(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    """Handed in as preliminary in time; the board then changed three things, and the adopted answer replaced it."""
    first, writer, signer = _answer_of(round_, cast, ALVSTAD), cast.writers[ALVSTAD], cast.signers[ALVSTAD]
    with clock.travel(ago(11, 15)):
        responses.submit_response(response_id=first.pk, by=signer, preliminary=True)
    with clock.travel(ago(5, 8)):
        later = corrections.start_correction(response_id=first.pk, by=writer)
        _as_the_board_wanted(later, writer, drafted)
    _ready(later, writer, ago(5, 11))
    with clock.travel(ago(3, 9)):
        signoff.record_decision(
            response_id=later.pk, by=signer, body=BOARD, decided_on=ago(4).date(), paragraph="§ 214",
            own_case_number=later.own_case_number,
        )  # fmt: skip
    with clock.travel(ago(3, 10)):
        responses.submit_response(response_id=later.pk, by=signer)


def _as_the_board_wanted(response: Response, by: User, drafted: Drafted) -> None:
    position = response.positions.filter(section=drafted["m3"]).first()
    responses.set_position(
        response_id=response.pk, section_id=drafted["m3"].pk, by=by, stance="supports_with_changes",
        reason="Målet är riktigt, men kommunen kan inte åta sig två veckor utan att staten bär sin del av kostnaden.",
        revision=position.revision if position else 0,
    )  # fmt: skip
    responses.add_point(
        response_id=response.pk, by=by, section_id=drafted["uppf"].pk, kind="change",
        text="Redovisa varje år vad kommunerna har betalat för reservkraften, så att det går att se vem som bär målet.",
    )  # fmt: skip
    responses.save_summary(
        response_id=response.pk, by=by, revision=response.revision, kind=response.kind, own_case_number=response.own_case_number,
        summary=response.summary + " Kommunstyrelsen betonar att målet om två veckors reservkraft kräver statlig finansiering.",
    )  # fmt: skip
