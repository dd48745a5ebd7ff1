"""Somebody is out alone: from before they go in until they are out."""
