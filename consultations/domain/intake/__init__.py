"""Answers on paper, in Word, by e-mail: read by a worker, confirmed by a person, taken into a response."""
