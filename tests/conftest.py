"""What all tests share: how many examples a property gets."""

from __future__ import annotations

from hypothesis import settings

# no deadline: a slow example on a busy machine is not a fault
settings.register_profile("usual", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("usual")
