"""The first person of a region, on a new installation."""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from actors.domain.first_officer import make_first_officer
from actors.domain.letters import send_password_letter
from rus_platform.kit.errors import DomainError


class Command(BaseCommand):
    """Administrator and process leader of a county's region; the address gets a letter with a link to choose a password."""

    help = "Make somebody the first officer of a region: create_first_officer 17 karin.berg@region.se 'Karin Berg'"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("county", help="the county's code, two digits (17 is Värmland)")
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument(
            "--show-link", action="store_true", help="print the link too, when no mail server works yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            roles = make_first_officer(county_code=options["county"], email=options["email"], name=options["name"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        user, region = roles[0].user, roles[0].actor
        uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
        send_password_letter(user=user, uid=uid, token=token)
        self.stdout.write(f"{user.name} <{user.email}> is administrator and process leader of {region}.")
        self.stdout.write("A letter with a link to choose a password is on its way.")
        if options["show_link"]:
            self.stdout.write(f"{settings.SITE_URL}/losenord/valj/{uid}/{token}/")
