"""How old must one be to read what a client reads? reading_age.py ROOT

Flesch-Kincaid grade for English, Wiener Sachtextformel 1 for German (both in school years); age is grade + 5.
Texts shorter than five words are left out. For every set: how many texts, the age of all of them together, and the hardest.
"""
import json
import sys
import tomllib
from pathlib import Path

import textstat

AIM_YEARS = 12
WORDS_MIN = 5


def toml(path):
    return tomllib.loads((ROOT / "sources" / path).read_text(encoding="utf-8"))


def texts(value, language, spoken="en"):
    """Every text in a language below a value; what stands below `language` is spoken in that one."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item, language, spoken)
    if isinstance(value, dict):
        spoken = value.get("language", spoken)
        for key, item in value.items():
            if isinstance(item, str):
                if key == language or spoken == language and key in ("text", "title", "intro"):
                    yield item
            elif key == "alternatives" and spoken == language:
                yield from item
            else:
                yield from texts(item, language, spoken)


def strings(value):
    """Every text below a value."""
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, str):
            yield item
        elif isinstance(item, (dict, list)):
            yield from strings(item)


def sets():
    for language in ("en", "de"):
        yield "aftercare", language, list(texts(toml("care/aftercare.toml"), language))
        yield "consents", language, list(texts(toml("consent/consents.toml"), language))
        yield "check-ins", language, list(texts(toml("care/check_ins.toml"), language))
        yield "letters", language, list(texts(toml("care/mails.toml"), language))
        messages = json.loads((ROOT / f"doors/web/src/messages/{language}.json").read_text(encoding="utf-8"))
        yield "client's pages", language, [text for key, text in messages.items() if key.startswith(("guest", "question.", "questions.own_words", "sun_hours", "often"))]
        yield "public pages", language, list(strings(toml("publish/texts.toml")[language]))
    yield "rules", "en", list(texts(toml("rules/rules.toml"), "en"))
    rules = json.loads((ROOT / "doors/web/src/messages/rules.de.json").read_text(encoding="utf-8"))
    yield "rules", "de", list(rules.values())


def age(text, language):
    textstat.set_lang(language)
    grade = textstat.wiener_sachtextformel(text, 1) if language == "de" else textstat.flesch_kincaid_grade(text)
    return grade + 5


def main():
    for name, language, found in sets():
        found = [text for text in found if len(text.split()) >= WORDS_MIN]
        ages = sorted(((age(text, language), text) for text in found), reverse=True)
        above = sum(years > AIM_YEARS for years, _ in ages)
        print(f"{name}, {language}: {len(found)} texts, together {age(' '.join(found), language):.1f} years, {above} above {AIM_YEARS}")
        for years, text in ages[:2]:
            print(f"    {years:.1f}: {text[:110]}")


ROOT = Path(sys.argv[1])
main()
