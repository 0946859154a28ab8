"""Language: only English is read, and another language is named in the error."""

from __future__ import annotations

import re

from multialign.errors import InputError
from multialign.reading.tables import words

_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "az": "Azerbaijani", "be": "Belarusian", "bs": "Bosnian", "ca": "Catalan",
    "eu": "Basque", "gl": "Galician", "gu": "Gujarati", "hy": "Armenian", "is": "Icelandic", "ka": "Georgian",
    "km": "Khmer", "kn": "Kannada", "ky": "Kyrgyz", "lo": "Lao", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ne": "Nepali", "pa": "Punjabi", "ps": "Pashto", "si": "Sinhala",
    "sq": "Albanian", "te": "Telugu",
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
_SHARED = frozenset(
    {"a", "an", "as", "at", "de", "do", "el", "en", "he", "her", "hit", "i", "in", "is", "it", "me", "no", "of", "on",
     "or", "so", "to", "was", "we", "will"}
)  # fmt: skip
"""Function words that other languages have too: alone they show nothing in a short text."""
_SAMPLE, _GLANCE = 20_000, 1_500
"""Characters looked at; where the first few leave no doubt, they alone."""
_SHORT_WORDS = 40
_SURE = 10.0  # log-probability by which a short text must look foreign ...
_SURER = 30.0  # ... and one that is all but names, has an English genitive, or is in a script without small letters
_POSSESSIVE = re.compile(r"\b[A-Z][a-z]+['’]s\b")
_LOANS = re.compile(
    r"coups? d['’]états?|communiqués?|chargés? d['’]affaires|attachés?|détente|protégés?|émigrés?|façades?|naïve"
)


def english_share(text: str) -> float:
    """Share of the words of `text` that are common English function words (0 to 1)."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(w in _FUNCTION_WORDS for w in words) / len(words) if words else 0.0


def detect(text: str) -> str:
    """Two-letter code of the language of `text`.

    An identifier trained on long texts errs on short ones, full of foreign names, and finds languages that hardly
    anybody writes announcements in. So only those in `_NAMES` are thought of, and a text in which a fifth of the
    words (a tenth, in texts under 40 words) are English function words is English whatever it says. Of other short
    texts, names and loanwords are left out, and what remains must look foreign for sure.
    """
    if len(text) > _GLANCE and english_share(text[:_GLANCE]) >= 0.2:
        return "en"
    sample = text[:_SAMPLE]
    short = len(sample.split()) < _SHORT_WORDS
    if english_share(sample) >= (0.1 if short else 0.2) and (
        not short or set(re.findall(r"[a-z]+", sample.lower())) & _FUNCTION_WORDS - _SHARED
    ):
        return "en"
    sure = 0.0
    if short:
        words = [w for w in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", _LOANS.sub("", sample)) if w[0].islower()]
        little = sum(len(w) > 2 for w in words) < 2 or _POSSESSIVE.search(sample) is not None
        sample, sure = (" ".join(words) or sample, _SURER if little or not words else _SURE)
    from py3langid import rank

    scores = {str(code): float(score) for code, score in rank(sample) if code == "en" or code in _NAMES}
    code = max(scores, key=lambda c: scores[c])
    return code if scores[code] - scores["en"] > sure else "en"


def require_english(text: str, *, file: object = None) -> str:
    """``"en"``, or an InputError that names the language found."""
    code = detect(text)
    if code != "en":
        raise InputError(
            f"the text is in {_NAMES[code]}; only English is read",
            hint="give an English text or a translation",
            file=str(file) if file is not None else None,
        )
    return code
