"""A second look at the round: words that come out the back way, things that are lost on the way, numbers that count twice."""

import io
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actors.domain.membership import end_role
from actors.models import Membership, PersonalLink, Role
from consultations import visibility
from consultations.domain import (
    attachments,
    behalf,
    corrections,
    dispositions,
    extensions,
    invitations,
    meeting_input,
    meetings,
    moderation,
    notes,
    own_link,
    passing_on,
    redaction,
    responses,
    rounds,
    sharing,
    signoff,
)
from consultations.domain.intake import jobs, review, taking_in
from consultations.domain.intake.taking_many import moment_of
from consultations.models import InternalNote, Invitation, Point, Response
from consultations.queries import points as point_queries
from consultations.queries.public_round import events_of
from consultations.queries.sharing import stand_ins_of
from consultations.states import IN_WORK
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.logs import WithoutSecrets
from tests.consultations.test_own_pages import pdf, signed_in, url
from tests.consultations.test_passing_on import COLLEAGUE, invitation_of, newest_letter, token_in
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.actors import make_person
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def corrected(world, response):
    """The next version, handed in as it was."""
    again = corrections.start_correction(response_id=response.pk, by=world.editor)
    return responses.submit_response(response_id=again.pk, by=world.signatory)


def named(world):
    """A handed-in response with somebody's name in a point."""
    draft = make.start(world)
    make.write(world, draft)
    responses.add_point(response_id=draft.pk, by=world.editor, text="Nils Nilsson är sjuk.")
    return make.submit(world, Response.objects.get(pk=draft.pk))


def mask(world, response, words="Nils Nilsson", part="point", row=None):
    row = row or response.points.get(text__contains="Nils")
    return redaction.redact(
        response_id=response.pk, by=world.leader, part=part, row_id=row.pk, words=words, reason="Namn."
    )


def read_by_all(name, *ids):
    return Client().get(url(name, *ids)).content.decode()


# --- words that come out the back way -----------------------------------------------------------------------------------------
def test_what_is_masked_in_the_last_version_is_masked_in_every_one_before():
    world = make.make_open_round()
    first = named(world)
    last = corrected(world, first)
    make.close(world)
    row = mask(world, last)
    for version in (first, last):
        text = read_by_all("response", version.pk)
        assert "är sjuk." in text
        assert "Nilsson" not in text
    redaction.lift_redaction(redaction_id=row.pk, by=world.leader)
    assert "Nilsson" in read_by_all("response", last.pk)


def test_words_that_were_changed_where_something_is_masked_are_masked_whole_until_somebody_looks():
    world = make.make_open_round()
    first = named(world)
    mask(world, first)
    again = corrections.start_correction(response_id=first.pk, by=world.editor)
    point = again.points.get(text__contains="Nils")
    responses.edit_point(
        point_id=point.pk, by=world.editor, revision=0, text="Nilsson, Nils, är mycket sjuk.", kind="remark",
        suggested_wording="",
    )  # fmt: skip
    responses.submit_response(response_id=again.pk, by=world.signatory)
    make.close(world)
    assert "Nilsson" not in read_by_all("response", again.pk)


def test_the_name_of_a_masked_file_is_masked_too():
    world = make.make_open_round()
    draft = make.start(world)
    make.write(world, draft)
    paper = pdf()
    file = attachments.add_attachment(
        response_id=draft.pk, by=world.editor, file=io.BytesIO(paper), name="journal-nils-nilsson.pdf", size=len(paper)
    )
    response = make.submit(world, Response.objects.get(pk=draft.pk))
    make.close(world)
    assert "nils-nilsson" in read_by_all("response", response.pk)
    mask(world, response, words="", part="file", row=file)
    assert "nils-nilsson" not in read_by_all("response", response.pk)
    assert "nils-nilsson" in signed_in(world.leader).get(url("response", response.pk)).content.decode()


