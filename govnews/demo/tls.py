"""https for the embedded portal: a certificate made when it is served, good or bad, and old TLS."""

from __future__ import annotations

import ssl
import tempfile
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

_OLD_CIPHERS = "ALL:@SECLEVEL=0"


@dataclass(frozen=True, slots=True)
class Tls:
    """How a portal serves https: with a certificate of its own making, for `host`, that begins to
    be good `since` so many days ago and lasts for ninety; `old` is TLS 1.0 and nothing else.

    Who holds the certificate for that of an authority takes it for good.
    """

    host: str = "127.0.0.1"
    since: int = 1
    old: bool = False


def secured(tls: Tls) -> tuple[ssl.SSLContext, bytes]:
    """The settings of a server, and its certificate as PEM."""
    certificate, key = _made(tls)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if tls.old:
        context.set_ciphers(_OLD_CIPHERS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # the module reads files alone
        Path(file.name).write_bytes(certificate + key)
        context.load_cert_chain(file.name)
    return context, certificate


def _made(tls: Tls) -> tuple[bytes, bytes]:
    from cryptography import x509  # noqa: PLC0415  it comes with Scrapy, and takes a while
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Quận Mẫu")])
    is_number = tls.host.replace(".", "").isdecimal()
    host = x509.IPAddress(IPv4Address(tls.host)) if is_number else x509.DNSName(tls.host)
    begin = datetime.now(UTC) - timedelta(days=tls.since)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    return (
        certificate.public_bytes(pem),
        key.private_bytes(pem, private, serialization.NoEncryption()),
    )
