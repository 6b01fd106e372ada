"""Addresses of the consultations app."""

from django.urls import path

from consultations.views import (
    answers,
    behalf,
    feeds,
    invited,
    masking,
    meetings,
    moderation,
    points,
    prepare,
    public,
    reading,
    responses,
    rounds,
    taking_part,
)

app_name = "consultations"

urlpatterns = [
    path("samrad/", rounds.round_list, name="list"),
    path("samrad/atom/", feeds.rounds_feed, name="rounds_feed"),
    path("samrad/<int:round_id>/atom/", feeds.round_feed, name="round_feed"),
    path("samrad/<int:round_id>/for-alla/", public.public_page, name="public_round"),
    # the region prepares
    path("strategier/<int:strategy_id>/samrad/", prepare.rounds_of_strategy, name="rounds"),
    path("versioner/<int:version_id>/nytt-samrad/", prepare.new_round, name="new_round"),
    path("samrad/<int:round_id>/forbered/", prepare.prepare, name="prepare"),
    path("samrad/<int:round_id>/sandlista/", prepare.distribution, name="distribution"),
    path("samrad/<int:round_id>/fragor/", prepare.question_list, name="questions"),
    path("samrad/<int:round_id>/forhandsgranska/", prepare.preview, name="preview"),
    path("samrad/<int:round_id>/oppna/", prepare.open_, name="open"),
    path("inbjudningar/<int:invitation_id>/ta-bort/", prepare.remove_from_list, name="remove_invitation"),
    path("inbjudningar/<int:invitation_id>/adress/", prepare.address, name="address"),
    path("inbjudningar/<int:invitation_id>/skicka-igen/", rounds.send_again, name="send_again"),
    path("fragor/<int:question_id>/", prepare.change_question, name="change_question"),
    # a round
    path("samrad/<int:round_id>/", rounds.round_page, name="round"),
    path("samrad/<int:round_id>/svarslage/", rounds.coverage, name="coverage"),
    path("samrad/<int:round_id>/stang/", rounds.close, name="close"),
    path("samrad/<int:round_id>/avsluta/", rounds.settle, name="settle"),
    # the region enters an answer for somebody
    path("samrad/<int:round_id>/for-in/", behalf.enter, name="enter"),
    path("svar/<int:response_id>/registrera/", behalf.register, name="register_entered"),
    path("svar/<int:response_id>/ta-bort-infort/", behalf.drop, name="drop_entered"),
    path("svar/<int:response_id>/ta-over/", behalf.take_over, name="take_over"),
    # the public answers
    path("samrad/<int:round_id>/delta/", taking_part.ask, name="take_part"),
    path("samrad/<int:round_id>/delta/skickat/", taking_part.asked, name="take_part_sent"),
    path("delta/<str:token>/", taking_part.confirm, name="confirm_participant"),
    path("svar/<int:response_id>/lamna-in-som-allman/", taking_part.hand_in, name="hand_in_public"),
    path("samrad/<int:round_id>/allmanheten/", moderation.public_answers, name="public_answers"),
    path("svar/<int:response_id>/granska/", moderation.moderate, name="moderate"),
    path("samrad/<int:round_id>/oppenhet/", moderation.openness, name="openness"),
    path("svar/<int:response_id>/maska/", masking.redact, name="redact"),
    path("maskningar/<int:redaction_id>/ta-bort/", masking.lift, name="lift_redaction"),
    # dialogue meetings
    path("samrad/<int:round_id>/moten/", meetings.meeting_list, name="meetings"),
    path("samrad/<int:round_id>/moten/nytt/", meetings.new_meeting, name="new_meeting"),
    path("moten/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("moten/<int:meeting_id>/andra/", meetings.change_meeting, name="change_meeting"),
    path("moten/<int:meeting_id>/gor/", meetings.deed, name="meeting_deed"),
    path("moten/<int:meeting_id>/bjud-in/", meetings.invite, name="invite_to_meeting"),
    path("moten/<int:meeting_id>/narvaro/", meetings.attendance, name="attendance"),
    path("moten/<int:meeting_id>/mote.ics", meetings.calendar, name="calendar"),
    # the region decides
    path("samrad/<int:round_id>/synpunkter/", points.point_list, name="points"),
    path("samrad/<int:round_id>/synpunkter/beslut/", points.decide_many, name="decide_many"),
    path("samrad/<int:round_id>/andringar/", points.changes, name="changes"),
    path("synpunkter/<int:point_id>/", points.point, name="point"),
    path("synpunkter/<int:point_id>/andring/", points.link_change, name="link_change"),
    path("kopplingar/<int:link_id>/ta-bort/", points.unlink_change, name="unlink_change"),
    # a consultee answers
    path("inbjudan/<str:token>/", invited.invitation, name="invitation"),
    path("samrad/<int:round_id>/svara/<int:actor_id>/", invited.begin, name="begin"),
    path("svar/<int:response_id>/", responses.response_page, name="response"),
    path("svar/<int:response_id>/las/", reading.read, name="read"),
    path("svar/<int:response_id>/sammanfattning/", responses.summary, name="summary"),
    path("svar/<int:response_id>/stallningstaganden/", responses.positions, name="positions"),
    path("svar/<int:response_id>/stallningstaganden/<int:section_id>/", responses.save_position, name="save_position"),
    path("svar/<int:response_id>/fragor/", answers.answers, name="answers"),
    path("svar/<int:response_id>/synpunkter/", reading.own_points, name="own_points"),
    path("svar/<int:response_id>/synpunkter/ny/", reading.new_point, name="new_point"),
    path("svar/synpunkt/<int:point_id>/", reading.edit_point, name="edit_point"),
    path("svar/synpunkt/<int:point_id>/ta-bort/", reading.remove_point, name="remove_point"),
    path("svar/<int:response_id>/anteckningar/", responses.add_note, name="add_note"),
    path("svar/<int:response_id>/lamna-in/", responses.submit, name="submit"),
    path("svar/<int:response_id>/kvitto/", responses.receipt, name="receipt"),
]
