"""What to change, what it would do, how sure that is, and whether it worked."""
