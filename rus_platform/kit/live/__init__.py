"""What every live session has in common: a doorbell, presence, limits. What is written never travels this way."""
