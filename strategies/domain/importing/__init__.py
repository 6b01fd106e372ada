"""Documents from outside: looked through, read, shown, and taken in as sections."""