@pytest.mark.parametrize("name", ["confirm_participant", "answer_meeting_by_link", "invitation"])
def test_tokens_of_letters_are_not_logged(name):
    line = logging.LogRecord("x", logging.INFO, "", 0, f'"GET {url(name, "abcDEF123:secret")} HTTP/1.1" 200', (), None)
    assert "abcDEF123" not in WithoutSecrets("%(message)s").format(line)


def test_a_round_in_preparation_is_not_shown_where_an_invitation_is_passed_on():
    world = make.make_round(title="Hemlig remiss")
    answer = signed_in(world.editor).get(url("pass_on", invitation_of(world).pk))
    assert answer.status_code == 404
    assert "Hemlig remiss" not in answer.content.decode()


def test_a_table_tells_nothing_of_what_waits_for_an_own_decision():
    world, response = make.make_draft()
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    assert jobs._said(world.fresh()) == {}
    make.submit(world, response)
    assert jobs._said(world.fresh()) == {world.municipality.pk: {"synpunkt 1"}}


def test_consultees_see_who_was_asked_in_an_order_that_tells_nothing_of_them():
    world = make.make_open_round()
    second, writer = make.other_consultee(world, 2)
    third, _person = make.other_consultee(world, 3)
    responses.start_response(round_id=world.round.pk, actor_id=third.pk, by=_person)
    text = signed_in(writer).get(url("round", world.round.pk)).content.decode()
    listed = text[text.index("Visa alla tillfrågade") :]
    names = sorted([world.municipality.name, second.name, third.name], key=lambda name: listed.index(f"<li>{name}"))
    by_name = Invitation.objects.filter(round=world.round).order_by("actor__sort_key")
    assert names == [row.actor.name for row in by_name.select_related("actor")]


def test_the_region_does_not_walk_the_organisations_own_chain_in_an_entered_answer():
    world = make.make_open_round()
    response = behalf.start_on_behalf(
        round_id=world.round.pk,
        actor_id=world.municipality.pk,
        by=world.leader,
        channel="phone",
        received_at=clock.now(),
    )
    client = signed_in(world.leader)
    for name in ("submit", "sharing"):
        assert world.signatory.name not in client.get(url(name, response.pk), follow=True).content.decode()
    responses.save_summary(
        response_id=response.pk, by=world.leader, revision=0, summary="Ja.", kind="answer", own_case_number=""
    )
    with pytest.raises(WrongState):
        signoff.mark_ready(response_id=response.pk, by=world.leader)
    with pytest.raises(WrongState):
        signoff.choose_sign_off(response_id=response.pk, by=world.leader, political=True)


# --- links --------------------------------------------------------------------------------------------------------------------
def passed_and_run_out(world):
    """A link that the editor passed on, and a moment when its time is over."""
    passing_on.pass_on(invitation_id=invitation_of(world).pk, email=COLLEAGUE, by=world.editor)
    return token_in(newest_letter(COLLEAGUE)), world.fresh().closes_at + timedelta(days=100)


def test_a_passed_on_link_renewed_twice_gives_no_more_than_it_did():
    world = make.make_open_round()
    token, later = passed_and_run_out(world)
    with clock.travel(later):
        passing_on.renew_link(token=token)
        with pytest.raises(WrongState, match="gäller inte längre"):
            passing_on.renew_link(token=token)
        user, _row = invitations.accept_invitation(token=token_in(newest_letter(COLLEAGUE)), name="Kim")
    assert {row.role for row in Membership.objects.filter(user=user, until=None)} == {"editor"}


def test_a_passed_on_link_that_was_taken_back_is_not_renewed():
    world = make.make_open_round()
    token, later = passed_and_run_out(world)
    with clock.travel(later):
        passing_on.renew_link(token=token)
        passing_on.take_back(passed_on_id=invitation_of(world).passed_on.get().pk, by=world.editor)
        with pytest.raises(WrongState):
            passing_on.renew_link(token=token)
        with pytest.raises(WrongState):
            invitations.accept_invitation(token=token_in(newest_letter(COLLEAGUE)), name="Kim")


