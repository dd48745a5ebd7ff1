"""What opens when nobody was heard of, climbs, and is closed by a person."""
