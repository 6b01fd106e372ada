"""The local mailbox: an SMTP server that keeps every letter in a Maildir and sends none on.

`python -m rus_platform.local.mailbox PORT MAILDIR`. The demo's mailbox page reads the Maildir.
"""

import mailbox
import os
import signal
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class KeepLetters:
    """aiosmtpd handler: one file per letter, with the envelope's addresses as X- headers."""

    def __init__(self, folder: Path) -> None:
        os.umask(0o077)
        self.letters = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter = mailbox.MaildirMessage(envelope.original_content or b"")
        letter["X-MailFrom"] = envelope.mail_from or ""
        letter["X-RcptTo"] = ", ".join(envelope.rcpt_tos)
        key = self.letters.add(letter)
        print(f"{envelope.mail_from} -> {', '.join(envelope.rcpt_tos)} ({key})", flush=True)
        return "250 Kept in the local mailbox"


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    controller = Controller(KeepLetters(folder), hostname="127.0.0.1", port=port, data_size_limit=50 * 2**20)
    controller.start()
    print(f"keeping mail for 127.0.0.1:{port} in {folder}", flush=True)
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    main()
