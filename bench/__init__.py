"""Measurements anyone can run: `make bench`, or `python -m bench writes pages` for some of them."""
