"""What came in as a file: who may, what each verb does, that nothing is taken in without a person, and the pages."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from actors.models import AuditEvent, Notification, Role
from consultations.domain import behalf, responses, signoff
from consultations.domain.intake import form, jobs, review, taking_in, taking_many
from consultations.models import Answer, ConsultationRound, IntakeItem, IntakeJob, Point, Position, Response
from consultations.publishing.response_form import response_form
from consultations.states import IntakeState
from rus_platform.kit import clock, work
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies.publishing.word import version_docx
from tests.consultations.test_intake_files import as_csv, rows, values
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.documents import with_part

pytestmark = pytest.mark.django_db
STATEMENT = files.statement(
    [
        "Vi saknar cykeln i mål 1, och det är en brist i hela strategin.",
        "Meningen ”stärka tåget” räcker inte, bussen behövs också i hela länet.",
    ]
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of a test are the test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make.make_open_round()


@pytest.fixture
def draft(world) -> Response:
    return make.start(world)


@pytest.fixture
def entered(world) -> Response:
    """A response that the region enters for another municipality."""
    actor = make_municipality("98", 2)
    return behalf.start_on_behalf(
        round_id=world.round.pk, actor_id=actor.pk, by=world.leader, channel="email", received_at=clock.now()
    )


@pytest.fixture
def filled(world) -> bytes:
    return files.filled(response_form(form.plan_of(world.fresh())), values(world))


def accept_all(job: IntakeJob, by) -> None:
    for item in job.items.exclude(state="accepted"):
        review.accept_item(item_id=item.pk, by=by)


# --- sending in and reading


def test_a_form_becomes_positions_answers_and_points(world, draft, filled):
    job = files.read(world, draft, filled)
    before = (draft.positions.count(), draft.answers.count(), draft.points.count())
    assert review.accept_certain(job_id=job.pk, by=world.editor) == 9
    assert before == (0, 0, 0) == (draft.positions.count(), draft.answers.count(), draft.points.count())
    assert taking_in.take_in(job_id=job.pk, by=world.editor).state == IntakeState.TAKEN_IN
    draft.refresh_from_db()
    assert draft.summary == "Vi är positiva. Men se nedan."
    assert {(row.section_id, row.stance, row.reason) for row in Position.objects.filter(response=draft)} == {
        (world.goal.pk, "supports_with_changes", "Nämn bussen."), (world.subgoal.pk, "opposes", ""),
    }  # fmt: skip
    assert [(row.text, row.choice, row.scale) for row in Answer.objects.filter(response=draft).order_by("question_id")] == [
        ("Cykeln", None, None), ("", 1, None), ("", None, 4),
    ]  # fmt: skip
    assert [(row.text, row.anchor and row.anchor.quote, row.suggested_wording) for row in draft.points.all()] == [
        ("Nämn bussen först.", "stärka tåget", "stärka bussen"),
        ("Hela länet är mer än tätorterna.", "Alla ska kunna bo och arbeta i hela länet. Länet ska växa.", ""),
        ("Tack för ett bra förslag.", None, ""),
    ]
    assert [item.point for item in job.items.filter(what="point")] == list(draft.points.all())


def test_comments_and_changes_in_the_margin_become_anchored_points(world, draft):
    data = files.replaced(files.commented(version_docx(world.version), "öppet för alla", "Bra!"), "växa", "krympa")
    job = files.read(world, draft, data, "version.docx")
    review.accept_certain(job_id=job.pk, by=world.editor)
    taking_in.take_in(job_id=job.pk, by=world.editor)
    assert [(row.anchor.quote, row.suggested_wording, row.kind) for row in draft.points.all()] == [
        ("växa", "krympa", "change"),
        ("öppet för alla", "", "remark"),
    ]


def test_it_is_told_when_it_is_read(world, draft):
    files.read(world, draft, STATEMENT, "yttrande.docx")
    assert (
        Notification.objects.get(user=world.editor, kind="intake_ready").text
        == "”yttrande.docx” är läst och klar att granska."
    )


def test_the_original_is_kept_byte_for_byte(world, draft):
    job = files.read(world, draft, STATEMENT)
    with job.file.open("rb") as file:
        assert file.read() == STATEMENT


def test_the_same_file_twice_is_said_and_shows_the_earlier(world, draft):
    job = files.sent(world, draft, STATEMENT)
    assert files.sent(world, draft, STATEMENT) == job  # a double press, while it waits
    jobs.read_intake(job_id=job.pk)
    with pytest.raises(Conflict, match="redan kommit in") as refusal:
        files.sent(world, draft, STATEMENT, "annat-namn.docx")
    assert refusal.value.data["job_id"] == job.pk
    assert files.sent(world, draft, STATEMENT, again=True) != job


def test_what_an_organisation_sends_to_itself_is_never_shown_to_the_region(world, draft, entered):
    job = files.read(world, draft, STATEMENT)
    assert files.sent(world, entered, STATEMENT, by=world.leader) != job  # no "it has come in before"
    assert not AuditEvent.objects.filter(
        verb__in=["send_in", "read_intake"], object_id=job.pk, private_to=None
    ).exists()


def test_a_refusal_is_in_the_words_of_the_sender_and_can_be_tried_again(world, draft):
    with translation.override("en"):
        job = files.sent(world, draft, with_part(STATEMENT, "word/document.xml", lambda xml: xml[:-30]))
    jobs.read_intake(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error.startswith("The file is damaged")) == (IntakeState.FAILED, True)
    assert jobs.read_again(job_id=job.pk, by=world.editor).state == IntakeState.WAITING


def test_of_two_workers_one_reads_and_a_cancelled_one_is_not_read(world, draft):
    job = files.sent(world, draft, STATEMENT)
    assert jobs._take(job.pk) is not None
    assert jobs.read_intake(job_id=job.pk) is None
    jobs.cancel_intake(job_id=job.pk, by=world.editor)
    assert jobs.read_intake(job_id=job.pk) is None
    with pytest.raises(WrongState):
        taking_in.take_in(job_id=job.pk, by=world.editor)


def test_a_job_cancelled_while_it_is_read_stays_cancelled(world, draft, monkeypatch):
    job = files.sent(world, draft, STATEMENT)
    real = jobs.read_single

    def slow(*args):
        found = real(*args)
        jobs.cancel_intake(job_id=job.pk, by=world.editor)
        return found

    monkeypatch.setattr(jobs, "read_single", slow)
    assert jobs.read_intake(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.items.count()) == (IntakeState.CANCELLED, 0)


def test_what_a_worker_left_is_sent_again(world, draft, monkeypatch):
    job = files.sent(world, draft, STATEMENT)
    asked = []
    monkeypatch.setattr(jobs, "send_after_commit", lambda *args: asked.append(args))
    IntakeJob.objects.filter(pk=job.pk).update(requested_at=job.requested_at - 2 * work.WAITED)
    assert (jobs.see_to_intakes(), asked) == (1, [(jobs.TASK, job.pk)])


@pytest.mark.parametrize("name", ["svar.docm", "svar.xlsx"])
def test_plainly_wrong_files_are_refused_at_once(world, draft, name):
    data = STATEMENT if name.endswith("docm") else files.sheet([["Organisation", "Synpunkt"]])
    with pytest.raises(Invalid):
        files.sent(world, draft, data, name)


# --- looking at it


def test_an_item_is_changed_moved_confirmed_and_left(world, draft):
    job = files.read(world, draft, STATEMENT)
    first, second = job.items.all()
    assert (second.quote, second.section) == ("stärka tåget", world.goal)
    moved = review.edit_item(
        item_id=first.pk, by=world.editor, text="Ny text", section_id=world.goal.pk, quote="Länet ska växa"
    )
    assert (moved.text, moved.quote, moved.start is not None, moved.state) == (
        "Ny text",
        "Länet ska växa",
        True,
        "undecided",
    )
    with pytest.raises(Invalid) as refusal:
        review.edit_item(item_id=first.pk, by=world.editor, section_id=world.goal.pk, quote="Står inte där")
    assert list(refusal.value.fields) == ["quote"]
    assert review.drop_item(item_id=second.pk, by=world.editor).state == "dropped"
    assert review.reconsider_item(item_id=second.pk, by=world.editor).state == "undecided"
    with pytest.raises(Conflict):
        review.accept_item(item_id=first.pk, by=world.editor, revision=0)
    assert review.accept_item(item_id=first.pk, by=world.editor, revision=moved.revision).state == "accepted"


def test_an_item_is_divided_and_put_together(world, draft):
    job = files.read(world, draft, STATEMENT)
    first, second = job.items.all()
    parts = review.split_item(item_id=first.pk, by=world.editor, text="Ett.\n\nTvå.\n\n\nTre.")
    assert [item.text for item in job.items.all()] == ["Ett.", "Två.", "Tre.", second.text]
    assert {item.section for item in parts} == {world.goal}
    merged = review.merge_item(item_id=parts[2].pk, by=world.editor)
    assert (merged.text, merged.quote, job.items.count()) == (f"Tre.\n\n{second.text}", "stärka tåget", 3)
    with pytest.raises(Invalid):
        review.merge_item(item_id=merged.pk, by=world.editor)
    with pytest.raises(Invalid):
        review.split_item(item_id=merged.pk, by=world.editor, text="Bara ett.")


def test_one_of_several_places_is_chosen(monkeypatch):
    monkeypatch.setattr(make, "GOAL_TEXT", "Länet ska växa snabbt.\n\nNågot annat här.\n\nLänet ska växa snabbt.")
    world = make.make_open_round("97")
    job = files.read(
        world, make.start(world), files.statement(["Orden ”Länet ska växa snabbt” borde strykas ur den här texten."])
    )
    [item] = job.items.all()
    chosen = review.edit_item(item_id=item.pk, by=world.editor, alternative=1)
    assert (chosen.quote, chosen.start, chosen.alternatives) == (
        "Länet ska växa snabbt",
        item.alternatives[1]["start"],
        [],
    )


def test_nothing_is_taken_in_before_it_is_looked_at(world, draft):
    job = files.read(world, draft, STATEMENT)
    with pytest.raises(Invalid, match="2 saker är inte granskade"):
        taking_in.take_in(job_id=job.pk, by=world.editor)
    with pytest.raises(Invalid, match="Inget är bekräftat"):
        taking_in.take_in(job_id=job.pk, by=world.editor, leave_rest=True)
    review.accept_item(item_id=job.items.first().pk, by=world.editor)
    taking_in.take_in(job_id=job.pk, by=world.editor, leave_rest=True)
    assert (draft.points.count(), job.items.filter(state="dropped").count()) == (1, 1)


def test_taken_in_twice_is_once(world, draft):
    job = files.read(world, draft, STATEMENT)
    accept_all(job, world.editor)
    for _n in range(2):
        taking_in.take_in(job_id=job.pk, by=world.editor)
    assert draft.points.count() == 2


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(world, draft, filled):
    job = files.read(world, draft, filled)
    accept_all(job, world.editor)
    responses.set_position(
        response_id=draft.pk, section_id=world.goal.pk, by=world.signatory, stance="opposes", reason="Nej.", revision=0
    )
    assert taking_in.take_in(job_id=job.pk, by=world.editor).state == IntakeState.READY
    [item] = job.items.filter(state="undecided")
    assert (item.section, draft.points.count(), draft.positions.get().stance) == (world.goal, 0, "opposes")
    review.accept_item(item_id=item.pk, by=world.editor)
    assert taking_in.take_in(job_id=job.pk, by=world.editor).state == IntakeState.TAKEN_IN
    assert draft.positions.get(section=world.goal).stance == "supports_with_changes"


def test_what_stands_already_is_not_among_the_certain(world, draft, filled):
    responses.save_summary(
        response_id=draft.pk, by=world.editor, revision=0, summary="Annat", kind="answer", own_case_number=""
    )
    job = files.read(world, draft, filled)
    assert review.accept_certain(job_id=job.pk, by=world.editor) == 8
    assert [item.what for item in job.items.filter(state="undecided")] == ["summary"]


def test_an_item_that_says_too_little_cannot_be_confirmed(world, draft):
    job = files.read(
        world, draft, files.filled(response_form(form.plan_of(world.fresh())), {f"p.{world.goal.pk}": "Kanske"})
    )
    with pytest.raises(Invalid) as refusal:
        review.accept_item(item_id=job.items.get().pk, by=world.editor)
    assert list(refusal.value.fields) == ["stance"]


def test_nothing_is_taken_into_an_answer_that_is_handed_in(world, draft):
    job = files.read(world, draft, STATEMENT)
    accept_all(job, world.editor)
    responses.save_summary(
        response_id=draft.pk, by=world.editor, revision=0, summary="Bra", kind="answer", own_case_number=""
    )
    make.submit(world, draft)
    with pytest.raises(WrongState):
        taking_in.take_in(job_id=job.pk, by=world.editor)


def test_a_scanned_answer_is_kept_with_the_response(world, entered):
    job = files.read(world, entered, files.scanned(), "skannat.pdf", by=world.leader)
    done = taking_in.take_in(job_id=job.pk, by=world.leader)
    assert (done.state, done.attached, done.notices[0][:25]) == (
        IntakeState.TAKEN_IN,
        True,
        "PDF-filen är inskannad: d",
    )


def test_an_entered_answer_that_is_taken_away_leaves_what_came_in(world, entered):
    job = files.read(world, entered, STATEMENT, by=world.leader)
    behalf.drop_entry(response_id=entered.pk, by=world.leader)
    with pytest.raises(WrongState, match="finns inte längre"):
        taking_in.take_in(job_id=job.pk, by=world.leader)


# --- many


def take_table(world, job: IntakeJob, **more: object) -> IntakeJob:
    """Asked for, and done by the worker."""
    taking_many.take_in_many(job_id=job.pk, by=world.leader, received_at=clock.now(), **more)
    taken = taking_many.write_in(job_id=job.pk)
    assert taken is not None
    return taken


def test_a_table_becomes_entered_answers_that_are_registered(world):
    job = files.read_table(world, as_csv(rows(world)))
    assert (job.kind, job.items.count()) == ("table", 4)
    review.accept_certain(job_id=job.pk, by=world.leader)
    unknown = job.items.get(actor=None)
    with pytest.raises(Invalid) as refusal:
        review.accept_item(item_id=unknown.pk, by=world.leader)
    assert list(refusal.value.fields) == ["actor"]
    other = make_municipality("98", 2)
    review.accept_item(
        item_id=review.edit_item(item_id=unknown.pk, by=world.leader, actor_id=other.pk).pk, by=world.leader
    )
    take_table(world, job)
    found = Response.objects.filter(round=world.round, entered_by=world.leader)
    assert {(row.actor, row.channel, row.points.count(), row.positions.count()) for row in found} == {
        (world.municipality, "file", 1, 1), (other, "file", 1, 0),
    }  # fmt: skip
    count, refused = taking_many.register_many(job_id=job.pk, by=world.leader)
    assert (count, refused) == (2, [])


def test_an_answer_out_of_a_table_that_lacks_a_reason_is_not_registered(world):
    head, first = rows(world)[0], [world.municipality.name, "Mål 1", "", "", "", "Avstyrker", ""]
    job = files.read_table(world, as_csv([head, first]))
    review.accept_certain(job_id=job.pk, by=world.leader)
    take_table(world, job)
    count, refused = taking_many.register_many(job_id=job.pk, by=world.leader)
    assert (count, len(refused)) == (0, 1)
    assert "Skriv ert skäl" in refused[0]


def test_a_table_takes_nothing_from_those_who_write_themselves(world, draft):
    make.write(world, draft)
    job = files.read_table(world, as_csv(rows(world)[:2]))
    review.accept_certain(job_id=job.pk, by=world.leader)
    with pytest.raises(Conflict, match="Lämna deras rader"):
        take_table(world, job)
    assert not Point.objects.filter(response__entered_by__isnull=False).exists()


def dated(world, *days: str) -> bytes:
    """A row for each day, of three municipalities in turn, and the day that its answer came."""
    head = ["Organisation", "Avsnitt", "Synpunkt", "Inkom"]
    known = [world.municipality, make_municipality("98", 2), make_municipality("98", 3)]
    actors = [known[n % 3] for n in range(len(days))]
    return as_csv([head, *([actor.name, "Mål 1", f"Synpunkt nummer {n}.", day] for n, (actor, day) in enumerate(zip(actors, days, strict=True)))])  # fmt: skip


def test_the_date_column_says_when_each_answer_came(world):
    ConsultationRound.objects.update(opened_at=clock.now() - timedelta(days=20))
    day = timezone.localdate(clock.now() - timedelta(days=5))
    job = files.read_table(
        world, dated(world, day.isoformat(), f"{day.day}/{day.month} {day.year}", "", "2999-01-01", "i tisdags")
    )
    assert [item.received_on for item in job.items.all()] == [day, day, None, None, None]
    assert [item.doubt for item in job.items.all()][3:] == [
        "Rad 5: 2999-01-01 har inte varit än.", "Rad 6: datumet ”i tisdags” går inte att läsa.",
    ]  # fmt: skip
    accept_all(job, world.leader)
    take_table(world, job)
    rows = Response.objects.filter(round=world.round, entered_by=world.leader).order_by("actor__name")
    assert [timezone.localdate(row.received_at) == day for row in rows].count(True) == 2


def test_rows_of_one_organisation_with_two_dates_are_looked_at(world):
    head = ["Organisation", "Synpunkt", "Datum"]
    name = world.municipality.name
    job = files.read_table(
        world, as_csv([head, [name, "Ett är detta.", "2026-01-02"], [name, "Två är detta.", "2026-01-05"]])
    )
    assert [item.certain for item in job.items.all()] == [True, False]
    assert (
        job.items.last().doubt
        == "Rad 3 säger ett annat datum än rad 2 (2026-01-02). Det tidigaste gäller för hela svaret."
    )


def test_a_table_is_taken_in_one_organisation_at_a_time_with_names(world):
    job = files.read_table(world, dated(world, "", "", ""))
    accept_all(job, world.leader)
    told = take_table(world, job)
    assert (told.state, told.taken_in_by) == (IntakeState.TAKEN_IN, world.leader)
    assert taking_many.write_in(job_id=job.pk) is None  # sent twice is done once
    assert [(row["name"], row["points"]) for row in taking_many.names_of(job)] == [
        (actor.name, 1) for actor in sorted((item.actor for item in job.items.all()), key=lambda actor: actor.sort_key)
    ]
    assert Point.objects.filter(response__round=world.round).count() == 3


def test_taking_in_is_stopped_between_two_organisations_and_goes_on(world, monkeypatch):
    job = files.read_table(world, dated(world, "", "", ""))
    accept_all(job, world.leader)
    real = taking_many._one

    def stop_after_the_first(*args):
        found = real(*args)
        taking_many.stop_taking(job_id=job.pk, by=world.leader)
        return found

    monkeypatch.setattr(taking_many, "_one", stop_after_the_first)
    taking_many.take_in_many(job_id=job.pk, by=world.leader, received_at=clock.now())
    assert taking_many.write_in(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.state, Point.objects.count(), len(taking_many.names_of(job))) == (IntakeState.READY, 1, 1)
    taken = job.items.get(taken_at__isnull=False)
    with pytest.raises(WrongState, match="redan intaget"):
        review.drop_item(item_id=taken.pk, by=world.leader)
    monkeypatch.setattr(taking_many, "_one", real)
    left = job.items.filter(taken_at=None).first()
    review.reconsider_item(item_id=left.pk, by=world.leader)
    assert take_table(world, job, leave_rest=True).state == IntakeState.TAKEN_IN
    assert Point.objects.count() == 2


def test_the_rest_of_a_table_is_left_and_said_to_be_left(world):
    job = files.read_table(world, dated(world, "", ""))
    review.accept_item(item_id=job.items.first().pk, by=world.leader)
    review.drop_item(item_id=job.items.last().pk, by=world.leader)
    take_table(world, job)
    IntakeJob.objects.filter(pk=job.pk).update(state="ready", taken_in_at=None, taken_in_by=None)
    client = client_of(world.leader)
    client.post(reverse("consultations:cancel_intake", args=[job.pk]))
    page = client.get(reverse("consultations:intake", args=[job.pk])).content.decode()
    assert ("Resten togs inte in" in page, "Inget togs in" in page, world.municipality.name in page) == (
        True,
        False,
        True,
    )


def test_what_nobody_could_read_goes_along_unless_somebody_says_no(world, draft, pages):
    job = files.read(world, draft, files.scanned(), "skannat.pdf")
    page = pages.client.get(pages.url("intake", job.pk)).content.decode()
    box = page[page.index('name="attach"') :].split(">")[0]
    assert "checked" in box


def test_a_worker_that_dies_while_taking_in_is_followed_by_another(world, monkeypatch):
    job = files.read_table(world, dated(world, "", ""))
    accept_all(job, world.leader)
    taking_many.take_in_many(job_id=job.pk, by=world.leader, received_at=clock.now())
    assert taking_many._take(job.pk) is not None
    assert taking_many.write_in(job_id=job.pk) is None  # another is at it
    asked = []
    monkeypatch.setattr(taking_many, "send_after_commit", lambda *args: asked.append(args))
    IntakeJob.objects.filter(pk=job.pk).update(heartbeat_at=clock.now() - 2 * work.SILENT)
    assert (taking_many.see_to_taking(), asked) == (1, [(taking_many.TASK, job.pk)])
    assert taking_many.write_in(job_id=job.pk).state == IntakeState.TAKEN_IN
    assert Point.objects.count() == 2


def test_one_that_answers_itself_meanwhile_is_named_and_the_others_are_taken_in(world):
    job = files.read_table(world, dated(world, "", ""))
    accept_all(job, world.leader)
    taking_many.take_in_many(job_id=job.pk, by=world.leader, received_at=clock.now())
    make.write(world, make.start(world))
    assert taking_many.write_in(job_id=job.pk).state == IntakeState.READY
    job.refresh_from_db()
    assert world.municipality.name in job.notices[-1]
    assert (job.items.filter(state="undecided").count(), len(taking_many.names_of(job))) == (1, 1)
    review.drop_item(item_id=job.items.get(state="undecided").pk, by=world.leader)
    assert take_table(world, job).state == IntakeState.TAKEN_IN


@pytest.mark.parametrize("who", ["editor", "consultee", "other_region", "nobody"])
def test_only_the_region_takes_in_tables_and_stops(world, people, who):
    job = files.read_table(world, dated(world, ""))
    accept_all(job, world.leader)
    for deed in (taking_many.stop_taking, lambda **said: taking_many.take_in_many(**said, received_at=clock.now())):
        with pytest.raises(Forbidden):
            deed(job_id=job.pk, by=people[who])


# --- who may


@pytest.fixture
def people(world) -> dict[str, object]:
    other = make_municipality("98", 3)
    return {
        "editor": world.editor, "signatory": world.signatory, "reader": make_person(world.municipality, Role.READER),
        "consultee": make_person(other, Role.EDITOR, Role.SIGNATORY), "leader": world.leader, "officer": make_person(world.region, Role.EDITOR),
        "secretary": make_person(world.region, Role.SECRETARY), "other_region": make_person(make_region("97"), Role.LEADER), "nobody": make_person(),
    }  # fmt: skip


OWN, REGION = {"editor", "signatory"}, {"leader", "officer"}


@pytest.mark.parametrize("side", ["own", "entered"])
def test_who_may_send_look_decide_and_take_in(world, draft, entered, people, side):
    response, may, by = (draft, OWN, world.editor) if side == "own" else (entered, REGION, world.leader)
    job = files.read(world, response, STATEMENT, by=by)
    item = job.items.first()
    for name, person in people.items():
        other = files.sent(world, response, f"Från {name}, en text som är helt dess egen.".encode(), "a.txt", by=by)
        deeds = [
            lambda: files.sent(world, response, f"Ännu en från {name} att läsa in här.".encode(), "b.txt", by=person),  # noqa: B023
            lambda: review.edit_item(item_id=item.pk, by=person, text="x"),  # noqa: B023
            lambda: review.accept_item(item_id=item.pk, by=person),  # noqa: B023
            lambda: review.drop_item(item_id=item.pk, by=person),  # noqa: B023
            lambda: review.accept_certain(job_id=job.pk, by=person),  # noqa: B023
            lambda: jobs.cancel_intake(job_id=other.pk, by=person),  # noqa: B023
        ]
        for deed in deeds:
            if name in may:
                deed()
            else:
                with pytest.raises(Forbidden):
                    deed()
    for name, person in people.items():
        if name not in may:
            with pytest.raises(Forbidden):
                taking_in.take_in(job_id=job.pk, by=person)


@pytest.mark.parametrize("who", ["editor", "consultee", "secretary", "other_region", "nobody"])
def test_only_the_region_sends_in_tables(world, people, who):
    with pytest.raises(Forbidden):
        jobs.send_in_many(
            round_id=world.round.pk, by=people[who], file=io.BytesIO(as_csv(rows(world))), name="a.csv", size=9
        )


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def reached(people, address: str) -> set[str]:
    return {name for name, person in people.items() if client_of(person).get(address).status_code == 200}


def test_who_sees_what_came_in_and_its_original(world, draft, entered, people):
    own = files.read(world, draft, STATEMENT)
    theirs = files.read(world, entered, STATEMENT, by=world.leader)
    page, original = (
        (lambda job: reverse("consultations:intake", args=[job.pk])),
        (lambda job: reverse("consultations:intake_original", args=[job.pk])),
    )
    region = REGION | {"secretary"}
    assert reached(people, page(own)) == OWN | {"reader"} == reached(people, original(own))
    assert reached(people, page(theirs)) == region == reached(people, original(theirs))
    accept_all(own, world.editor)
    taking_in.take_in(job_id=own.pk, by=world.editor, attach=True)
    signoff.mark_ready(response_id=draft.pk, by=world.editor)
    assert reached(people, original(own)) == OWN | {"reader"}  # not before it is handed in
    make.submit(world, Response.objects.get(pk=draft.pk))
    IntakeJob.objects.filter(pk=own.pk).update(attached=False)
    assert reached(people, original(own)) == OWN | {"reader"}  # not sent along: the organisation's own
    IntakeJob.objects.filter(pk=own.pk).update(attached=True)
    assert reached(people, original(own)) == OWN | {"reader"} | region
    assert reached(people, page(own)) == OWN | {"reader"}  # what was left out stays the organisation's own
    make.close(world)
    assert Client().get(original(own)).status_code == 302  # never the public


def test_an_answer_that_was_taken_over_is_no_longer_the_regions_to_follow(world, people):
    response = behalf.start_on_behalf(
        round_id=world.round.pk,
        actor_id=world.municipality.pk,
        by=world.leader,
        channel="email",
        received_at=clock.now(),
    )
    job = files.read(world, response, STATEMENT, by=world.leader)
    behalf.take_over(response_id=response.pk, by=world.editor)
    assert reached(people, reverse("consultations:intake", args=[job.pk])) == OWN | {"reader"}
    assert review.accept_item(item_id=job.items.first().pk, by=world.editor).state == "accepted"
    with pytest.raises(Forbidden):
        review.accept_item(item_id=job.items.last().pk, by=world.leader)


def test_a_long_original_is_a_file_beside_the_page(world, draft, monkeypatch):
    monkeypatch.setattr("consultations.views.reviewing.LONGEST_SHOWN", 10)
    job = files.read(world, draft, STATEMENT)
    client, url = client_of(world.editor), reverse("consultations:intake_text", args=[job.pk])
    assert url in client.get(reverse("consultations:intake", args=[job.pk])).content.decode()
    assert client.get(url).content.decode().startswith("Vi saknar cykeln")


def test_an_attached_original_is_in_the_receipt(world, entered):
    job = files.read(world, entered, files.scanned(), "skannat.pdf", by=world.leader)
    taking_in.take_in(job_id=job.pk, by=world.leader)
    response = responses.submit_response(response_id=entered.pk, by=world.leader)
    assert response.receipt["originals"] == [{"name": "skannat.pdf", "sha256": job.sha256, "size": job.size}]


def test_an_original_is_only_for_keeping(world, draft):
    job = files.read(world, draft, b"<script>alert(1)</script> Vi tycker att det saknas en hel del.", "svar.html.txt")
    answer = client_of(world.editor).get(reverse("consultations:intake_original", args=[job.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


# --- pages


@pytest.fixture
def pages(world) -> SimpleNamespace:
    return SimpleNamespace(
        client=client_of(world.editor), url=lambda name, *args: reverse(f"consultations:{name}", args=args)
    )


def test_the_whole_way_on_pages(world, draft, pages):
    page = pages.client.get(pages.url("send_in", draft.pk)).content.decode()
    assert pages.url("word_form", world.round.pk) in page
    blank = pages.client.get(pages.url("word_form", world.round.pk) + f"?svar={draft.pk}")
    assert blank["Content-Disposition"].startswith("attachment")
    data = files.filled(blank.content, values(world))
    answer = pages.client.post(pages.url("send_in", draft.pk), {"file": SimpleUploadedFile("svar.docx", data)})
    job = IntakeJob.objects.get()
    assert answer["Location"] == pages.url("intake", job.pk)
    assert "Väntar på sin tur" in pages.client.get(answer["Location"]).content.decode()
    jobs.read_intake(job_id=job.pk)
    state = pages.client.get(pages.url("intake_state", job.pk), headers={"HX-Request": "true"})
    assert state["HX-Refresh"] == "true"
    page = pages.client.get(pages.url("intake", job.pk)).content.decode()
    assert "Bekräfta alla 9 säkra" in page
    pages.client.post(pages.url("accept_certain", job.pk))
    done = pages.client.post(pages.url("take_in_intake", job.pk), {})
    assert done["Location"] == pages.url("response", draft.pk)
    assert draft.points.count() == 3
    assert "9 saker togs in" in pages.client.get(pages.url("intake", job.pk)).content.decode()


def fields(item: IntakeItem, **changes: object) -> dict[str, object]:
    """The fields of a card as its form sends them."""
    item.refresh_from_db()
    said = {
        "text": item.text,
        "kind": item.kind,
        "section": item.section_id or "",
        "quote": item.quote,
        "suggested_wording": item.suggested_wording,
    }
    return {f"i{item.pk}-{name}": value for name, value in {**said, "revision": item.revision, **changes}.items()}


def test_a_card_is_changed_and_confirmed_in_one_press(world, draft, pages):
    job = files.read(world, draft, STATEMENT)
    first, second = job.items.all()
    htmx = {"HX-Request": "true"}
    url = pages.url("decide_item", first.pk)
    card = pages.client.post(url, {**fields(first, text="Ändrad"), "deed": "accept"}, headers=htmx)
    first.refresh_from_db()
    assert (card.status_code, first.state, first.text) == (200, "accepted", "Ändrad")
    assert f'id="sak-{first.pk}"' in card.content.decode()
    wrong = pages.client.post(
        pages.url("decide_item", second.pk), {**fields(second, quote="Finns inte alls"), "deed": "save"}, headers=htmx
    )
    assert (wrong.status_code, "Orden står inte så" in wrong.content.decode()) == (422, True)
    stale = pages.client.post(pages.url("decide_item", second.pk), {**fields(second, revision=77), "deed": "drop"})
    assert (stale.status_code, "En kollega har ändrat" in stale.content.decode()) == (422, True)
    for deed, state in (("drop", "dropped"), ("undo", "undecided")):
        answer = pages.client.post(
            pages.url("decide_item", second.pk), {**fields(second), "deed": deed, "query": "visa=kvar"}
        )
        assert answer["Location"] == f"{pages.url('intake', job.pk)}?visa=kvar#sak-{second.pk}"
        second.refresh_from_db()
        assert second.state == state
    pages.client.post(pages.url("decide_item", second.pk), {**fields(second, text="Ett.\n\nTvå."), "deed": "split"})
    assert job.items.count() == 3
    pages.client.post(pages.url("decide_item", second.pk), {**fields(second), "deed": "merge"})
    assert job.items.count() == 2


def test_a_refused_and_a_repeated_file_are_said_on_the_page(world, draft, pages):
    url = pages.url("send_in", draft.pk)
    answer = pages.client.post(url, {"file": SimpleUploadedFile("svar.docx", b"MZ program")})
    assert (answer.status_code, "Filen är ett program" in answer.content.decode()) == (422, True)
    job = files.read(world, draft, STATEMENT)
    answer = pages.client.post(url, {"file": SimpleUploadedFile("igen.docx", STATEMENT)})
    assert (answer.status_code, pages.url("intake", job.pk) in answer.content.decode()) == (422, True)
    assert "Läs in den ändå" in answer.content.decode()
    answer = pages.client.post(url, {"file": SimpleUploadedFile("igen.docx", STATEMENT), "again": "on"})
    assert answer.status_code == 302


def test_what_is_not_looked_at_stops_the_taking_in_on_the_page(world, draft, pages):
    job = files.read(world, draft, STATEMENT)
    answer = pages.client.post(pages.url("take_in_intake", job.pk), {})
    assert (answer.status_code, "2 saker är inte granskade" in answer.content.decode()) == (422, True)


def test_the_regions_pages_of_a_table(world):
    ConsultationRound.objects.update(opened_at=clock.now() - timedelta(hours=1))
    client = client_of(world.leader)
    url = reverse("consultations:send_in_many", args=[world.round.pk])
    template = client.get(reverse("consultations:table_form", args=[world.round.pk]))
    assert template.content.startswith(b"PK")
    answer = client.post(url, {"file": SimpleUploadedFile("svar.csv", as_csv(rows(world)))})
    job = IntakeJob.objects.get()
    jobs.read_intake(job_id=job.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "Okända organisationer: Okänt AB." in page
    client.post(reverse("consultations:accept_certain", args=[job.pk]))
    taken = {"received_at": timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M"), "leave_rest": "1"}
    assert client.post(reverse("consultations:take_in_intake", args=[job.pk]), taken).status_code == 302
    assert "Stoppa här" in client.get(reverse("consultations:intake", args=[job.pk])).content.decode()
    taking_many.write_in(job_id=job.pk)
    page = client.get(reverse("consultations:intake", args=[job.pk])).content.decode()
    assert "Registrera alla" in page
    assert "svar.csv" in client.get(url).content.decode()


def test_pages_take_as_many_queries_for_three_things_as_for_one(world, draft, pages):
    counts: dict[str, list[int]] = {"intake": [], "send_in": []}
    for n in (1, 3):
        text = "\n\n".join(
            f"Nummer {k} av {n}: det här är en synpunkt om något som är viktigt i mål 1 för vår kommun."
            for k in range(n)
        )
        job = files.read(world, draft, text.encode(), f"{n}.txt")
        assert job.items.count() == n
        files.read(world, draft, f"{text} igen".encode(), f"{n}b.txt")
        for name, pk in (("intake", job.pk), ("send_in", draft.pk)):
            with CaptureQueriesContext(connection) as seen:
                assert pages.client.get(pages.url(name, pk)).status_code == 200
            counts[name].append(len(seen))
    assert {name: found[0] for name, found in counts.items()} == {name: found[1] for name, found in counts.items()}
    assert max(map(max, counts.values())) <= 25