def test_a_role_that_was_ended_does_not_come_back_by_a_link_that_its_holder_renews():
    world = make.make_open_round()
    user, _row = invitations.accept_invitation(token=make.token_of(world), name="Kim")
    admin = make_person(world.municipality, Role.ADMIN)
    for row in Membership.objects.filter(user=user, until=None):
        end_role(membership_id=row.pk, by=admin)
    with clock.travel(world.fresh().closes_at + timedelta(days=100)):
        passing_on.renew_link(token=make.token_of(world))
        with pytest.raises(WrongState, match="har avslutats"):
            invitations.accept_invitation(token=token_in(newest_letter(world.municipality.email)), name="Kim")


def test_one_that_was_passed_on_and_renewed_from_ones_own_page_gives_no_more_either():
    world = make.make_open_round()
    passing_on.pass_on(invitation_id=invitation_of(world).pk, email=COLLEAGUE, by=world.editor)
    first = token_in(newest_letter(COLLEAGUE))
    user, _row = invitations.accept_invitation(token=first, name="Kim")
    own_link.renew_own_link(invitation_id=invitation_of(world).pk, by=user)
    with pytest.raises(WrongState):
        invitations.accept_invitation(token=first, name="Kim")
    invitations.accept_invitation(token=token_in(newest_letter(COLLEAGUE)), name="Kim")
    assert {row.role for row in Membership.objects.filter(user=user, until=None)} == {"editor"}


def test_a_letters_link_does_not_open_an_account_that_reaches_further():
    world = make.make_open_round()
    officer = make_person(world.region, Role.LEADER, password="långt och hemligt")
    PersonalLink.objects.filter(pk=invitation_of(world).link_id).update(email=officer.email)
    client = Client()
    client.post(url("invitation", make.token_of(world)), {"name": "Vem som helst"})
    answer = client.get(url("invitation", make.token_of(world)))
    assert "_auth_user_id" not in client.session
    assert "/logga-in/" in answer["Location"]
    assert url("invitation", make.token_of(world)) in answer["Location"].replace("%2F", "/")
    with pytest.raises(Forbidden, match="lösenord"):
        invitations.accept_invitation(token=make.token_of(world), name="")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(url("invitation", make.token_of(world))).status_code == 302
    assert Membership.objects.filter(user=officer, actor=world.municipality, until=None).exists()


# --- lost on the way ----------------------------------------------------------------------------------------------------------
def test_a_new_version_into_which_a_file_was_read_can_be_given_up():
    world, response = make.make_submitted()
    again = corrections.start_correction(response_id=response.pk, by=world.editor)
    job = files.read(world, again, files.statement(["Vi saknar cykeln i mål 1, och det är en brist."]))
    corrections.discard_correction(response_id=again.pk, by=world.editor)
    job.refresh_from_db()
    assert job.response_id == response.pk
    assert signed_in(world.editor).get(url("intake", job.pk)).status_code == 200


def test_the_original_follows_into_a_new_version():
    world = make.make_open_round()
    draft = make.start(world)
    job = files.read(world, draft, files.statement(["Vi saknar cykeln i mål 1, och det är en brist i hela strategin."]))
    for item in job.items.all():
        review.accept_item(item_id=item.pk, by=world.editor)
    taking_in.take_in(job_id=job.pk, by=world.editor, attach=True)
    first = responses.submit_response(response_id=draft.pk, by=world.signatory)
    last = corrected(world, first)
    assert last.receipt["originals"] == first.receipt["originals"]
    assert job.name in signed_in(world.leader).get(url("response", last.pk)).content.decode()


def entered(world, **changes):
    return behalf.start_on_behalf(
        round_id=world.round.pk, actor_id=world.municipality.pk, by=world.leader,
        **{"channel": "phone", "received_at": clock.now(), **changes},
    )  # fmt: skip


