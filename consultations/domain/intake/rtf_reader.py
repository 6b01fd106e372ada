"""The words of an RTF file, with limits: ``python -m consultations.domain.intake.rtf_reader < file.rtf``. Says {"text", "end"}."""

import sys

from consultations.domain.intake.confined import confine, say


def main() -> None:
    confine(memory=1_000_000_000, seconds=60)
    from striprtf.striprtf import rtf_to_text  # after the limits: they hold for the library too

    source = sys.stdin.buffer.read().decode("latin-1")
    say(text=rtf_to_text(source, errors="replace"), end=True)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        say(error="memory")
    except Exception:  # whatever a broken file leads the library to
        say(error="damaged")
