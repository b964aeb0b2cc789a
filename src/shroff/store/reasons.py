"""Why a row is refused."""

from __future__ import annotations

from enum import StrEnum

from shroff.domain.messages import Message

__all__ = ["Reason"]


class Reason(StrEnum):
    """Code kept with each row in quarantine."""

    MISSING = "missing"
    BAD_TYPE = "bad_type"
    BAD_TIME = "bad_time"
    UNKNOWN_VALUE = "unknown_value"
    OUT_OF_RANGE = "out_of_range"
    WRONG_FIELDS = "wrong_fields"
    UNBALANCED_QUOTE = "unbalanced_quote"
    BAD_ENCODING = "bad_encoding"
    NUL_BYTE = "nul_byte"
    LINE_TOO_LONG = "line_too_long"
    BAD_JSON = "bad_json"
    CUT_OFF = "cut_off"
    DUPLICATE_HEADER = "duplicate_header"
    MISSING_COLUMN = "missing_column"
    EMPTY_FILE = "empty_file"
    UNREADABLE = "unreadable"

    @property
    def message(self) -> Message:
        """The reason in words."""
        return Message(f"ingest.reason_{self.value}")
