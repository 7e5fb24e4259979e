"""An authority that has nothing to do with us: signs a request for a certificate.

authority.py certify REQUEST   prints the certificate and that of the authority, PEM; the authority's key is on P-256
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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Chamber of Tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())

    def certificate(subject, public_key, days):
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public_key)
        made = made.serial_number(x509.random_serial_number())
        return made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=days))

    def usage(signs, certifies):
        others = dict.fromkeys(["content_commitment", "key_encipherment", "data_encipherment", "key_agreement"], False)
        others |= dict.fromkeys(["encipher_only", "decipher_only"], False)
        return x509.KeyUsage(digital_signature=signs, key_cert_sign=certifies, crl_sign=certifies, **others)

    root = certificate(name, key.public_key(), 3650).add_extension(x509.BasicConstraints(True, None), True)
    root = root.add_extension(usage(False, True), True).add_extension(identifier, False)
    leaf = certificate(request.subject, request.public_key(), 365).add_extension(x509.BasicConstraints(False, None), True)
    leaf = leaf.add_extension(usage(True, False), True)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    leaf = leaf.add_extension(authority, False)
    for made in (leaf, root):
        signed = made.sign(key, hashes.SHA256())
        print(signed.public_bytes(serialization.Encoding.PEM).decode(), end="")


if __name__ == "__main__":
    {"certify": certify}[sys.argv[1]](*sys.argv[2:])
