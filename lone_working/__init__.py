"""Somebody alone: when they are expected back, who is told when they are not, and who says all is well."""