def test_what_the_organisation_has_noted_outlives_an_entry_that_is_dropped(tmp_path):
    world = make.make_open_round()
    response = entered(world)
    notes.add_note(response_id=response.pk, by=world.editor, text="Det sa vi inte i telefonen.")
    paper = pdf()
    attachments.add_attachment(
        response_id=response.pk, by=world.leader, file=io.BytesIO(paper), name="x.pdf", size=len(paper)
    )
    responses.add_point(response_id=response.pk, by=world.leader, text="Fel kommun sade detta.")
    behalf.drop_entry(response_id=response.pk, by=world.leader)
    assert InternalNote.objects.get().text == "Det sa vi inte i telefonen."
    assert not Point.objects.filter(text__contains="Fel kommun").exists()
    assert signed_in(world.leader).get(url("response", response.pk)).status_code == 404
    assert "i telefonen" in signed_in(world.editor).get(url("response", response.pk)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_files_of_an_entry_that_is_dropped_are_not_left_in_the_store(tmp_path):
    world = make.make_open_round()
    response = entered(world)
    paper = pdf()
    attachments.add_attachment(
        response_id=response.pk, by=world.leader, file=io.BytesIO(paper), name="x.pdf", size=len(paper)
    )
    behalf.drop_entry(response_id=response.pk, by=world.leader)
    assert not Response.objects.filter(pk=response.pk).exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_entered_new_version_that_is_dropped_leaves_the_notes_with_the_one_that_stands():
    world = make.make_open_round()
    response = entered(world)
    responses.save_summary(
        response_id=response.pk, by=world.leader, revision=0, summary="Ja.", kind="answer", own_case_number=""
    )
    first = responses.submit_response(response_id=response.pk, by=world.leader)
    again = corrections.start_correction(response_id=first.pk, by=world.leader)
    notes.add_note(response_id=again.pk, by=world.editor, text="Se efter.")
    behalf.drop_entry(response_id=again.pk, by=world.leader)
    assert InternalNote.objects.get().response_id == first.pk


@pytest.mark.parametrize("deed", ["register_entered", "submit", "drop_entered", "start_correction"])
def test_what_was_said_at_a_meeting_is_handed_on_from_the_meeting_and_nowhere_else(deed):
    world = make.make_open_round()
    start = clock.now() - timedelta(hours=3)
    meeting = meetings.plan_meeting(
        round_id=world.round.pk, by=world.leader, title="Möte", host="own", place="Här", starts_at=start
    )
    meetings.hold_meeting(meeting_id=meeting.pk, by=world.leader)
    point = meeting_input.add_input(meeting_id=meeting.pk, by=world.leader, text="Bussen går för sällan")
    if deed == "start_correction":
        meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    answer = signed_in(world.leader).post(url(deed, point.response_id))
    assert answer.status_code in (302, 403, 409)
    assert Response.objects.filter(round=world.round).count() == 1
    if deed != "start_correction":
        meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    assert Response.objects.get(round=world.round).state == "submitted"


def test_an_organisation_with_more_time_takes_over_after_the_closing():
    world = make.make_open_round(accepts_late=False)
    response = entered(world)
    extensions.grant_extension(
        round_id=world.round.pk,
        actor_ids=[world.municipality.pk],
        until=clock.now() + timedelta(days=60),
        by=world.leader,
    )
    make.close(world)
    assert behalf.take_over(response_id=response.pk, by=world.editor).entered_by is None


def test_no_new_version_is_begun_that_nobody_can_write_in():
    world = make.make_open_round(accepts_late=False)
    response = entered(world)
    responses.save_summary(
        response_id=response.pk, by=world.leader, revision=0, summary="Ja.", kind="answer", own_case_number=""
    )
    first = responses.submit_response(response_id=response.pk, by=world.leader)
    make.close(world)
    with pytest.raises(WrongState, match="stängt"):
        corrections.start_correction(response_id=first.pk, by=world.editor)
    again = corrections.start_correction(response_id=first.pk, by=world.leader)
    assert again.entered_by == world.leader


def test_the_organisation_corrects_what_the_region_entered_for_it():
    world = make.make_open_round()
    response = entered(world)
    responses.save_summary(
        response_id=response.pk, by=world.leader, revision=0, summary="Ja.", kind="answer", own_case_number=""
    )
    first = responses.submit_response(response_id=response.pk, by=world.leader)
    client = signed_in(world.editor)
    assert url("start_correction", first.pk) in client.get(url("response", first.pk)).content.decode()
    assert client.post(url("start_correction", first.pk)).status_code == 302
    again = Response.objects.get(supersedes=first)
    assert (again.entered_by, again.received_at) == (None, None)
    assert signed_in(world.leader).get(url("response", again.pk)).status_code == 404
    with pytest.raises(WrongState, match="skriver själv"):
        corrections.start_correction(response_id=first.pk, by=world.leader)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["start", "correct"])
