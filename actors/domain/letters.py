"""Letters about a person's own account."""

import hashlib

from django.conf import settings
from django.utils.translation import gettext as _

from actors.domain.mail import queue_mail
from actors.models import User
from rus_platform.kit import brakes
from rus_platform.kit.wording import own_language

MOST_PASSWORD_LETTERS = 3  # per person and hour


@own_language()
def send_password_letter(*, user: User, uid: str, token: str) -> bool:
    """The letter with a link to choose a new password; False when the person has just got several."""
    counter = f"password-letters:{user.pk}"
    if brakes.count(counter, 3600) > MOST_PASSWORD_LETTERS:
        return False
    queue_mail(
        to=user.email,
        subject=_("Välj ett nytt lösenord"),
        template="actors/password",
        context={
            "person": user, "link": f"{settings.SITE_URL}/losenord/valj/{uid}/{token}/",
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        },
        key=f"password:{user.pk}:{hashlib.sha256(token.encode()).hexdigest()[:32]}",
    )  # fmt: skip
    return True
