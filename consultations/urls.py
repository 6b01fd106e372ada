"""Addresses of the consultations app."""

from django.urls import path

from consultations.views import (
    answers,
    behalf,
    board,
    intake,
    invited,
    invitees,
    more_time,
    points,
    prepare,
    reading,
    responses,
    reviewing,
    rounds,
    sending,
)

app_name = "consultations"

urlpatterns = [
    path("samrad/", rounds.round_list, name="list"),
    # the region prepares
    path("strategier/<int:strategy_id>/samrad/", prepare.rounds_of_strategy, name="rounds"),
    path("versioner/<int:version_id>/nytt-samrad/", prepare.new_round, name="new_round"),
    path("samrad/<int:round_id>/forbered/", prepare.prepare, name="prepare"),
    path("samrad/<int:round_id>/sandlista/", prepare.distribution, name="distribution"),
    path("samrad/<int:round_id>/sandlista/listor/", sending.saved_lists, name="saved_lists"),
    path("samrad/<int:round_id>/sandlista/fil/", sending.contact_file, name="contact_file"),
    path("kontakter/<int:import_id>/", sending.contact_import, name="contact_import"),
    path("samrad/<int:round_id>/provbrev/", sending.send_test, name="send_test"),
    path("samrad/<int:round_id>/fragor/", prepare.question_list, name="questions"),
    path("samrad/<int:round_id>/forhandsgranska/", prepare.preview, name="preview"),
    path("samrad/<int:round_id>/oppna/", prepare.open_, name="open"),
    path("inbjudningar/<int:invitation_id>/ta-bort/", prepare.remove_from_list, name="remove_invitation"),
    path("inbjudningar/<int:invitation_id>/adress/", prepare.address, name="address"),
    path("inbjudningar/<int:invitation_id>/", invitees.invitee, name="invitee"),
    path("inbjudningar/<int:invitation_id>/skicka-igen/", invitees.send_again, name="send_again"),
    path("inbjudningar/<int:invitation_id>/paminn/", invitees.remind, name="remind_one"),
    path("inbjudningar/<int:invitation_id>/studsade/", invitees.mark_bounced, name="mark_bounced"),
    path("fragor/<int:question_id>/", prepare.change_question, name="change_question"),
    # a round
    path("samrad/<int:round_id>/", rounds.round_page, name="round"),
    path("samrad/<int:round_id>/svarslage/", board.coverage, name="coverage"),
    path("samrad/<int:round_id>/svarslage/nu/", board.coverage_now, name="coverage_now"),
    path("samrad/<int:round_id>/paminn/", board.remind, name="remind"),
    path("samrad/<int:round_id>/anstand/", more_time.extensions, name="extensions"),
    path("samrad/<int:round_id>/anstand/ge/", more_time.give, name="give_time"),
    path("anstand/<int:extension_id>/", more_time.decide, name="decide_extension"),
    path("samrad/<int:round_id>/anstand/<int:actor_id>/", more_time.ask, name="ask_for_time"),
    path("samrad/<int:round_id>/stang/", rounds.close, name="close"),
    path("samrad/<int:round_id>/avsluta/", rounds.settle, name="settle"),
    # the region enters an answer for somebody
    path("samrad/<int:round_id>/for-in/", behalf.enter, name="enter"),
    path("svar/<int:response_id>/registrera/", behalf.register, name="register_entered"),
    path("svar/<int:response_id>/ta-bort-infort/", behalf.drop, name="drop_entered"),
    path("svar/<int:response_id>/ta-over/", behalf.take_over, name="take_over"),
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
    # answers as files
    *intake.urlpatterns,
    *reviewing.urlpatterns,
]
