//! Promise: a server's certificate is used only when somebody stands for it and nothing is wrong with it; each fault has
//! its own code, and while servers are refused, others are read on.

use super::rig::observer::{Observer, connection};
use super::rig::rogue::{Answer, Rogue, URI, header};
use futures::StreamExt;
use opcua::core::{Message as _, RequestMessage};
use opcua::types::{
    ApplicationDescription, ByteString, EndpointDescription, GetEndpointsResponse, MessageSecurityMode,
    UserTokenPolicy, UserTokenType,
};
use qiao::config::plan::SecurityMode;
use qiao::opcua::certificate::{TrustState, admit, admit_list, trust};
use qiao::port::LinkState;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, NameConstraints,
    PublicKeyData, RevokedCertParams, SanType, SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use std::path::Path;

const POLICY: &str = "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256";
const REVOKED: u64 = 666;
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];

/// An authority, or somebody between it and servers.
struct Signer {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
}

/// An RSA key of this size; its public half can be signed whatever its size.
struct RsaKey {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

impl RsaKey {
    fn new(bits: u32) -> Self {
        let key = opcua::crypto::PrivateKey::new(bits).expect("a key");
        let info = key.public_key_to_info().expect("a public key");
        let public = info.subject_public_key.as_bytes().expect("whole bytes").to_vec();
        Self { pkcs8: key.to_der().expect("PKCS #8").as_bytes().to_vec(), public }
    }

    fn pair(&self) -> KeyPair {
        KeyPair::try_from(self.pkcs8.as_slice()).expect("a key pair")
    }
}

impl PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(2100, 1, 1));
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A server's certificate without fault.
fn server() -> CertificateParams {
    let mut params = named("server");
    params.subject_alt_names = vec![
        SanType::IpAddress("127.0.0.1".parse().expect("an address")),
        SanType::URI(URI.try_into().expect("ASCII")),
    ];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params
}

/// As [`server`], made wrong.
fn but(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = server();
    change(&mut params);
    params
}

impl Signer {
    /// Signs itself, or is signed by `above`.
    fn new(params: &CertificateParams, above: Option<&Self>) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = match above {
            None => params.self_signed(&key),
            Some(above) => params.signed_by(&key, &above.issuer),
        };
        let der = certificate.expect("signed").der().to_vec();
        Self { issuer: Issuer::new(params.clone(), key), der }
    }

    fn sign(&self, params: &CertificateParams, key: &impl PublicKeyData) -> Vec<u8> {
        params.signed_by(key, &self.issuer).expect("signed").der().to_vec()
    }

    /// Its list, which revokes [`REVOKED`], valid until the end of a year.
    fn list(&self, until: i32) -> Vec<u8> {
        let revoked = RevokedCertParams {
            serial_number: SerialNumber::from(REVOKED),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2000, 1, 1),
            next_update: date_time_ymd(until, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![revoked],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).expect("signed").der().to_vec()
    }
}

/// What a server shows, what lies in the store, and what is said of it.
struct Case {
    what: &'static str,
    /// Its certificate and what it sends with it.
    shown: Vec<Vec<u8>>,
    is_pinned: bool,
    authorities: Vec<Vec<u8>>,
    issuers: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    /// The codes of what is wrong, the first deciding; none: it is connected to.
    codes: &'static [&'static str],
}

