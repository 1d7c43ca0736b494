"""A mentor's rating, and what the reader made of the words, as they are shown."""

from rencai.training.rules.ratings import Rating, ReadWith, WordsRead

from .views import RatingView, ReaderView, ReadingView


def shown_rating(rating: Rating | None) -> RatingView | None:
    """What counts of a mentor's review."""
    if rating is None:
        return None
    return RatingView(
        score=rating.score,
        by=rating.by,
        level=rating.level,
        rule=rating.rule,
        certainty=rating.certainty,
        reader=_reader(rating.reader) if rating.reader else None,
    )


def shown_reading(read: WordsRead | None, words: str | None) -> ReadingView | None:
    """What was read, with its phrase cut out of ``words``, where these are there."""
    if read is None:
        return None
    return ReadingView(
        level=read.level,
        certainty=read.certainty,
        sure=read.sure,
        phrase=words[read.start : read.end] if words is not None else None,
        start=read.start,
        end=read.end,
        by=read.by,
        reader=_reader(read.reader),
    )


def _reader(version: ReadWith) -> ReaderView:
    lexicon, classifier, words, model = version
    return ReaderView(lexicon=lexicon, classifier=classifier, words=words, model=model)
