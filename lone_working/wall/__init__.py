"""Who is out, for those who look out for them."""