def test_nothing_is_begun_while_the_round_closes(deed):
    world = make.make_open_round(accepts_late=False)
    first = make.submit(world, make_written(world)) if deed == "correct" else None

    def begin():
        if first is not None:
            return corrections.start_correction(response_id=first.pk, by=world.editor)
        return make.start(world)

    together(begin, lambda: rounds.close_round(round_id=world.round.pk, by=world.leader))
    assert not Response.objects.filter(round=world.round, state__in=IN_WORK).exists()


def make_written(world):
    response = make.start(world)
    make.write(world, response)
    return Response.objects.get(pk=response.pk)


def test_a_new_version_that_was_never_handed_in_takes_nothing_from_the_answer_that_was():
    world, response = make.make_submitted(accepts_late=False)
    client = signed_in(world.editor)
    again = corrections.start_correction(response_id=response.pk, by=world.editor)
    assert "Ert svar är inlämnat." in client.get(url("round", world.round.pk)).content.decode()
    make.close(world)
    again.refresh_from_db()
    assert again.state == "unsent"
    assert "Ert svar är inlämnat." in client.get(url("round", world.round.pk)).content.decode()
    assert "Inte inlämnat" not in client.get(url("list")).content.decode()
    assert "En ny version lämnades aldrig in" in client.get(url("response", response.pk)).content.decode()


# --- numbers ------------------------------------------------------------------------------------------------------------------
def test_a_change_is_counted_once_when_the_answer_behind_it_is_corrected():
    world, response = make.make_submitted()
    later = make.next_draft(world, "Nya ord.").sections.get(uuid=world.goal.uuid)
    point = response.points.get()
    dispositions.decide_point(point_id=point.pk, by=world.leader, decision="accommodated", reason="")
    dispositions.link_change(
        point_id=point.pk, section_id=later.pk, by=world.leader, block_id="b", before="x", after="y"
    )
    corrected(world, response)
    assert point_queries.changes_caused(world.fresh()).count() == 1


def test_points_that_are_held_back_are_not_said_to_have_got_their_answer():
    world, _response = make.make_submitted(points=2)
    make.open_to_public(world)
    _user, answer = make.take_part(world, points=3, submit=True)
    make.close(world)
    moderation.hold_back(response_id=answer.pk, by=world.leader, reason="Hot.")
    make.settle(world)
    assert events_of([world.fresh()])[0].text == "2 synpunkter har fått sitt svar"


@pytest.mark.parametrize(("points", "words"), [(1, "En synpunkt har inte fått"), (2, "2 synpunkter har inte fått")])
def test_settling_that_waits_for_the_publics_points_leads_to_them(points, words):
    world = make.make_open_round()
    make.open_to_public(world)
    _user, answer = make.take_part(world, points=points, submit=True)
    moderation.publish_answer(response_id=answer.pk, by=world.leader)
    make.close(world)
    client = signed_in(world.leader)
    page = client.get(url("settle", world.round.pk)).content.decode()
    refused = client.post(url("settle", world.round.pk))
    assert refused.status_code == 409
    assert words.lower() in refused.content.decode().lower()
    for text in (page, refused.content.decode()):
        assert f"{url('points', world.round.pk)}?status=undecided&amp;stream=public" in text


