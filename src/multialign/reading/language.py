"""Language: only English is read, and another language is named in the error."""

from __future__ import annotations

import re

from multialign.errors import InputError
from multialign.reading.tables import words

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay",
    "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "nn": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_FUNCTION_WORDS = words("language.function_words")
_SAMPLE = 20_000
_SHORT_WORDS = 40
_SURE = 10.0  # log-probability by which a short text must look foreign ...
_HEADLINE, _SURER = 6, 30.0  # ... and one of fewer than six words, mostly names


def english_share(text: str) -> float:
    """Share of the words of `text` that are common English function words (0 to 1)."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(w in _FUNCTION_WORDS for w in words) / len(words) if words else 0.0


def detect(text: str) -> str:
    """Two-letter code of the language of `text`.

    An identifier trained on long texts errs on short ones, full of foreign names, so a text in which a fifth of the
    words (a tenth, in texts under 40 words) are English function words is English whatever it says.
    """
    sample = text[:_SAMPLE]
    n_words = len(sample.split())
    if english_share(sample) >= (0.1 if n_words < _SHORT_WORDS else 0.2):
        return "en"
    from py3langid import rank

    scores = {str(code): float(score) for code, score in rank(sample)}
    code = max(scores, key=lambda c: scores[c])
    if (
        n_words < _SHORT_WORDS
        and sample.isascii()
        and scores[code] - scores["en"] < (_SURER if n_words < _HEADLINE else _SURE)
    ):
        return "en"
    return code


def require_english(text: str, *, file: object = None) -> str:
    """``"en"``, or an InputError that names the language found."""
    code = detect(text)
    if code != "en":
        name = _NAMES.get(code, f"the language '{code}'")
        raise InputError(
            f"the text is in {name}; only English is read",
            hint="give an English text or a translation",
            file=str(file) if file is not None else None,
        )
    return code
