"""Addresses of the actors app."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from actors.views import account, links, mailbox, notices, organisations, signin

app_name = "actors"

urlpatterns = [
    # signing in
    path("logga-in/", signin.SignIn.as_view(), name="login"),
    path("logga-ut/", LogoutView.as_view(), name="logout"),
    path("losenord/glomt/", signin.Forgotten.as_view(), name="password_forgotten"),
    path("losenord/skickat/", signin.password_sent, name="password_sent"),
    path("losenord/valj/<uidb64>/<token>/", signin.ChoosePassword.as_view(), name="password_choose"),
    path("valkommen/<str:token>/", links.welcome, name="welcome"),
    # one's own
    path("konto/", account.account, name="account"),
    path("konto/losenord/", account.password, name="password"),
    path("notiser/", notices.notices, name="notifications"),
    path("notiser/lasta/", notices.read_all, name="read_all_notices"),
    path("notiser/<int:notice_id>/", notices.open_notice, name="open_notice"),
    # organisations and their people
    path("aktorer/", organisations.actor_list, name="list"),
    path("aktorer/<int:actor_id>/", organisations.actor_page, name="actor"),
    path("aktorer/<int:actor_id>/bjud-in/", organisations.invite, name="invite"),
    path("roller/<int:membership_id>/avsluta/", organisations.end, name="end_role"),
    path("roller/<int:membership_id>/bjud-in-igen/", organisations.welcome_again, name="welcome_again"),
    # demo
    path("postlada/", mailbox.mailbox, name="mailbox"),
    path("postlada/<str:key>/", mailbox.letter, name="letter"),
]
