"""Which words break policy? Rules: written, checked, matched, tried on history."""
