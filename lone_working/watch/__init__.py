"""That somebody looks, by a clock that can be believed."""