/// All faults of a certificate that stand in it alone: a human trusts exactly this one.
fn pinned(what: &'static str, shown: Vec<u8>, codes: &'static [&'static str]) -> Case {
    let shown = vec![shown];
    Case { what, shown, is_pinned: true, authorities: vec![], issuers: vec![], lists: vec![], codes }
}

/// Replaces bytes that stand there at least once.
fn replaced(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    let places: Vec<usize> = (0..der.len() - from.len()).filter(|at| der[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "it stands there");
    for at in places {
        der[at..at + to.len()].copy_from_slice(to);
    }
    der
}

fn alone(strong: &RsaKey) -> Vec<Case> {
    let own = |params: CertificateParams| params.self_signed(&strong.pair()).expect("signed").der().to_vec();
    let root = Signer::new(&authority("Nobody"), None);
    let with_uri = |uri: &str| {
        let uri = SanType::URI(uri.try_into().expect("ASCII"));
        but(|params| params.subject_alt_names[1] = uri)
    };
    let good = own(server());
    let elsewhere = own(but(|params| {
        params.subject_alt_names[0] = SanType::DnsName("elsewhere.example".try_into().expect("ASCII"));
    }));
    let crowd = |count: u32| {
        own(but(|params| {
            params.subject_alt_names.remove(0);
            let names = (0..count).map(|number| format!("machine-{number}.example"));
            params.subject_alt_names.extend(names.map(|name| SanType::DnsName(name.try_into().expect("ASCII"))));
        }))
    };
    let elliptic = root.sign(&server(), &KeyPair::generate().expect("a key"));
    let with_usage = |usage| own(but(|params| params.key_usages = vec![usage]));
    let until = |from: i32, until: i32| {
        own(but(|params| {
            (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        }))
    };
    let older = |last: u8| replaced(&good, SHA256_WITH_RSA, &[&SHA256_WITH_RSA[..8], &[last]].concat());
    let unknown = Case { is_pinned: false, ..pinned("nobody knows it", good.clone(), &["QIAO-O006"]) };
    vec![
        unknown,
        pinned("without fault", good.clone(), &[]),
        pinned("expired", until(2000, 2020), &["QIAO-O007"]),
        pinned("not valid yet", until(2090, 2100), &["QIAO-O007"]),
        pinned("for another host", elsewhere, &["QIAO-O008"]),
        pinned("for a thousand others", crowd(1_000), &["QIAO-O008"]),
        Case { is_pinned: false, ..pinned("for ten thousand others", crowd(10_000), &["QIAO-O014"]) },
        pinned("of another application", own(with_uri("urn:other")), &["QIAO-O009"]),
        pinned("of no application", own(but(|params| drop(params.subject_alt_names.pop()))), &["QIAO-O009"]),
        pinned("with a short key", root.sign(&server(), &RsaKey::new(1024)), &["QIAO-O010"]),
        pinned("with a key of another kind", elliptic, &["QIAO-O010"]),
        pinned("for lists alone", with_usage(KeyUsagePurpose::CrlSign), &["QIAO-O011"]),
        pinned("for signatures alone", with_usage(KeyUsagePurpose::DigitalSignature), &["QIAO-O011"]),
        pinned(
            "for clients alone",
            own(but(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])),
            &["QIAO-O011"],
        ),
        pinned("signed with SHA-1", older(0x05), &["QIAO-O012"]),
        pinned("signed with MD5", older(0x04), &["QIAO-O012"]),
        Case { is_pinned: false, ..pinned("none", Vec::new(), &["QIAO-O014"]) },
        Case { is_pinned: false, ..pinned("cut off", good[..good.len() / 2].to_vec(), &["QIAO-O014"]) },
        Case { is_pinned: false, ..pinned("no certificate at all", vec![0x30; 700], &["QIAO-O014"]) },
        Case {
            is_pinned: false,
            ..pinned(
                "with two faults and unknown",
                own(but(|params| {
                    params.not_after = date_time_ymd(2020, 1, 1);
                    params.subject_alt_names.remove(1);
                })),
                &["QIAO-O006", "QIAO-O007", "QIAO-O009"],
            )
        },
    ]
}

fn chained(strong: &RsaKey) -> Vec<Case> {
    let root = Signer::new(&authority("Plant CA"), None);
    let hall = Signer::new(&authority("Hall 3"), Some(&root));
    let lists = vec![root.list(2100), hall.list(2100)];
    let case = |what, shown: Vec<Vec<u8>>, codes| Case {
        what,
        shown,
        is_pinned: false,
        authorities: vec![root.der.clone()],
        issuers: vec![],
        lists: lists.clone(),
        codes,
    };
    let by = |signer: &Signer, params: CertificateParams| signer.sign(&params, strong);
    let revoked = || but(|params| params.serial_number = Some(SerialNumber::from(REVOKED)));
    // Somebody between, made wrong; it has a list of its own.
    let below = |change: &dyn Fn(&mut CertificateParams), what, codes| {
        let mut params = authority("Hall 4");
        change(&mut params);
        let hall = Signer::new(&params, Some(&root));
        let mut case = case(what, vec![by(&hall, server()), hall.der.clone()], codes);
        let signer = Signer { issuer: Issuer::new(authority("Hall 4"), clone(&hall.issuer)), der: Vec::new() };
        case.lists.push(signer.list(2100));
        case
    };
    let direct = by(&root, server());
    let namesake = Signer::new(&authority("Plant CA"), None);
    let stranger = Signer::new(&authority("Other CA"), None);
    let old = Signer::new(
        &{
            let mut params = authority("Old CA");
            params.not_after = date_time_ymd(2020, 1, 1);
            params
        },
        None,
    );
    let no_signer = Signer::new(
        &{
            let mut params = authority("Seal");
            params.key_usages = vec![KeyUsagePurpose::CrlSign];
            params
        },
        None,
    );
    // Two that sign each other.
    let (ring_params, ring_above) = (authority("Ring 1"), Signer::new(&authority("Ring 2"), None));
    let ring = Signer::new(&ring_params, Some(&ring_above));
    let back = ring.sign(&authority("Ring 2"), ring_above.issuer.key());
    let in_hall = vec![by(&hall, server()), hall.der.clone()];
    let constrained = |params: &mut CertificateParams| {
        let permitted_subtrees = vec![GeneralSubtree::DnsName("hall4.example".to_owned())];
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: vec![] });
    };
    let short = Signer::new(
        &{
            let mut params = authority("Hall 5");
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params
        },
        Some(&root),
    );
    let too_deep = Signer::new(&authority("Cell"), Some(&short));
    let dns_server = but(|params| {
        params.subject_alt_names.push(SanType::DnsName("lathe.example".try_into().expect("ASCII")));
    });
    let critical = but(|params| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    });
    let hall_revoked = Signer::new(
        &{
            let mut params = authority("Hall 6");
            params.serial_number = Some(SerialNumber::from(REVOKED));
            params
        },
        Some(&root),
    );
    let mut cases = vec![
        case("signed by the authority", vec![direct.clone()], &[]),
        case("with its chain", in_hall.clone(), &[]),
        Case { issuers: vec![hall.der.clone()], ..case("with a chain that is known", vec![in_hall[0].clone()], &[]) },
        case("without the one between", vec![in_hall[0].clone()], &["QIAO-O150"]),
        case("of another authority", vec![by(&stranger, server()), stranger.der.clone()], &["QIAO-O150"]),
        case("of authorities that sign each other", vec![by(&ring, server()), ring.der.clone(), back], &["QIAO-O150"]),
        Case { authorities: vec![], ..case("of one when none is trusted", vec![direct.clone()], &["QIAO-O006"]) },
        case("alone, beside an authority", alone(strong).remove(1).shown, &["QIAO-O006"]),
        case("by a namesake of the authority", vec![by(&namesake, server())], &["QIAO-O151"]),
        case("changed after it was signed", vec![replaced(&direct, b"server", b"forged")], &["QIAO-O151"]),
        case("with a damaged signature", vec![damaged(&direct)], &["QIAO-O151"]),
        Case {
            authorities: vec![old.der.clone()],
            lists: vec![old.list(2100)],
            ..case("of an authority that has expired", vec![by(&old, server())], &["QIAO-O152"])
        },
        below(&|params| params.not_after = date_time_ymd(2020, 1, 1), "below one that has expired", &["QIAO-O152"]),
        below(&|params| params.not_before = date_time_ymd(2090, 1, 1), "below one of the future", &["QIAO-O152"]),
        below(&|params| params.is_ca = IsCa::ExplicitNoCa, "below one that is no authority", &["QIAO-O153"]),
        below(
            &|params| params.key_usages = vec![KeyUsagePurpose::CrlSign],
            "below one for lists alone",
            &["QIAO-O153"],
        ),
        below(
            &|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
            "below one for clients alone",
            &["QIAO-O153"],
        ),
        Case {
            authorities: vec![no_signer.der.clone()],
            lists: vec![no_signer.list(2100)],
            ..case("of an authority for lists alone", vec![by(&no_signer, server())], &["QIAO-O153"])
        },
        Case {
            lists: vec![root.list(2100), short.list(2100), too_deep.list(2100)],
            ..case(
                "one step too deep",
                vec![by(&too_deep, server()), too_deep.der.clone(), short.der.clone()],
                &["QIAO-O153"],
            )
        },
        case("an authority's own", vec![by(&root, authority("Hall 7"))], &["QIAO-O011", "QIAO-O008", "QIAO-O009"]),
        case("revoked", vec![by(&root, revoked())], &["QIAO-O154"]),
        case("revoked by the one between", vec![by(&hall, revoked()), hall.der.clone()], &["QIAO-O154"]),
        case("below one that was revoked", vec![by(&hall_revoked, server()), hall_revoked.der.clone()], &["QIAO-O154"]),
        Case {
            is_pinned: true,
            ..case("revoked, though a human trusts it", vec![by(&root, revoked())], &["QIAO-O154"])
        },
        Case {
            is_pinned: true,
            lists: vec![root.list(2021)],
            ..case(
                "revoked by a list that is over, though a human trusts it",
                vec![by(&root, revoked())],
                &["QIAO-O154"],
            )
        },
        Case { lists: vec![], ..case("without a list", vec![direct.clone()], &["QIAO-O155"]) },
        Case {
            lists: vec![root.list(2100)],
            ..case("without a list of the one between", in_hall.clone(), &["QIAO-O155"])
        },
        Case { lists: vec![root.list(2021)], ..case("with a list that is over", vec![direct.clone()], &["QIAO-O155"]) },
        Case {
            lists: vec![namesake.list(2100)],
            ..case("with a list of a namesake", vec![direct.clone()], &["QIAO-O155"])
        },
        Case { is_pinned: true, lists: vec![], ..case("without a list, but trusted by a human", vec![direct], &[]) },
        case("with a demand nobody knows", vec![by(&root, critical)], &["QIAO-O156"]),
        case(
            "vouched for and expired",
            vec![by(&root, but(|params| params.not_after = date_time_ymd(2020, 1, 1)))],
            &["QIAO-O007"],
        ),
        case(
            "vouched for and of another application",
            vec![by(&root, but(|params| drop(params.subject_alt_names.pop())))],
            &["QIAO-O009"],
        ),
        case("vouched for and with a short key", vec![root.sign(&server(), &RsaKey::new(1024))], &["QIAO-O010"]),
    ];
    let mut narrow = below(&constrained, "for names its issuer may not give", &["QIAO-O153"]);
    let mut params = authority("Hall 4");
    constrained(&mut params);
    let hall = Signer::new(&params, Some(&root));
    narrow.shown = vec![hall.sign(&dns_server, strong), hall.der.clone()];
    narrow.lists = vec![root.list(2100), hall.list(2100)];
    cases.push(narrow);
    cases
}

