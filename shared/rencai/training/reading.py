"""A mentor's words read by the tenant's reader. What only some reviews need, and costs a start, stands apart here."""

from collections.abc import Callable
from decimal import Decimal

from rencai.kernel.errors import NotFound
from rencai.platform.observability import logger
from rencai.reading.readers import Readers, Words
from rencai.reading.rules.levels import LevelReader
from rencai.training.rules.ratings import WordsRead


def read_with(readers: Readers, words: str) -> WordsRead | None:
    """What ``words`` come to; None: they rate nothing, or the tenant has no reader (yet), so that a person is asked."""
    try:
        reader = readers.mentors()
    except NotFound as error:
        logger.warning("no reader of mentors' words", extra={"missing": str(error)})
        return None
    return words_read(reader, words)


def meant_with(readers: Readers, words: str) -> Callable[[int], bool] | None:
    """Tells of a place in ``words`` whether what begins there is meant; None: the tenant has no reader (yet), so that
    rules go by their own ``unless``.
    """
    try:
        meant, _ = readers.meant(Words.MENTOR)
    except NotFound as error:
        logger.warning("no reader of mentors' words", extra={"missing": str(error)})
        return None
    return meant.within(words)


def words_read(reader: LevelReader, words: str) -> WordsRead | None:
    """What ``words`` come to by ``reader``; None: they rate nothing."""
    said = reader.read(words)
    if said is None:
        return None
    version = reader.version
    return WordsRead(
        said.level,
        Decimal(str(said.certainty)),
        said.sure,
        said.start,
        said.end,
        said.by,
        (version.lexicon, version.classifier, version.words, version.model),
    )
