//! Certificates by which others vouch for a key.

use super::*;

const ON: Date = Date::constant(2026, 11, 29);
const VALID: Valid = Valid { from: Date::constant(2026, 1, 1), until: Date::constant(2030, 12, 31) };

fn own() -> Signer {
    Authority::new(&[1; 32], "Clinic", VALID).and_then(|by| by.signer(&[2; 32], VALID)).expect("made")
}

/// What another authority makes of a key, with an authority above it.
fn by_others(key: &[u8; 32], change: impl Fn(&mut CertificateParams)) -> Vec<Vec<u8>> {
    let (root, between) = (Key::new(&[7; 32]), Key::new(&[8; 32]));
    let authority = |key: &Key, what: &str| {
        let mut params = key.params("Chamber", what, VALID);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params
    };
    let (above, middle) = (authority(&root, "Root"), authority(&between, "Issuing"));
    let above = Issuer::from_params(&above, &root);
    let issued = middle.signed_by(&between, &above).expect("made").der().to_vec();
    let leaf_key = Key::new(key);
    let mut leaf = leaf_key.params("Clinic", SIGNS, VALID);
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = purposes();
    leaf.use_authority_key_identifier_extension = true;
    change(&mut leaf);
    let issuer = Issuer::from_params(&middle, &between);
    vec![leaf.signed_by(&leaf_key, &issuer).expect("made").der().to_vec(), issued]
}

#[test]
fn a_chain_by_others_is_taken_for_the_same_key() {
    let vouched = own().vouched_for(by_others(&[2; 32], |_| {}), ON).expect("taken");
    assert_eq!(vouched.public_key(), own().public_key());
    assert_eq!(vouched.voucher(), Some(("Chamber".to_owned(), VALID.until)));
    let root = Key::new(&[7; 32]);
    let mut params = root.params("Chamber", "Root", VALID);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = params.self_signed(&root).expect("made").der().to_vec();
    assert!(is_vouched_for(vouched.chain(), &[root]), "the root need not be in the chain");
    let stranger = Authority::new(&[9; 32], "Chamber", VALID).expect("made").certificate().to_vec();
    assert!(!is_vouched_for(vouched.chain(), &[stranger]));
}

#[test]
fn words_beside_certificates_count_for_nothing() {
    let pem = certificate_to_pem(own().chain[0].as_slice());
    let told = certificates_from_pem(format!("subject=O = Clinic\n{pem}").as_bytes()).expect("certificates");
    assert_eq!(told, own().chain[..1]);
    assert!(certificates_from_pem(b"no block").is_err());
    let request = own().request("Clinic").expect("made");
    assert!(certificates_from_pem(format!("{pem}{request}").as_bytes()).is_err(), "a block of another kind");
}

#[test]
fn what_does_not_fit_is_refused_with_what_was_found() {
    let found =
        |chain: Vec<Vec<u8>>, on: Date| own().vouched_for(chain, on).err().map(|error| error.to_string());
    let says = |chain, on, part: &str| {
        let said = found(chain, on).expect("refused");
        assert!(said.contains(part), "{said}");
    };
    says(by_others(&[3; 32], |_| {}), ON, "another key");
    says(by_others(&[2; 32], |_| {}), Date::constant(2031, 2, 1), "not all valid");
    says(by_others(&[2; 32], |leaf| leaf.extended_key_usages.clear()), ON, "extended key usage");
    says(by_others(&[2; 32], |leaf| leaf.key_usages.push(KeyUsagePurpose::KeyCertSign)), ON, "key usage");
    let stamps =
        |leaf: &mut CertificateParams| leaf.extended_key_usages.push(ExtendedKeyUsagePurpose::TimeStamping);
    says(by_others(&[2; 32], stamps), ON, "extended key usage");
    let nameless = |leaf: &mut CertificateParams| leaf.distinguished_name = DistinguishedName::new();
    says(by_others(&[2; 32], nameless), ON, "C2PA");
    says(by_others(&[2; 32], |_| {})[..1].to_vec(), ON, "two to eight");
    says(
        by_others(&[2; 32], |leaf| leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        ON,
        "themselves",
    );
    let large = |leaf: &mut CertificateParams| {
        leaf.custom_extensions.push(rcgen::CustomExtension::from_oid_content(&[1, 2, 3], vec![0; 20_000]));
    };
    says(by_others(&[2; 32], large), ON, "16 kB");
    let mut torn = by_others(&[2; 32], |_| {});
    torn[1] = Authority::new(&[9; 32], "Chamber", VALID).expect("made").certificate().to_vec();
    says(torn, ON, "do not follow");
    let pem = |tag: &str| pem::encode(&pem::Pem::new(tag, by_others(&[2; 32], |_| {})[0].clone()));
    let read = |text: String| certificates_from_pem(text.as_bytes()).err().map(|error| error.to_string());
    assert!(read(pem("PRIVATE KEY")).is_some_and(|said| said.contains("private key")));
    assert!(read(pem("X509 CRL")).is_some() && read(pem("CERTIFICATE")).is_none());
}

#[test]
fn a_request_names_the_key_and_what_it_is_for() {
    let pem = own().request("Clinic").expect("made");
    let der = pem::parse(&pem).expect("PEM");
    assert_eq!(der.tag(), "CERTIFICATE REQUEST");
    let (_, request) = x509_parser::certification_request::X509CertificationRequest::from_der(der.contents())
        .expect("a request");
    request.verify_signature().expect("signed by the key that it names");
    let key = &request.certification_request_info.subject_pki.subject_public_key.data;
    assert_eq!(key.as_ref(), own().public_key());
}

#[test]
fn a_chain_is_made_again_from_what_is_kept() {
    let made = || Authority::new(&[7; 32], "Clinic at the Gate", VALID).expect("made");
    assert_eq!(made().certificate(), made().certificate());
    let signer = made().signer(&[8; 32], VALID).expect("made");
    assert!(Signer::new(&[8; 32], signer.chain().to_vec()).is_ok());
}

#[test]
fn a_key_that_vouches_for_itself_is_refused() {
    let authority = Authority::new(&[7; 32], "Clinic", VALID).expect("made");
    let own = vec![authority.certificate().to_vec(), authority.certificate().to_vec()];
    assert!(matches!(Signer::new(&[7; 32], own), Err(Error::Certificates(_))));
    assert!(authority.signer(&[7; 32], VALID).is_err(), "one key for both");
    let alone = vec![authority.certificate().to_vec()];
    assert!(Signer::new(&[7; 32], alone).is_err());
    let other = Authority::new(&[9; 32], "Clinic", VALID).expect("made");
    let leaf = authority.signer(&[8; 32], VALID).expect("made").chain()[0].clone();
    assert!(Signer::new(&[8; 32], vec![leaf, other.certificate().to_vec()]).is_err(), "of another");
}
