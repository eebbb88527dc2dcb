use super::*;
use proptest::prelude::*;

const MACHINERY: &str = "http://opcfoundation.org/UA/Machinery/";

fn path(text: &str) -> BrowsePath {
    BrowsePath::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn glob(text: &str) -> BrowseGlob {
    BrowseGlob::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn check(pattern: &str, matching: &[&str], others: &[&str]) {
    for text in matching {
        assert!(glob(pattern).matches(&path(text).0), "{pattern} should match {text}");
    }
    for text in others {
        assert!(!glob(pattern).matches(&path(text).0), "{pattern} should not match {text}");
    }
}

#[test]
fn a_glob_matches_the_paths_it_names() {
    check("**", &["", "a", "a/b/c"], &[]);
    check("*", &["a", "ab"], &["", "a/b"]);
    check("/Objects/Machines/*", &["Objects/Machines/M1"], &["Objects/Machines", "Objects/Machines/M1/x"]);
    check("**/FeedOverride", &["FeedOverride", "a/b/FeedOverride"], &["FeedOverride/EURange", "xFeedOverride"]);
    check("a/**/z", &["a/z", "a/b/z", "a/b/z/z"], &["a", "z", "a/b/z/y"]);
    check("**/a/**", &["a", "x/a", "x/a/y/z"], &["x", "x/b"]);
    check("Channel{1,2}/*", &["Channel1/x", "Channel2/y"], &["Channel3/x", "Channel1"]);
    check("{a,b}{c,}", &["ac", "a", "bc", "b"], &["c", "abc"]);
    check("S*e*d", &["Speed", "Sed", "S e d"], &["Spee", "Sd", "peed"]);
    check("a*a", &["aa", "aba"], &["a", "ab"]);
    check(r"a\*\/\{b\}", &[r"a\*\/\{b\}"], &["aa"]);
}

#[test]
fn a_namespace_narrows_a_step_and_its_absence_does_not() {
    let plain = "nsu=http://opcfoundation.org/UA/Machinery/:Machines/x";
    check("Machines/x", &[plain, "Machines/x"], &[]);
    check("nsu=http://opcfoundation.org/UA/Machinery/:Machines/*", &[plain], &["Machines/x"]);
    check(r"nsu=http:\/\/opcfoundation.org\/UA\/Machinery\/:M*/x", &[plain], &["Machines/x"]);
    check("nsu=http://host:4840/a/:M/*", &["nsu=http://host:4840/a/:M/x"], &[plain]);
    check("nsu=http://host:M/*", &["nsu=http://host:M/x"], &[plain]);
    check("nsu=urn:acme:lathe:{M,N}/x", &["nsu=urn:acme:lathe:M/x"], &["nsu=urn:acme:M/x", "M/x"]);
    assert_eq!(BrowseName::parse(plain.trim_end_matches("/x")), Ok(BrowseName::new(MACHINERY, "Machines")));
    assert_eq!(BrowseName::parse("Machines"), Ok(BrowseName::new(UA_NAMESPACE, "Machines")));
}

#[test]
fn a_faulty_text_is_refused_with_the_place() {
    for (text, expected) in [
        ("", BrowseTextError::Empty),
        ("/", BrowseTextError::Empty),
        ("a//b", BrowseTextError::EmptyStep { at: 2 }),
        ("a/", BrowseTextError::EmptyStep { at: 2 }),
        ("{,a}", BrowseTextError::EmptyStep { at: 0 }),
        ("a\\b", BrowseTextError::BadEscape { at: 1 }),
        ("a\\", BrowseTextError::BadEscape { at: 1 }),
        ("x/nsu=urn", BrowseTextError::NoName { at: 2 }),
        ("nsu=http://x/y", BrowseTextError::NoName { at: 0 }),
        ("nsu=urn:x:", BrowseTextError::NoName { at: 0 }),
        ("{a", BrowseTextError::Braces { at: 0 }),
        ("a}", BrowseTextError::Braces { at: 1 }),
        ("{a,{b}}", BrowseTextError::Braces { at: 3 }),
        ("a**", BrowseTextError::DeepInStep { at: 1 }),
        ("***", BrowseTextError::DeepInStep { at: 0 }),
    ] {
        assert_eq!(BrowseGlob::parse(text), Err(expected), "{text:?}");
    }
    let wide = "{a,b}".repeat(9);
    assert!(matches!(BrowseGlob::parse(&wide), Err(BrowseTextError::TooManyAlternatives { .. })));
    assert!(matches!(BrowseGlob::parse(&"a/".repeat(70)), Err(BrowseTextError::EmptyStep { .. })));
    assert!(matches!(BrowseGlob::parse(&["a"; 64].join("/")), Err(BrowseTextError::TooManySteps { .. })));
    assert_eq!(BrowsePath::parse("a/*"), Err(BrowseTextError::Pattern));
    assert_eq!(BrowsePath::parse("{a,b}"), Err(BrowseTextError::Pattern));
    assert_eq!(BrowseName::parse("a/b"), Err(BrowseTextError::NotOneStep));
}

#[test]
fn a_branch_is_pruned_when_nothing_below_can_match() {
    for (pattern, at, expected) in [
        ("a/b/c", "", true),
        ("a/b/c", "a", true),
        ("a/b/c", "a/b", true),
        ("a/b/c", "a/b/c", false),
        ("a/b/c", "b", false),
        ("a/**", "b", false),
        ("a/**", "a/x/y", true),
        ("**/z", "anything", true),
        ("{a,b}/c", "b", true),
    ] {
        assert_eq!(glob(pattern).reaches_below(&path(at).0), expected, "{pattern} below {at:?}");
    }
}

/// Plainly recursive, to compare with.
fn matches_slowly(steps: &[&str], path: &[BrowseName]) -> bool {
    match (steps.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            matches_slowly(rest, path) || path.split_first().is_some_and(|(_, below)| matches_slowly(steps, below))
        }
        (Some((step, rest)), Some((name, below))) => {
            fn step_matches(step: &[u8], name: &[u8]) -> bool {
                match (step.split_first(), name.split_first()) {
                    (None, None) => true,
                    (Some((b'*', rest)), _) => {
                        step_matches(rest, name)
                            || name.split_first().is_some_and(|(_, below)| step_matches(step, below))
                    }
                    (Some((left, rest)), Some((right, below))) => left == right && step_matches(rest, below),
                    _ => false,
                }
            }
            step_matches(step.as_bytes(), name.name.as_bytes()) && matches_slowly(rest, below)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn every_path_reads_back_from_its_text(names in prop::collection::vec(
        (prop_oneof![
            Just(UA_NAMESPACE.to_owned()),
            Just(MACHINERY.to_owned()),
            "https?://[a-z:/]{1,6}",
            r"[a-z:/*{},\\=]{1,8}",
        ], r"(nsu=)?[a-zA-Z温/*{},:=\\ ]{1,8}"), 0..5)) {
        let path = BrowsePath(names.into_iter().map(|(namespace, name)| BrowseName::new(namespace, name)).collect());
        prop_assert_eq!(BrowsePath::parse(&format!("{path:#}")), Ok(path.clone()));
        let plain = BrowsePath(path.0.iter().map(|name| BrowseName::new(UA_NAMESPACE, &*name.name)).collect());
        prop_assert_eq!(BrowsePath::parse(&path.to_string()), Ok(plain));
        if !path.0.is_empty() {
            let is_match = BrowseGlob::parse(&format!("{path:#}")).is_ok_and(|glob| glob.matches(&path.0));
            prop_assert!(is_match);
        }
    }

    #[test]
    fn a_glob_matches_as_the_plain_recursion_does(
        steps in prop::collection::vec(prop_oneof![Just("**".to_owned()), "[ab]{1,2}", "[ab]?[*][ab]?", "[ab][*][ab][*]"], 1..6),
        names in prop::collection::vec("[ab]{1,3}", 0..7),
    ) {
        let glob = glob(&steps.join("/"));
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let names: Vec<BrowseName> = names.into_iter().map(|name| BrowseName::new(UA_NAMESPACE, name)).collect();
        prop_assert_eq!(glob.matches(&names), matches_slowly(&steps, &names));
        for length in 0..names.len() {
            if (length + 1..=names.len()).any(|longer| glob.matches(&names[..longer])) {
                prop_assert!(glob.reaches_below(&names[..length]), "pruned at {}", length);
            }
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in r"[a-c:/*{},\\=]{0,12}") {
        let _ = BrowseGlob::parse(&text);
        let _ = BrowsePath::parse(&format!("nsu={text}"));
    }
}
