"""Who we are to a vendor: headers, and tokens that end."""

from datetime import timedelta

import pytest

from rencai.kernel.errors import VendorUnavailable
from rencai.vendors.auth import CachedToken, Token, basic, bearer, nobody
from tests.vendors.loopback import Clock


def test_headers() -> None:
    assert nobody() == {}
    assert bearer(lambda: "t")() == {"Authorization": "Bearer t"}
    # RFC 7617's examples, the second of which is UTF-8.
    assert basic(lambda: "Aladdin:open sesame")() == {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}
    assert basic(lambda: "test:123£")() == {"Authorization": "Basic dGVzdDoxMjPCow=="}


class Issuer:
    """Issues tokens that are valid for an hour."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.issued = 0
        self.down = False

    def __call__(self) -> Token:
        if self.down:
            raise VendorUnavailable("vendor", "answered 503")
        self.issued += 1
        return Token(f"token-{self.issued}", self.clock() + timedelta(hours=1))


def test_a_token_is_fetched_when_needed_and_again_a_minute_before_it_ends(clock: Clock) -> None:
    issuer = Issuer(clock)
    token = CachedToken(issuer, clock)
    assert issuer.issued == 0
    assert [token(), token()] == ["token-1", "token-1"]
    clock.wait(3539)
    assert token() == "token-1"
    clock.wait(1)
    assert token() == "token-2"


def test_a_dropped_token_is_not_used_again(clock: Clock) -> None:
    token = CachedToken(Issuer(clock), clock)
    token()
    token.drop()
    assert token() == "token-2"


def test_a_token_that_could_not_be_renewed_is_asked_for_again(clock: Clock) -> None:
    issuer = Issuer(clock)
    token = CachedToken(issuer, clock)
    token()
    clock.wait(3600)
    issuer.down = True
    with pytest.raises(VendorUnavailable):
        token()
    issuer.down = False
    assert token() == "token-2"
