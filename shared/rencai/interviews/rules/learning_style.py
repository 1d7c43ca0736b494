"""How somebody learns best, as the interview vendor says it. It is apart from the contract, for training goes by it and
need not build the models of that.
"""

from typing import Literal

LearningStyle = Literal["visual", "auditory", "reading", "kinesthetic"]
