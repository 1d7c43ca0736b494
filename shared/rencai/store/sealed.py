"""National ids, pay and findings: encrypted under the tenant's KMS key before they reach the table.

The values are small (KMS takes 4,096 bytes), so KMS encrypts them itself: no data keys, no crypto library in the
layer, and every opening is in CloudTrail with whose data it was, from the encryption context.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

MAX_BYTES: Final = 4096


class Vault:
    """Seals and opens short texts. ``owner`` (a candidate's or delivery's id) and ``field`` are bound to the
    ciphertext: what was sealed for one person does not open for another.
    """

    def __init__(self, client: "KMSClient", key_id: str, tenant_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._tenant_id = tenant_id

    def seal(self, plain: str, *, owner: str, field: str) -> bytes:
        """Encrypt ``plain`` (at most 4,096 bytes of UTF-8)."""
        return self._client.encrypt(
            KeyId=self._key_id, Plaintext=plain.encode(), EncryptionContext=self._context(owner, field)
        )["CiphertextBlob"]

    def open(self, sealed: bytes, *, owner: str, field: str) -> str:
        """Decrypt what ``seal`` made for the same owner and field."""
        return self._client.decrypt(
            KeyId=self._key_id, CiphertextBlob=sealed, EncryptionContext=self._context(owner, field)
        )["Plaintext"].decode()

    def _context(self, owner: str, field: str) -> dict[str, str]:
        return {"tenant": self._tenant_id, "owner": owner, "field": field}
