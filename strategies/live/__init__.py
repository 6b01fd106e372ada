"""Live sessions: a doorbell and presence. What is written never travels this way."""
