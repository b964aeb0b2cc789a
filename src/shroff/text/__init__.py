"""What does this ad really say? Views of a text that see through disguise, with the way back."""
