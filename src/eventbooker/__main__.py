"""`python -m eventbooker`."""

from eventbooker.cli import main

main()
