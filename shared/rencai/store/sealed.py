"""National ids, pay and findings: encrypted under the tenant's KMS key before they reach the table.

The values are small - most fit the 4,096 bytes KMS takes at once, the rest go in pieces - so KMS encrypts them
itself: no data keys, no crypto library in the layer, and every opening is in CloudTrail with whose data it was, from
the encryption context.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

MAX_BYTES: Final = 4096
"""What KMS encrypts in one call."""

Sealed = list[bytes]
"""A sealed value: its ciphertexts, in order."""


class Vault:
    """Seals and opens short texts. ``owner`` (a candidate's or delivery's id) and ``field`` are bound to the
    ciphertext: what was sealed for one person does not open for another.
    """

    def __init__(self, client: "KMSClient", key_id: str, tenant_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._tenant_id = tenant_id

    def seal(self, plain: str, *, owner: str, field: str) -> Sealed:
        """Encrypt ``plain``, one call for each 4,096 bytes of it."""
        content, context = plain.encode(), self._context(owner, field)
        return [
            self._client.encrypt(
                KeyId=self._key_id, Plaintext=content[at : at + MAX_BYTES], EncryptionContext=context
            )["CiphertextBlob"]
            for at in range(0, len(content), MAX_BYTES)
        ]

    def open(self, sealed: Sealed, *, owner: str, field: str) -> str:
        """Decrypt what ``seal`` made for the same owner and field."""
        context = self._context(owner, field)
        pieces = [
            self._client.decrypt(KeyId=self._key_id, CiphertextBlob=piece, EncryptionContext=context)[
                "Plaintext"
            ]
            for piece in sealed
        ]
        return b"".join(pieces).decode()

    def _context(self, owner: str, field: str) -> dict[str, str]:
        return {"tenant": self._tenant_id, "owner": owner, "field": field}
