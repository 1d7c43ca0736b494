"""``admin interviews``: what an administrator asks about interviews on record."""

from collections.abc import Iterator

from rencai.interviews.recomputing import Recomputed, Recomputing
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.scorers import Scorers
from rencai.interviews.store.interviews import Interviews
from rencai.reading.readers import Readers
from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket
from rencai.store.table import Table


def recomputing(table: Table, bucket: Bucket, configurations: Configurations) -> Recomputing:
    """The use case. A profile says by which policy it was made; the tenant's present one does not matter."""
    scorers = Scorers(configurations, FacialPolicy.USE, Readers(configurations))
    return Recomputing(Interviews(table), bucket, scorers)


def said(found: Recomputed) -> Iterator[str]:
    """What recomputing came to, line by line; no word of what was said in the interview."""
    stored = found.stored
    reader = stored.reader
    read = (
        f"lexicon {reader.lexicon}, classifier {reader.classifier}, scope words {reader.words}"
        if reader
        else "none"
    )
    yield f"{stored.role}: model version {stored.model_version}, reader: {read}"
    if reader and reader.model:
        yield f"{reader.model} helped that reader; it was not asked again, and what it settled is unsure below"
    yield "comes out the same" if found.is_the_same else "comes out otherwise"
    yield from (f"  {line}" for line in found.differences())
