"""Words that wait for a language: sentences, names, and what users wrote themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from shroff.domain.messages import Language, Value, say

__all__ = ["Bilingual", "Listed", "Plain", "Quote", "Sayable", "Sentence", "Sentences"]


@runtime_checkable
class Sayable(Protocol):
    """Anything that can be said in a language; a `Message` is one."""

    def text(self, language: Language = Language.EN) -> str:
        """Say it."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """Text that is the same in every language: a slice value, a table name, a date.

    Parameters
    ----------
    words : str
        The text, never trusted: renderers escape it.
    """

    words: str

    def text(self, language: Language = Language.EN) -> str:  # noqa: ARG002 - part of the protocol
        """Say it, the same in every language."""
        return self.words


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an ad, or with words of an ad in them: they may offend who reads them all day.

    Parameters
    ----------
    said : Sayable
        The words.
    words : str
        Those of the ad, where the rest is ours; "" where all of it is the ad's.
    """

    said: Sayable
    words: str = ""

    def text(self, language: Language = Language.EN) -> str:
        """Say them."""
        return self.said.text(language)

    def whole(self, language: Language = Language.EN) -> str:
        """Say all of them, where they are shortened."""
        told: Callable[[Language], str] = getattr(self.said, "whole", self.said.text)
        return told(language)


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A name that brings both languages along, such as a metric's or a policy's.

    Parameters
    ----------
    en, zh : str
        The name in English and in Chinese.
    """

    en: str
    zh: str

    def text(self, language: Language = Language.EN) -> str:
        """Say it."""
        return self.en if language is Language.EN else self.zh


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase whose slots may themselves wait for a language.

    Parameters
    ----------
    id : str
        Key in the phrasebook.
    params : mapping
        Values of the slots: numbers, text, or anything sayable.
    """

    id: str
    params: Mapping[str, Value | Sayable] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, language: Language = Language.EN) -> str:
        """Say it."""
        return say(
            self.id,
            language,
            {
                name: value.text(language) if isinstance(value, Sayable) else value
                for name, value in self.params.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things in a row: ``a, b`` in English, ``a、b`` in Chinese.

    Parameters
    ----------
    items : tuple of Sayable
        The things.
    """

    items: tuple[Sayable, ...]

    def text(self, language: Language = Language.EN) -> str:
        """Say them all."""
        comma = ", " if language is Language.EN else "、"
        return comma.join(item.text(language) for item in self.items)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences one after the other, each with its own full stop.

    Parameters
    ----------
    items : tuple of Sayable
        The sentences.
    """

    items: tuple[Sayable, ...]

    def text(self, language: Language = Language.EN) -> str:
        """Say them all."""
        space = " " if language is Language.EN else ""
        return space.join(item.text(language) for item in self.items)
