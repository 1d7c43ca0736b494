"""The ids of the tests' tenant: made as everywhere, under a secret that every test knows."""

from typing import Final

from rencai.kernel.ids import Ids

ID_SECRET: Final = "the secret that ids are made under in tests"
IDS: Final = Ids(ID_SECRET.encode)
