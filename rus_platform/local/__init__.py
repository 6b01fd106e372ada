"""The local stack: everything `./run`, `./test` and `./bench` need on a machine that has only Python."""
