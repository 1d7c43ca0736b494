"""Sentences by which HR says what a rule means, as a document has them. Apart from what is done with them: who reads a
document need hold nothing against them.
"""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

FEWEST_EXAMPLES: Final = 3
Sentence = Annotated[str, StringConstraints(min_length=4, max_length=300, strip_whitespace=True)]
Sentences = Annotated[tuple[Sentence, ...], Field(max_length=30)]
