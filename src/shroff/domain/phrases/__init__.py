"""The sentences of each room, English and Chinese side by side."""