fn clone(issuer: &Issuer<'_, KeyPair>) -> KeyPair {
    KeyPair::try_from(issuer.key().serialize_der()).expect("a key")
}

/// With another last byte.
fn damaged(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    *der.last_mut().expect("bytes") ^= 1;
    der
}

/// A server that offers one secure endpoint with these certificates.
fn offering(shown: &[Vec<u8>]) -> Rogue {
    let rogue = Rogue::start();
    let endpoint = EndpointDescription {
        endpoint_url: rogue.endpoint().as_str().into(),
        server: ApplicationDescription { application_uri: URI.into(), ..ApplicationDescription::default() },
        server_certificate: ByteString::from(shown.concat()),
        security_mode: MessageSecurityMode::SignAndEncrypt,
        security_policy_uri: POLICY.into(),
        user_identity_tokens: Some(vec![UserTokenPolicy {
            policy_id: "anonymous".into(),
            token_type: UserTokenType::Anonymous,
            ..UserTokenPolicy::default()
        }]),
        ..EndpointDescription::default()
    };
    rogue.rule(move |request| {
        let RequestMessage::GetEndpoints(_) = request else { return None };
        let response_header = header(request.request_handle());
        let answer = GetEndpointsResponse { response_header, endpoints: Some(vec![endpoint.clone()]) };
        Some(Answer::Message(Box::new(answer.into())))
    });
    rogue
}

