"""An authority that has nothing to do with us: signs a request for a certificate.

authority.py certify REQUEST   prints the certificate, that of the authority between and that of the root, PEM; their keys are on P-384 and P-256
"""
import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def certify(request):
    request = x509.load_pem_x509_csr(Path(request).read_bytes())
    assert request.is_signature_valid
    now = datetime.datetime.now(datetime.timezone.utc)
    root, between = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    names = [
        x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Chamber of Tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ])
        for common in ("Root", "Issuing")
    ]

    def usage(signs, certifies):
        others = dict.fromkeys(["content_commitment", "key_encipherment", "data_encipherment", "key_agreement"], False)
        others |= dict.fromkeys(["encipher_only", "decipher_only"], False)
        return x509.KeyUsage(digital_signature=signs, key_cert_sign=certifies, crl_sign=certifies, **others)

    def made(subject, public_key, by, is_authority):
        name, key = by
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public_key)
        made = made.serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=365))
        made = made.add_extension(x509.BasicConstraints(is_authority, None), True)
        made = made.add_extension(usage(not is_authority, is_authority), True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
        made = made.add_extension(authority, False)
        if not is_authority:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
        return made.sign(key, hashes.SHA256())

    above, middle = (names[0], root), (names[1], between)
    for one in (
        made(request.subject, request.public_key(), middle, False),
        made(names[1], between.public_key(), above, True),
        made(names[0], root.public_key(), above, True),
    ):
        print(one.public_bytes(serialization.Encoding.PEM).decode(), end="")


if __name__ == "__main__":
    {"certify": certify}[sys.argv[1]](*sys.argv[2:])
