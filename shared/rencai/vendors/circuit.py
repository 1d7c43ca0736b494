"""A circuit per vendor: who fails over and over is left alone for a while, by every function of the tenant.

Closed, calls go through. After ``THRESHOLD`` failures in a row, whoever saw them, it opens: for 30 s calls fail at
once, without being made. Then one caller, who wins a conditional write, tries (half-open) while the others still see it
open: success closes it, failure opens it for twice as long, up to 5 minutes.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from rencai.kernel.errors import LostRace, VendorUnavailable
from rencai.platform.observability import described

from .circuits import CircuitState

THRESHOLD: Final = 5
"""Failures in a row that open a circuit."""
FIRST_OPEN: Final = timedelta(seconds=30)
LONGEST_OPEN: Final = timedelta(minutes=5)
PROBE: Final = timedelta(seconds=30)
"""How long the one who tries may take before another may; longer than a call with its token and its second try."""
CACHED_FOR: Final = timedelta(seconds=10)
"""What others did to a circuit is seen within this time; a container reads no more often."""


class Circuit(Protocol):
    """What a client asks before a call, and tells after it."""

    def admit(self) -> None:
        """May the vendor be called now? Raises ``VendorUnavailable`` when not."""

    def succeeded(self) -> None:
        """The vendor was there, even if it refused."""

    def failed(self) -> None:
        """The vendor was not there, or spoke nonsense."""


class Circuits(Protocol):
    """Where the circuits of a tenant are kept: in its table (``circuits``), but for tests."""

    def get(self, vendor: str) -> CircuitState:
        """The circuit as it was at most a moment ago."""

    def count_failure(self, vendor: str) -> CircuitState:
        """One more failure."""

    def open(self, vendor: str, seen: CircuitState, until: datetime, now: datetime) -> CircuitState:
        """Open or reopen; raises ``LostRace`` when it is not as ``seen`` any more."""

    def claim_probe(self, vendor: str, seen: CircuitState, until: datetime, now: datetime) -> CircuitState:
        """Become the one who tries; raises ``LostRace`` when another is."""

    def close(self, vendor: str, seen: CircuitState) -> CircuitState:
        """Close, or forget failures; raises ``LostRace`` when it is not as ``seen`` any more."""


class Unguarded:
    """A circuit that never opens: for calls that are part of a guarded one, such as fetching its token."""

    def admit(self) -> None:
        """Always."""

    def succeeded(self) -> None:
        """Not kept."""

    def failed(self) -> None:
        """Not kept."""


class SharedCircuit:
    """One vendor's circuit, kept for all functions in the table.

    While all is well nothing is written, and one read is made in ``CACHED_FOR``. Trouble with the circuit itself (the
    table throttles, say) is logged and never keeps a call from being made.
    """

    def __init__(
        self, vendor: str, circuits: Circuits, clock: Callable[[], datetime], log: Callable[..., None]
    ) -> None:
        self._vendor = vendor
        self._circuits = circuits
        self._clock = clock
        self._log = log
        self._state = CircuitState()
        self._read_at: datetime | None = None
        self._probing = False

    def admit(self) -> None:
        """Raises ``VendorUnavailable`` with the seconds to wait while the circuit is open."""
        now = self._clock()
        self._probing = False
        state = self._known(now)
        if state.open_until is None:
            return
        if now < state.open_until:
            raise self._refusal(state.open_until - now)
        if state.probe_until is not None and now < state.probe_until:
            raise self._refusal(state.probe_until - now)
        try:
            self._keep(self._circuits.claim_probe(self._vendor, state, now + PROBE, now), now)
        except LostRace:
            # Another one tries at this moment; what came of it is to be read next time.
            self._read_at = None
            raise self._refusal(CACHED_FOR) from None
        except Exception as error:  # noqa: BLE001 - not knowing who tries, we do: the call may well succeed
            self._trouble(error)
        else:
            self._probing = True

    def succeeded(self) -> None:
        """Close the circuit after a try; otherwise forget the failures there were, if any."""
        if self._probing or (self._state.failures and self._state.open_until is None):
            self._change(lambda: self._circuits.close(self._vendor, self._state))
        self._probing = False

    def failed(self) -> None:
        """Count a failure; the one that reaches the threshold opens the circuit, and one after a try reopens it."""
        now = self._clock()
        if self._probing:
            self._open(now)
        elif self._state.open_until is None:
            self._change(lambda: self._circuits.count_failure(self._vendor))
            if self._state.failures >= THRESHOLD and self._state.open_until is None:
                self._open(now)
        self._probing = False

    def _open(self, now: datetime) -> None:
        until = now + open_for(self._state.openings + 1)
        self._change(lambda: self._circuits.open(self._vendor, self._state, until, now))

    def _change(self, write: Callable[[], CircuitState]) -> None:
        try:
            self._keep(write(), self._clock())
        except LostRace:
            # Somebody else has moved it on, knowing no less than we do.
            self._read_at = None
        except Exception as error:  # noqa: BLE001 - the call has been made; its outcome stands, whatever became of this
            self._trouble(error)

    def _known(self, now: datetime) -> CircuitState:
        if self._read_at is None or now - self._read_at >= CACHED_FOR:
            try:
                self._keep(self._circuits.get(self._vendor), now)
            except Exception as error:  # noqa: BLE001 - what is not known to be open is closed
                self._trouble(error)
                self._keep(CircuitState(), now)
        return self._state

    def _keep(self, state: CircuitState, now: datetime) -> None:
        self._state, self._read_at = state, now

    def _refusal(self, wait: timedelta) -> VendorUnavailable:
        return VendorUnavailable(
            self._vendor, "circuit open", retry_after_seconds=max(1, math.ceil(wait.total_seconds()))
        )

    def _trouble(self, error: Exception) -> None:
        self._log("circuit not kept", extra={"vendor": self._vendor, "reason": described(error)})


def open_for(openings: int) -> timedelta:
    """How long a circuit stays open at its ``openings``-th opening in a row (1 is the first).

    >>> [int(open_for(openings).total_seconds()) for openings in (1, 2, 3, 4, 5, 40)]
    [30, 60, 120, 240, 300, 300]
    """
    return min(LONGEST_OPEN, FIRST_OPEN * (1 << min(openings - 1, 16)))