/// Puts a case's files where a user's commands would.
fn prepare(case: &Case, folder: &Path, own: &Path) {
    let store = qiao::opcua::certificate::Store::client(folder);
    store.create().expect("folders");
    for file in std::fs::read_dir(own).expect("a folder").flatten() {
        std::fs::copy(file.path(), store.folder(TrustState::Own).join(file.file_name())).expect("copied");
    }
    let file = folder.join("file");
    let written = |bytes: &[u8]| std::fs::write(&file, bytes).expect("written");
    if case.is_pinned {
        written(&case.shown[0]);
        trust(&store, file.to_str().expect("UTF-8")).expect("trusted");
    }
    for (ders, state) in [(&case.authorities, TrustState::Authority), (&case.issuers, TrustState::Issuer)] {
        for der in ders {
            written(der);
            admit(&store, &file, state).expect("taken");
        }
    }
    for list in &case.lists {
        written(list);
        admit_list(&store, &file).expect("taken");
    }
}

#[tokio::test]
async fn row_30_each_of_fifty_certificates_is_accepted_or_refused_with_its_own_code_while_a_neighbour_is_read() {
    let strong = RsaKey::new(2048);
    let cases: Vec<Case> = alone(&strong).into_iter().chain(chained(&strong)).collect();
    assert!(cases.len() >= 50, "{}", cases.len());
    let (neighbour, home) = (Rogue::start(), tempfile::tempdir().expect("a folder"));
    let node = format!("nsu={URI};s=A");
    let plain = connection(&neighbour.endpoint(), SecurityMode::NoneIAcceptTheRisk);
    let mut reader = Observer::start(home.path(), plain, std::slice::from_ref(&node));
    reader.until("the neighbour's item", |_| (neighbour.items().len() == 1).then_some(())).await;
    let own = reader.store.folder(TrustState::Own);
    let mut judged = futures::stream::iter(&cases).map(|case| judge(case, &own)).buffer_unordered(8).enumerate();
    while let Some((number, ())) = judged.next().await {
        let number = u32::try_from(number + 1).expect("few");
        neighbour.notify(number, Some(i32::try_from(number).expect("few")));
        reader.until("the neighbour", |seen| seen.numbers(&node).contains(&i64::from(number)).then_some(())).await;
    }
    assert!(reader.gaps.is_empty(), "{reader:?}");
    reader.end().await;
}

