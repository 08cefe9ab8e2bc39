"""A name typed in one line, read as surname, given name and patronymic, letters kept as they were typed."""

from safar.linkage import Name, split_name
from safar.linkage.names import is_particle, plain_words

PARTS = ("surname", "given_name", "patronymic")


def read_line(text: str) -> Name:
    """Раҳимов Ҷамшед Каримович into its parts; уулу and кызы stay with the word that they belong to."""
    parts = split_name(text)
    wanted = {part: plain_words(getattr(parts, part)) for part in PARTS}
    read: dict[str, list[str]] = {part: [] for part in PARTS}
    last = "surname"
    for word in text.split():
        plain = "".join(plain_words(word))
        if plain and not is_particle(plain):
            last = next((part for part in PARTS if plain in wanted[part]), last)
            if plain in wanted[last]:
                wanted[last].remove(plain)
        read[last].append(word)
    return Name(*(" ".join(read[part]) for part in PARTS))
