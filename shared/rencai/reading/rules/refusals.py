"""What is refused of marks."""

from rencai.kernel.errors import Refusal


class ReadingRefusal(Refusal):
    """What is refused of marks."""

    UNKNOWN_CLAIM = (
        "unknown_claim",
        "没有主张“{claim}”;词典中有:{known}",
        "There is no claim '{claim}'; the lexicon has: {known}",
    )