def test_a_stand_in_until_today_stands_in_until_midnight_in_sweden():
    world, response = make.make_draft()
    midnight = clock.now().replace(
        month=7, day=2, hour=22, minute=30, second=0
    )  # half past midnight, the third, in Sweden
    with clock.travel(midnight), pytest.raises(Invalid, match="redan varit"):
        sharing.name_stand_in(
            actor_id=world.municipality.pk, by=world.editor, person_id=world.editor.pk,
            stand_in_id=world.signatory.pk, until=midnight.date(),
        )  # fmt: skip
    with clock.travel(midnight - timedelta(hours=2)):
        sharing.name_stand_in(
            actor_id=world.municipality.pk, by=world.editor, person_id=world.editor.pk,
            stand_in_id=world.signatory.pk, until=midnight.date(),
        )  # fmt: skip
        assert stand_ins_of(world.municipality.pk).count() == 1
    with clock.travel(midnight):
        assert stand_ins_of(world.municipality.pk).count() == 0


@pytest.mark.parametrize(("closes", "late"), [(8, False), (16, False)])
def test_a_day_without_an_hour_is_in_time_on_the_day_of_the_closing(closes, late):
    closing = clock.now().replace(hour=closes, minute=0) - timedelta(days=2)
    with clock.travel(closing - timedelta(days=20)):
        world = make.make_open_round(closes_at=closing)
    rounds.follow_the_clock()
    assert visibility.is_open(world.fresh(), moment_of(closing.date(), world.fresh())) is not late


# --- words --------------------------------------------------------------------------------------------------------------------
def test_characters_that_no_database_keeps_are_let_go_in_a_piece():
    world, response = make.make_draft()
    answer = signed_in(world.editor).post(
        url("save_piece", response.pk),
        {"piece": "summary", "revision": response.revision, "kind": "answer", "summary": "Ja\x00.", "own_case_number": "KS\x00 2"},
    )  # fmt: skip
    assert answer.status_code == 200
    response.refresh_from_db()
    assert (response.summary, response.own_case_number) == ("Ja.", "KS 2")


@pytest.mark.parametrize("when", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_times_far_from_ours_are_refused_in_words(when):
    world = make.make_round()
    client = signed_in(world.leader)
    form = {
        "title": "Remiss",
        "kind": "consultation",
        "cover_letter": "Hej",
        "public_when": "closed",
        "revision": world.fresh().revision,
    }
    for field in ("closes_at", "opens_at"):
        times = {"closes_at": "2099-01-01T12:00", field: when}
        assert client.post(url("prepare", world.round.pk), {**form, **times}).status_code == 422
    assert client.get(url("prepare", world.round.pk)).status_code == 200
    meeting = {"title": "Möte", "host": "own", "starts_at": when}
    assert client.post(url("new_meeting", world.round.pk), meeting).status_code == 422
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    asked = client.post(
        url("give_time", world.round.pk), {"actors": [world.municipality.pk], "until": when, "reason": "x"}
    )
    assert asked.status_code == 422
    own = signed_in(world.editor)
    assert (
        own.post(url("ask_for_time", world.round.pk, world.municipality.pk), {"until": when, "reason": "x"}).status_code
        == 422
    )
    came = {"actor_id": world.municipality.pk, "channel": "phone", "received_at": when}
    assert client.post(url("enter", world.round.pk), came).status_code == 422


# --- questions to the database ------------------------------------------------------------------------------------------------
def test_telling_everyone_that_a_round_is_settled_asks_a_constant_number_of_questions():
    asked = []
    for code, others in (("98", 1), ("97", 6)):
        world, _response = make.make_submitted(code, municipalities=9)
        for number in range(2, others + 2):
            actor, person = make.other_consultee(world, number)
            draft = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
            responses.save_summary(
                response_id=draft.pk, by=person, revision=0, summary="Ja.", kind="answer", own_case_number=""
            )
            responses.submit_response(response_id=draft.pk, by=person)
        make.close(world)
        make.decide_all(world)
        with CaptureQueriesContext(connection) as queries:
            rounds.settle_round(round_id=world.round.pk, by=world.leader)
        asked.append(len(queries))
    assert asked[0] == asked[1]
