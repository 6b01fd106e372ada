"""What is logged: everything that helps, and no personal links."""

import logging
import re

# The last part of these addresses lets whoever has it in; see actors.domain.links, the password letter and
# consultations.domain.taking_part.
SECRET = re.compile(r"(/(?:inbjudan|valkommen|delta|mote)/|/losenord/valj/[^/\s\"]{1,40}/)[^/\s\"'?#]+")


class WithoutSecrets(logging.Formatter):
    """Lines (and tracebacks) in which the token of a personal link is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return SECRET.sub(r"\1…", super().format(record))
