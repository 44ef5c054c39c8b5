"""The languages a service or a person may be said to speak: ISO 639 codes and their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SPOKEN = ("en", "cy")
"""Those in which the phone line speaks by itself: each has its file of prompts."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "cy": "Welsh",
        "bfi": "British Sign Language",
        "am": "Amharic",
        "ar": "Arabic",
        "bg": "Bulgarian",
        "bn": "Bengali",
        "ckb": "Kurdish (Sorani)",
        "cs": "Czech",
        "de": "German",
        "el": "Greek",
        "es": "Spanish",
        "fa": "Persian",
        "fil": "Filipino",
        "fr": "French",
        "ga": "Irish",
        "gd": "Scottish Gaelic",
        "gu": "Gujarati",
        "he": "Hebrew",
        "hi": "Hindi",
        "hu": "Hungarian",
        "it": "Italian",
        "ja": "Japanese",
        "kmr": "Kurdish (Kurmanji)",
        "ko": "Korean",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "ml": "Malayalam",
        "ne": "Nepali",
        "nl": "Dutch",
        "pa": "Panjabi",
        "pl": "Polish",
        "ps": "Pashto",
        "pt": "Portuguese",
        "ro": "Romanian",
        "rom": "Romani",
        "ru": "Russian",
        "si": "Sinhala",
        "sk": "Slovak",
        "so": "Somali",
        "sq": "Albanian",
        "sw": "Swahili",
        "ta": "Tamil",
        "te": "Telugu",
        "th": "Thai",
        "ti": "Tigrinya",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "yi": "Yiddish",
        "yo": "Yoruba",
        "yue": "Cantonese",
        "zh": "Chinese (Mandarin)",
    }
)