/// Starts a source at a server that shows what the case says, and holds what is told against it.
async fn judge(case: &Case, own: &Path) {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(case, folder.path(), own);
    let rogue = offering(&case.shown);
    let secure = connection(&rogue.endpoint(), SecurityMode::SignAndEncrypt);
    let mut observer = Observer::start(folder.path(), secure, &[format!("nsu={URI};s=A")]);
    let last = |seen: &Observer| match seen.links.last() {
        Some(LinkState::Refused(finding) | LinkState::Lost(finding)) => Some(finding.as_ref().clone()),
        _ => None,
    };
    let finding = observer.until(case.what, last).await;
    // The rogue speaks no security: what was accepted fails at the channel, which has to show the very same.
    let mut expected = if case.codes.is_empty() { vec!["QIAO-O019"] } else { case.codes.to_vec() };
    let others = observer.findings.iter().map(|finding| finding.code.0.as_ref());
    let mut told: Vec<&str> = others.chain([finding.code.0.as_ref()]).collect();
    assert_eq!(finding.code.0, expected[0], "{}: {finding:?}, {told:?}", case.what);
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected, "{}", case.what);
    assert!(format!("{finding:?}").len() < 2_000, "{}: {finding:?}", case.what);
    assert_eq!(rogue.asked("CreateSession"), 0, "{}", case.what);
    observer.end().await;
}
