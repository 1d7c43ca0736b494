"""The vendor pool over TLS: the same one deadline, and nobody is believed without a certificate."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rencai.vendors.pool import VendorPool
from tests.vendors.loopback import Said, Stopwatch, Talk, Vendor, running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[Vendor]:
    """A vendor on loopback who speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running() as vendor:
        vendor.socket = context.wrap_socket(vendor.socket, server_side=True)
        yield vendor


def get(pool: VendorPool, vendor: Vendor, seconds: float = 10) -> bytes:
    url = f"https://localhost:{vendor.server_port}/things"
    answer = pool.request("GET", url, timeout=urllib3.Timeout(total=seconds), retries=False)
    return answer.data


@pytest.fixture
def believing(certificate: Path) -> Iterator[VendorPool]:
    with VendorPool() as pool:
        pool.connection_pool_kw["ca_certs"] = str(certificate)
        yield pool


def test_an_answer_over_tls_on_a_connection_that_is_used_again(secure: Vendor, believing: VendorPool) -> None:
    secure.says({"GET /things": [Said(b"one"), Said(b"two" * 100_000)]})
    assert [get(believing, secure), get(believing, secure)] == [b"one", b"two" * 100_000]


def test_a_byte_now_and_then_over_tls_does_not_hold_us(
    secure: Vendor, believing: VendorPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handshake needs a processor, and gets the time it takes: only what drips is counted."""
    stopwatch = Stopwatch()
    monkeypatch.setattr("rencai.vendors.pool.time", stopwatch)

    def drips(talk: Talk) -> None:
        talk.wfile.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
        while not secure.released.wait(0.005):
            stopwatch.go_on(1)
            talk.wfile.write(b"x")

    secure.answering = drips
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        get(believing, secure, seconds=20)
    assert stopwatch.monotonic() >= 20


def test_a_certificate_that_nobody_vouches_for_is_not_believed(secure: Vendor) -> None:
    with VendorPool() as pool, pytest.raises(urllib3.exceptions.SSLError):
        get(pool, secure)
    assert secure.asked == []
