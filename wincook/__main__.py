"""`python -m wincook` is the command `wincook`."""

from wincook.cli.main import main

main()
